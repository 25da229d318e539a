using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

public sealed class OrderedLoweringTests
{
    private const int Batch = 12;

    [Test]
    public void Scans_GiveTheInterpretersBits([Range(0, 7)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            var random = new Random(seed);
            Box domain = RandomDomains.Next(random);
            (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random,
                CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.Fold);
            GeneratedKernel generated = RandomCombiners.KernelOf(seed, domain, types, 6);
            int axis = random.Next(domain.Rank);
            ImmutableArray<long> extents = [.. Enumerable.Range(0, domain.Rank).Select(domain.Length)];
            IterationDomain iteration = random.Next(2) == 0 ? RandomDomains.Of(domain) : RandomDomains.Of(domain, axis);
            if (random.Next(3) == 0)
            {
                iteration = RandomDomains.Symbolic(iteration, generated.Kernel.Operands.Length, 5);
            }
            var scan = new ScanOperation(iteration, LoweringCase.Use(generated.Kernel), axis, random.Next(2) == 0, combiner)
            {
                Outputs = [new ArrayType(LoweringCase.LayoutOf(types), extents)],
            };

            new LoweringCase(scan, [.. LoweringCase.Operands(generated), LoweringCase.Number(5)], generated.Scalars)
                .AssertAgrees(random, $"{combiner} along {axis} of {iteration}, exclusive {scan.IsExclusive}, {generated}");
        }
    }

    [Test]
    public void Scatters_GiveTheInterpretersBits([Range(0, 3)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            var random = new Random(seed);
            Box domain = RandomDomains.Next(random);
            (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random,
                CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.Fold, CombinerKind.Last);
            GeneratedKernel generated = RandomCombiners.KernelOf(seed, domain, types, 6);
            ImmutableArray<long> extents = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.NextInt64(1, 9))];
            Kernel kernel = WithTargets(generated.Kernel, extents, random.Next(6) == 0);
            // A small constant domain is scattered in one call.
            IterationDomain iteration = random.Next(3) == 0
                ? RandomDomains.Of(domain)
                : RandomDomains.Symbolic(RandomDomains.Of(domain), kernel.Operands.Length + 1, 9);
            var scatter = new ScatterOperation(iteration, LoweringCase.Use(kernel), kernel.Operands.Length, combiner)
            {
                Outputs = [new ArrayType(LoweringCase.LayoutOf(types), extents)],
            };
            Storage into = LoweringCase.RandomArray(random, scatter.Outputs[0].Element, extents);

            new LoweringCase(scatter, [.. LoweringCase.Operands(generated), into, LoweringCase.Number(9)], generated.Scalars)
                .AssertAgrees(random, $"{combiner} into {scatter.Outputs[0]}, {generated}");
        }
    }

    [Test]
    public void Sweeps_GiveTheInterpretersBits([Range(0, 7)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            var random = new Random(seed);
            Box domain = RandomDomains.Next(random);
            domain = new Box([.. domain.Low.Select(l => Math.Abs(l))], [.. domain.High.Zip(domain.Low, (h, l) => h - l + Math.Abs(l))]);
            ImmutableArray<long> extents = [.. domain.High.Select(h => h + random.Next(3))];
            Kernel kernel = Recurrence(random, domain.Rank);
            int[] reversed = [.. Enumerable.Range(0, domain.Rank).Where(_ => random.Next(3) == 0)];
            var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), extents);
            // A small constant domain runs in order.
            IterationDomain iteration = RandomDomains.Of(domain, reversed);
            iteration = random.Next(3) == 0 ? iteration : RandomDomains.Symbolic(iteration, 1, 3);
            var sweep = new SweepOperation(iteration, LoweringCase.Use(kernel), 0) { Outputs = [type] };

            new LoweringCase(sweep, [LoweringCase.RandomArray(random, type.Element, extents), LoweringCase.Number(3)], [])
                .AssertAgrees(random, $"seed {seed}, {sweep.Domain} of {type}\n{kernel}");
        }
    }

    /// <summary>The kernel with target indices in front: a hash of the index, sometimes one too far.</summary>
    private static Kernel WithTargets(Kernel kernel, ImmutableArray<long> extents, bool goesOutside)
    {
        int next = kernel.Body.Parameters.Concat(Values(kernel.Body)).Max(v => v.Id) + 1;
        var b = new BlockBuilder(new ValueNumbers(next));
        Value sum = b.Constant(12345);
        foreach (Value index in kernel.Indices)
        {
            sum = b.Binary(BinaryOp.Add, b.Binary(BinaryOp.Multiply, sum, b.Constant(31)), index);
        }
        ImmutableArray<Value> targets = [.. extents.Select((extent, axis) =>
        {
            Value hashed = b.Binary(BinaryOp.And, b.Binary(BinaryOp.Multiply, sum, b.Constant(2654435761 + axis)), b.Constant(long.MaxValue));
            return b.Binary(BinaryOp.Remainder, b.Binary(BinaryOp.ShiftRight, hashed, b.Constant(ScalarType.I32, 7)), b.Constant(goesOutside ? extent + 1 : extent));
        })];
        Block made = b.Finish([]);
        return kernel with
        {
            Body = kernel.Body with { Instructions = [.. kernel.Body.Instructions, .. made.Instructions], Results = [.. targets, .. kernel.Body.Results] },
        };
    }

    /// <summary>Half of some neighbours, new or old, each clamped into the array.</summary>
    internal static Kernel Recurrence(Random random, int rank)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, rank).Select(_ => numbers.New(ScalarType.I64))];
        var b = new BlockBuilder(numbers);
        Value sum = b.Constant(ScalarType.F64, BitConverter.DoubleToUInt64Bits(0.25));
        for (int reads = random.Next(1, 4); reads > 0; reads--)
        {
            ImmutableArray<AffineIndex> place = [.. indices.Select(i => AffineIndex.Of(i) + random.Next(-2, 3))];
            BorderKind border = random.Next(2) == 0 ? BorderKind.Clamp : BorderKind.Or;
            Value? outside = border == BorderKind.Or ? b.Constant(ScalarType.F64, BitConverter.DoubleToUInt64Bits(-1)) : null;
            var access = new Access(0, 0, place, border, outside, [], true, BoundsProof.Proven, SourceSpan.None);
            Value read = b.Pure(ScalarType.F64, r => new LoadInstruction(r, access));
            sum = b.Binary(BinaryOp.Subtract, b.Binary(BinaryOp.Multiply, sum, b.Constant(ScalarType.F64, BitConverter.DoubleToUInt64Bits(0.5))), read);
        }
        return new Kernel(rank, [new KernelOperand(rank, [ScalarType.F64])], b.Finish(indices, sum));
    }

    private static IEnumerable<Value> Values(Block block) => block.Instructions.SelectMany(i =>
        i.Results.Concat(InstructionOperands.Blocks(i).SelectMany(b => b.Parameters.Concat(Values(b)))));
}
