using System.Collections.Immutable;
using Avial.Backends.Lowering;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

public sealed class KernelLoweringTests
{
    private static readonly long[] s_edges = [0, 1, 255, 256, 257, 16383, 16384, 16385, 32768, 49153, 70001];

    [Test]
    public void InnerSum_OverManyGroups_GivesTheInterpretersBits([Values] bool isProduct, [Values(ScalarType.F16, ScalarType.F32, ScalarType.F64)] ScalarType type)
    {
        var random = new Random(7);
        foreach (long from in new long[] { 0, 3, 255, 16380, -20000 })
        {
            foreach (long length in s_edges.OrderBy(_ => random.Next()).Take(3))
            {
                Kernel kernel = SumKernel(type, isProduct, from, length, isConstant: random.Next(2) == 0);
                AssertMap(kernel, 1, [LoweringCase.RandomArray(random, LoweringCase.LayoutOf([type]), [1000])],
                    [(ulong)from, (ulong)(from + length)], $"from {from}, {length} terms\n{kernel}");
            }
        }
    }

    [Test]
    public void LoopWithRangeChecks_StopsWhereTheInterpreterDoes([Values(-2, -1, 0, 1, 2, 3)] int from, [Values(-1, 1, 2)] int coefficient, [Values] bool isSum)
    {
        foreach (int length in new[] { 0, 1, 4, 5, 6, 8, 9 })
        {
            Kernel kernel = CheckedLoop(coefficient, isSum);
            var random = new Random(from);
            AssertMap(kernel, 4, [LoweringCase.RandomArray(random, LoweringCase.LayoutOf([ScalarType.F64]), [9])],
                [(ulong)from, (ulong)(from + length)], $"from {from}, length {length}\n{kernel}");
        }
    }

    [Test]
    public void StencilWithBorders_HasAnInteriorLoopThatVectorises()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value j = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value sum = Read(b, [AffineIndex.Of(i) + -1, AffineIndex.Of(j)], BorderKind.Clamp);
        sum = b.Binary(BinaryOp.Add, sum, Read(b, [AffineIndex.Of(i), AffineIndex.Of(j) + 1], BorderKind.Or));
        sum = b.Binary(BinaryOp.Add, sum, Read(b, [AffineIndex.Of(i) + 1, AffineIndex.Of(j) + -1], BorderKind.Wrap));
        var kernel = new Kernel(2, [new KernelOperand(2, [ScalarType.F64])], b.Finish([i, j], sum));

        LoopsFunction function = Lower(kernel, [5, 7]);

        var rows = (ForInstruction)function.Body.Instructions.Single(x => x is ForInstruction);
        Assert.That(rows.Body.Instructions.OfType<ForInstruction>().Count(), Is.EqualTo(2), "the edges");
        var interior = (ForInstruction)rows.Body.Instructions.OfType<IfInstruction>().Single().Then.Instructions.Single(x => x is ForInstruction);
        Assert.That(interior.Kind, Is.EqualTo(LoopKind.Simd));
        Assert.That(interior.Body.Instructions.OfType<BinaryInstruction>().Where(x => x.Op is BinaryOp.Remainder or BinaryOp.Min or BinaryOp.Max), Is.Empty);
        for (int rows0 = 0; rows0 < 4; rows0++)
        {
            for (int columns = 1; columns < 5; columns++)
            {
                long[] extents = [rows0, columns];
                AssertMap(kernel, [.. extents], [LoweringCase.RandomArray(new Random(1), LoweringCase.LayoutOf([ScalarType.F64]), [.. extents])], [], $"{rows0}×{columns}");
            }
        }

