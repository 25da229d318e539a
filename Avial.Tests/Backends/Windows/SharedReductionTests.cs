using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Programs;

namespace Avial.Tests.Backends.Windows;

/// <summary>Reductions over all axes whose parts are computed apart and merged.</summary>
public sealed unsafe class SharedReductionTests
{
    private const int Batch = 10;
    private const int LeafLength = 64;
    private static readonly WorkerPool s_pool = new(2);

    [Test]
    public void FloatSumsAndMeans_MergedInAnyGroups_GiveTheBitsOfTheWhole([Range(0, 5)] int batch) =>
        AssertAgree(batch, CombinerKind.Sum, CombinerKind.Mean);

    [Test]
    public void CombinersOfAnyOrder_MergedInAnyGroups_GiveTheBitsOfTheWhole([Range(0, 3)] int batch) =>
        AssertAgree(100 + batch, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Sum);

    [Test]
    public void Extremes_MergedInAnyGroups_GiveTheIndicesOfTheWhole([Range(0, 3)] int batch) =>
        AssertAgree(200 + batch, CombinerKind.ArgMin, CombinerKind.ArgMax);

    [Test]
    public void FoldsAndProducts_OfLeavesPutTogether_GiveTheBitsOfTheWhole([Range(0, 3)] int batch) =>
        AssertAgree(300 + batch, CombinerKind.Product, CombinerKind.Fold);

    private static void AssertAgree(int batch, params CombinerKind[] kinds)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            var random = new Random(seed);
            RandomReduction reduction = RandomReduction.Next(seed, random, kinds, isTotal: true);
            AssertAgrees(new WindowedCase(reduction.Operation, reduction.Inputs, reduction.Scalars), reduction, random);
        }
    }

    private static void AssertAgrees(WindowedCase one, RandomReduction reduction, Random random)
    {
        Box[] parts = RandomParts.Of(one.Domain, random, Enumerable.Range(0, one.Domain.Rank), LeafLength, one.Domain.Rank - 1);
        ArrayType type = reduction.Operation.Outputs[0];
        Assert.That(one.Lowered.Combine is null, Is.Not.EqualTo(one.Lowered.Leaves is null), reduction.About);
        foreach (ICodeGenerator generator in WindowedCase.Generators)
        {
            string where = $"{generator.Name}: {string.Join(", ", parts)}: {reduction.About}";
            CompiledOperation compiled = CompiledOperation.Compile(one.Lowered, generator);
            Storage expected = one.Start(type, 0);
            Trap? wholeTrap = WindowedCase.TrapOf(() => StageLauncher.Launch(compiled, one.Context(reduction.Inputs, [expected], null, random), 0, s_pool));
            Storage found = one.Start(type, 0);
            Trap? trap = WindowedCase.TrapOf(() =>
            {
                if (one.Lowered.Combine is { } combine)
                {
                    Combine(one, compiled, combine, parts, found, random, where);
                }
                else
                {
                    FoldLeaves(one, compiled, one.Lowered.Leaves!, parts, found, random, where);
                }
            });
            Assert.That(trap?.LinearIndex, Is.EqualTo(wholeTrap?.LinearIndex), where);
            Assert.That(trap?.Site.Kind, Is.EqualTo(wholeTrap?.Site.Kind), where);
            if (wholeTrap is null)
            {
                Assert.That(StorageBits.Difference([expected], [found]), Is.Null, where);
            }
        }
    }

    private static void Combine(
        WindowedCase one, CompiledOperation compiled, CombineStages combine, Box[] parts, Storage found, Random random, string where)
    {
        int bytes = combine.RecordBytes;
        byte* records = (byte*)NativeMemory.AlignedAlloc((nuint)((parts.Length + 1) * bytes), 64);
        new Span<byte>(records, (parts.Length + 1) * bytes).Fill(0xA5);
        for (int part = 0; part < parts.Length; part++)
        {
            LaunchContext context = one.Context(one.InputsOf(parts[part], random), [], parts[part], random);
            StageLauncher.LaunchPartial(compiled, context, records + part * bytes, 0, s_pool);
        }
        int count = parts.Length;
        while (count > 1 && random.Next(4) != 0)
        {
            // A stretch becomes one record; those behind it move up.
            int first = random.Next(count);
            int merged = random.Next(1, count - first + 1);
            StageLauncher.LaunchMerge(compiled, one.Context([], [], null, random), records + first * bytes, merged, records + first * bytes, 0, s_pool);
            new Span<byte>(records + (first + merged) * bytes, (count - first - merged) * bytes).CopyTo(new Span<byte>(records + (first + 1) * bytes, (count - first) * bytes));
            count -= merged - 1;
        }
        Assert.That(!new ReadOnlySpan<byte>(records + parts.Length * bytes, bytes).ContainsAnyExcept((byte)0xA5), where);
        StageLauncher.LaunchFinish(compiled, one.Context([], [found], null, random), records, count, 0, s_pool);
        NativeMemory.AlignedFree(records);
    }

    private static void FoldLeaves(
        WindowedCase one, CompiledOperation compiled, LeafStages stages, Box[] parts, Storage found, Random random, string where)
    {
        ArrayType type = stages.TypeOf(one.Domain);
        Storage all = Allocator.Shared.Allocate(type, "leaves");
        foreach (Box part in parts)
        {
            Box own = LeafStages.BoxOf(one.Domain, part);
            LaunchContext context = one.Context(one.InputsOf(part, random), [], part, random);
            context.Leaves = GuardedMemory.Allocate(type, own);
            StageLauncher.LaunchLeaves(compiled, context, 0, s_pool);
            GuardedMemory.AssertUntouched(context.Leaves, where);
            StorageCopy.Box(context.Leaves, all, own);
        }
        LaunchContext last = one.Context([], [found], null, random);
        last.Leaves = all;
        StageLauncher.LaunchTree(compiled, last, 0, s_pool);
    }
}
