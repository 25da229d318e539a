using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;

namespace Avial.Tests.Programs;

/// <summary>Runs one region on several ranks under distributions by chance, with its plans verified, printed and parsed, and compares the bits.</summary>
internal static class RankRuns
{
    public static readonly int[] Counts = [1, 2, 3, 4, 7, 8];

    /// <summary>Runs a region, compares its results with the interpreter's and gives the plans.</summary>
    public static RankPlan[] AssertAgrees(Region region, Storage[] sources, ulong[] scalars, int ranks, IDistributionChooser chooser, string about)
    {
        Storage[] expected = GraphInterpreter.Run(region, sources, scalars);
        ProgramPlan plan = new PlanCache(new ManagedCodeGenerator(), isVerifying: true, ranks, chooser)
            .Get(region, isFusing: false, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))]);
        RankPlan[] plans = [.. Enumerable.Range(0, ranks).Select(r => plan.Of(new RankId(r), scalars))];
        string where = $"{ranks} ranks: {about}";
        Assert.That(PlanVerifier.Verify(plans, scalars).Violations, Is.Empty, () => $"{where}\n{RankPlanPrinter.Print(plans)}");
        string text = RankPlanPrinter.Print(plans);
        Assert.That(RankPlanPrinter.Print(RankPlanParser.Parse(text)), Is.EqualTo(text), where);
        using var team = new RankTeam(1, ranks, TimeSpan.FromSeconds(60));
        var run = new ProgramRun(plan, scalars, team, [.. sources.Select(s => new PlacedArray(s))]) { IsPoisoning = true };
        for (int time = 0; time < 2; time++)
        {
            Storage[] found = [.. run.Run().Select(r => r.Assemble("result"))];
            Assert.That(StorageBits.Difference([.. expected], [.. found]), Is.Null, where);
        }
        return plans;
    }

    /// <summary>The element of an array at each point of a domain, whose low end is its first element.</summary>
    public static Kernel Copy(Box domain, ImmutableArray<ScalarType> types)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, domain.Rank).Select(_ => numbers.New(ScalarType.I64))];
        var b = new BlockBuilder(numbers);
        ImmutableArray<Value> read = [.. types.Select((type, column) => b.Pure(type, r => new LoadInstruction(r, new Access(
            0, column, [.. indices.Select((index, axis) => AffineIndex.Of(index) + -domain.Low[axis])], BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None))))];
        return new Kernel(domain.Rank, [new KernelOperand(domain.Rank, types)], b.Finish(indices, [.. read]));
    }
}

/// <summary>Cuts one axis of every array that may be cut there into as many parts as there are ranks; else decides by chance.</summary>
internal sealed class AxisChooser(int axis, int seed) : IDistributionChooser
{
    public ITileChooser Tiles { get; init; } = new RandomTiles(seed);

    public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks)
    {
        DistributionSlots slots = DistributionSlots.Of(region, sources, ranks);
        var random = new Random(seed);
        return slots.ToMap(slot =>
        {
            if (!slot.MayBeBlocks)
            {
                return Distribution.OnOne(slot.Space, new RankId(random.Next(ranks)), ranks);
            }
            int[] grid = [.. Enumerable.Repeat(1, slot.Space.Rank)];
            grid[Math.Min(axis, grid.Length - 1)] = ranks;
            return slot.Allows(grid) ? slot.Blocks(grid, ranks, null) : Distribution.OnOne(slot.Space, new RankId(0), ranks);
        });
    }
}