        static Value Read(BlockBuilder b, ImmutableArray<AffineIndex> place, BorderKind border)
        {
            Value? outside = border == BorderKind.Or ? b.Constant(ScalarType.F64, ScalarBits.Of(2.5)) : null;
            return b.Pure(ScalarType.F64, r => new LoadInstruction(r, new Access(0, 0, place, border, outside, [], true, BoundsProof.Proven, SourceSpan.None)));
        }
    }

    [Test]
    public void MatrixProduct_SumsNeighboursTogetherWithTheInterpretersBits([Values(0, 1, 5, 255, 257, 16700)] int depth, [Values] bool isFloat)
    {
        ScalarType type = isFloat ? ScalarType.F32 : ScalarType.F64;
        ElementLayout layout = LoweringCase.LayoutOf([type]);
        var random = new Random(depth);
        foreach (int columns in new[] { 0, 7, 8, 17 })
        {
            int rows = depth > 1000 ? 1 : 3;
            Kernel kernel = Product(type);
            AssertMap(kernel, [rows, columns],
                [LoweringCase.RandomArray(random, layout, [rows, depth]), LoweringCase.RandomArray(random, layout, [depth, columns])], [], $"{rows}×{depth}×{columns}");
        }
    }

    [Test]
    public void MatrixProduct_RunsEightChainsOfFma()
    {
        var node = new GraphNode(MapOf(Product(ScalarType.F32), [64, 64]), [GraphValue.Parameter(0), GraphValue.Parameter(1)], []) { Name = "task" };

        LoopsFunction function = ((Avial.Backends.LoweredStage)OperationLowering.Lower(node).Stages[0]).Function;

        Assert.That(Loops(function.Body).Max(l => l.Body.Instructions.Count(i => i is FmaInstruction)), Is.EqualTo(8));

        static IEnumerable<ForInstruction> Loops(Block block) =>
            block.Instructions.SelectMany(i => InstructionOperands.Blocks(i).SelectMany(Loops).Concat(i is ForInstruction loop ? [loop] : []));
    }

    private static Kernel Product(ScalarType type)
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value j = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value to = b.Pure(ScalarType.I64, r => new ExtentInstruction(r, 0, 1));
        Value from = b.Constant(0);
        BlockBuilder body = b.Nested();
        Value k = numbers.New(ScalarType.I64);
        Value Read(int operand, Value row, Value column) => body.Pure(type, r => new LoadInstruction(r, new Access(
            operand, 0, [AffineIndex.Of(row), AffineIndex.Of(column)], BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None)));
        Value sum = numbers.New(type);
        b.Add(new InnerSumInstruction(sum, from, to, body.Finish([k], Read(0, i, k), Read(1, k, j))));
        Value result = b.Binary(BinaryOp.Subtract, sum, b.Convert(j, type));
        return new Kernel(2, [new KernelOperand(2, [type]), new KernelOperand(2, [type])], b.Finish([i, j], result));
    }

    [Test]
    public void RowOffsets_AreComputedOutsideTheInnermostLoop()
    {
        LoopsFunction function = Lower(IR.KernelSamples.Stencil(), [9, 9]);

        var rows = (ForInstruction)function.Body.Instructions.Single(i => i is ForInstruction);
        var columns = (ForInstruction)rows.Body.Instructions.Single(i => i is ForInstruction);
        Assert.That(columns.Kind, Is.EqualTo(LoopKind.Simd));
        Assert.That(columns.Body.Instructions.OfType<BinaryInstruction>().Where(i => i.Op == BinaryOp.Multiply && i.Result.Type == ScalarType.I64), Is.Empty);
    }

    private static LoopsFunction Lower(Kernel kernel, ImmutableArray<long> extents)
    {
        MapOperation map = MapOf(kernel, extents);
        var node = new GraphNode(map, [GraphValue.Parameter(0)], [.. Enumerable.Range(0, kernel.Parameters.Length)]) { Name = "task" };
        return ((Avial.Backends.LoweredStage)OperationLowering.Lower(node).Stages[0]).Function;
    }

    private static void AssertMap(Kernel kernel, long length, Storage[] inputs, ImmutableArray<ulong> scalars, string about) =>
        AssertMap(kernel, [length], inputs, scalars, about);

    private static void AssertMap(Kernel kernel, ImmutableArray<long> extents, Storage[] inputs, ImmutableArray<ulong> scalars, string about) =>
        new LoweringCase(MapOf(kernel, extents), inputs, scalars).AssertAgrees(new Random(3), about);

    private static MapOperation MapOf(Kernel kernel, ImmutableArray<long> extents) => new(
        [new MapPiece(RandomDomains.Of(Box.OfExtents(extents.AsSpan())), LoweringCase.Use(kernel))], [], [])
    {
        Outputs = [.. kernel.ResultTypes.Select(t => new ArrayType(LoweringCase.LayoutOf([t]), extents))],
    };

    // Reads wrap around, so that long sums need no long array.
    private static Kernel SumKernel(ScalarType type, bool isProduct, long first, long length, bool isConstant)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> parameters = [.. Enumerable.Range(0, 3).Select(_ => numbers.New(ScalarType.I64))];
        var b = new BlockBuilder(numbers);
        Value from = isConstant ? b.Constant(first) : parameters[1];
        Value to = isConstant ? b.Constant(first + length) : parameters[2];
        Value k = numbers.New(ScalarType.I64);
        BlockBuilder body = b.Nested();
        Value Read(AffineIndex place) => body.Pure(type, r => new LoadInstruction(r, new Access(0, 0, [place], BorderKind.Wrap, null, [], true, BoundsProof.Proven, SourceSpan.None)));
        Value left = Read(AffineIndex.Of(k));
        ImmutableArray<Value> term = isProduct ? [left, Read(AffineIndex.Of(k) + AffineIndex.Of(parameters[0]) + 7)] : [left];
        Value sum = numbers.New(type);
        b.Add(new InnerSumInstruction(sum, from, to, body.Finish([k], term)));
        return new Kernel(1, [new KernelOperand(1, [type])], b.Finish(parameters, sum));
    }

    private static Kernel CheckedLoop(long coefficient, bool isSum)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> parameters = [.. Enumerable.Range(0, 3).Select(_ => numbers.New(ScalarType.I64))];
        var b = new BlockBuilder(numbers);
        Value k = numbers.New(ScalarType.I64);
        BlockBuilder body = b.Nested();
        AffineIndex place = AffineIndex.Of(k) * coefficient + (coefficient < 0 ? 5 : 0) + AffineIndex.Of(parameters[0]);
        Value read = body.Pure(ScalarType.F64, r => new LoadInstruction(r, new Access(0, 0, [place], BorderKind.None, null, [], false, BoundsProof.CheckRange, SourceSpan.None)));
        Value result = numbers.New(ScalarType.F64);
        if (isSum)
        {
            b.Add(new InnerSumInstruction(result, parameters[1], parameters[2], body.Finish([k], read)));
        }
        else
        {
            Value carried = numbers.New(ScalarType.F64);
            Value next = body.Binary(BinaryOp.Subtract, read, carried);
            b.Add(new ForInstruction([result], parameters[1], parameters[2], [b.Constant(ScalarType.F64, 0)], body.Finish([k, carried], next)));
        }
        return new Kernel(1, [new KernelOperand(1, [ScalarType.F64])], b.Finish(parameters, result));
    }
}
