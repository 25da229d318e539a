using System.Collections.Immutable;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Generators;
using Avial.Tests.Programs;

namespace Avial.Tests.Backends.Windows;

/// <summary>Scans in parts: along other axes each on its own, along the scan's axis with the value of the elements before.</summary>
public sealed class SharedScanTests
{
    private const int Batch = 10;
    private static readonly WorkerPool s_pool = new(2);

    [Test]
    public void Scans_InParts_GiveTheBitsOfTheWhole([Range(0, 7)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            var random = new Random(seed);
            bool isLong = random.Next(4) == 0;
            Box domain = isLong ? Long(random) : RandomDomains.Next(random);
            (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random,
                CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.Fold);
            GeneratedKernel generated = isLong ? Copy(seed, random, domain, types) : RandomCombiners.KernelOf(seed, domain, types, 5);
            int axis = random.Next(domain.Rank);
            ImmutableArray<long> extents = [.. Enumerable.Range(0, domain.Rank).Select(domain.Length)];
            IterationDomain iteration = random.Next(2) == 0 ? RandomDomains.Of(domain) : RandomDomains.Of(domain, axis);
            var scan = new ScanOperation(iteration, LoweringCase.Use(generated.Kernel), axis, random.Next(2) == 0, combiner)
            {
                Outputs = [new ArrayType(LoweringCase.LayoutOf(types), extents)],
            };
            var one = new WindowedCase(scan, LoweringCase.Operands(generated), generated.Scalars);
            string about = $"{combiner} along {axis} of {iteration}, exclusive {scan.IsExclusive}, {generated}";
            Box[] lines = RandomParts.Of(domain, random, Enumerable.Range(0, domain.Rank).Where(a => a != axis));

            one.AssertPartsAgree(lines, part => FromZero(domain, part), random, about);
            foreach (ICodeGenerator generator in WindowedCase.Generators)
            {
                AssertChainAgrees(one, scan, CompiledOperation.Compile(one.Lowered, generator), lines, random, $"{generator.Name}: {about}");
            }
        }
    }

    // Every stage of every part before the next stage of any, as ranks at one pace would run them; the carry in the order of the lines.
    private static void AssertChainAgrees(WindowedCase one, ScanOperation scan, CompiledOperation compiled, Box[] lines, Random random, string about)
    {
        ArrayType type = scan.Outputs[0];
        CarriedScan carried = one.Lowered.Carried!;
        CompiledOperation stages = compiled.Carried;
        Storage expected = one.Start(type, 0);
        StageLauncher.Launch(compiled, one.Context(one.InputsOf(one.Domain, random), [expected], null, random), 0, s_pool);
        Storage found = one.Start(type, 0);
        foreach (Box line in lines)
        {
            Box[] chain = Chain(line, scan, random);
            LaunchContext[] contexts = [.. chain.Select(part => Begin(one, stages, type, part, random))];
            for (int stage = 0; stage < stages.Lowered.Stages.Length; stage++)
            {
                for (int part = 0; part < chain.Length; part++)
                {
                    if (stage == carried.CarryStage)
                    {
                        contexts[part].CarryIn = part == 0 ? null : contexts[part - 1].CarryOut;
                        contexts[part].CarryOut = GuardedMemory.Allocate(carried.TypeOf(one.Domain), carried.LinesOf(one.Domain, chain[part]));
                    }
                    StageLauncher.LaunchStage(stages, stage, contexts[part], 0, s_pool);
                }
            }
            foreach (LaunchContext context in contexts)
            {
                StageLauncher.End(stages, context);
                GuardedMemory.AssertUntouched(context.CarryOut!, about);
                GuardedMemory.AssertUntouched(context.Outputs[0], about);
                StorageCopy.Box(context.Outputs[0], found, context.Outputs[0].Window);
            }
        }
        Assert.That(StorageBits.Difference([expected], [found]), Is.Null, $"{string.Join(", ", lines)}: {about}");
    }

    private static LaunchContext Begin(WindowedCase one, CompiledOperation stages, ArrayType type, Box part, Random random)
    {
        LaunchContext context = one.Context(one.InputsOf(part, random), [GuardedMemory.Allocate(type, FromZero(one.Domain, part))], part, random);
        StageLauncher.Begin(stages, context);
        return context;
    }

    // Parts of some lines in the scan's direction; now and then one is empty.
    private static Box[] Chain(Box line, ScanOperation scan, Random random)
    {
        int axis = scan.Axis;
        var chain = new List<Box>();
        long low = line.Low[axis];
        for (long cut = ((low >> 8) + 1) << 8; cut < line.High[axis]; cut += CarriedScan.LeafLength)
        {
            for (int times = random.Next(3); times > 0; times--)
            {
                chain.Add(line.With(axis, low, cut));
                low = cut;
            }
        }
        chain.Add(line.With(axis, low, line.High[axis]));
        if (scan.Domain.Axes[axis].IsReversed)
        {
            chain.Reverse();
        }
        return [.. chain];
    }

    private static Box Long(Random random)
    {
        long low = random.Next(-300, 300);
        return new Box([low], [low + random.Next(700, 1500)]);
    }

    // The elements of one array: random kernels read arrays of several axes, all of them as long.
    private static GeneratedKernel Copy(int seed, Random random, Box domain, ImmutableArray<ScalarType> types)
    {
        var numbers = new ValueNumbers();
        Value index = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        ImmutableArray<Value> read = [.. types.Select((type, column) => b.Pure(type, r => new LoadInstruction(r, new Access(
            0, column, [AffineIndex.Of(index) + -domain.Low[0]], BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None))))];
        var kernel = new Kernel(1, [new KernelOperand(1, types)], b.Finish([index], [.. read]));
        ImmutableArray<ImmutableArray<ulong>> columns =
            [.. types.Select(type => Enumerable.Range(0, (int)domain.Count).Select(_ => RandomBits.Of(type, random)).ToImmutableArray())];
        return new GeneratedKernel(seed, kernel, domain, [[domain.Count]], [columns], []);
    }

    private static Box FromZero(Box domain, Box part) =>
        new([.. part.Low.Zip(domain.Low, (p, d) => p - d)], [.. part.High.Zip(domain.Low, (p, d) => p - d)]);
}
