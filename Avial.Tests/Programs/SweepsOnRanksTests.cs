using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Programs;

/// <summary>Sweeps that are cut over ranks and computed in tiles have the bits of one rank, and their plans are certified.</summary>
public sealed class SweepsOnRanksTests
{
    [Test]
    public void Sweeps_OnRanksInAnyTiles_GiveTheBitsOfOne([Range(0, 59)] int seed, [ValueSource(typeof(RankRuns), nameof(RankRuns.Counts))] int ranks)
    {
        (Region region, Storage source, string about) = Sweeps(seed);

        foreach (IDistributionChooser chooser in Choosers(seed))
        {
            RankRuns.AssertAgrees(region, [source], [], ranks, chooser, about);
        }
    }

    // A steep band that leaves a single row of a part.
    [TestCase(1826, 3)]
    public void Sweeps_OfASeedThatFailed_GiveTheBitsOfOne(int seed, int ranks) => Sweeps_OnRanksInAnyTiles_GiveTheBitsOfOne(seed, ranks);

    [Test]
    [Explicit("Thousands of sweeps: some minutes.")]
    public void Sweeps_OfThousandSeeds_GiveTheBitsOfOne([Range(0, 9)] int block)
    {
        for (int seed = 1000 + 100 * block; seed < 1100 + 100 * block; seed++)
        {
            (Region region, Storage source, string about) = Sweeps(seed);
            foreach (IDistributionChooser chooser in Choosers(seed))
            {
                RankRuns.AssertAgrees(region, [source], [], RankRuns.Counts[1 + seed % 5], chooser, about);
            }
        }
    }

    [Test]
    public void Sweeps_OfTheseSeeds_RunInTilesOfBothKinds()
    {
        (int straight, int slanted) = (0, 0);
        for (int seed = 0; seed < 60; seed++)
        {
            (Region region, _, _) = Sweeps(seed);
            foreach (IDistributionChooser chooser in Choosers(seed))
            {
                BodyPlan body = BodyPlanner.PlanProgram(region, chooser.Choose(region, [Distribution.Everywhere(region.Parameters[0].Box, 3)], 3), 3, [], chooser.Tiles);
                straight += body.Steps.OfType<PlannedSweep>().Count(s => s.Tiles is { IsSlanted: false });
                slanted += body.Steps.OfType<PlannedSweep>().Count(s => s.Tiles is { IsSlanted: true });
            }
        }

        Assert.That(straight, Is.GreaterThan(40));
        Assert.That(slanted, Is.GreaterThan(40));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Sweeps_ThatRunAsFrontsOfTilesOnEachRank_GiveTheBitsOfOne(bool isReversed)
    {
        // Large enough for fronts of tiles within each part, which a slanted band cuts through.
        const long N = 150;
        var random = new Random(1);
        for (int trial = 0; trial < 6; trial++)
        {
            var iteration = new IterationDomain([new AxisRange(0, N, isReversed), new AxisRange(1, N, trial % 2 == 0)]);
            Region region = RegionOf(iteration, OrderedLoweringTests.Recurrence(random, 2), [N, N + 1]);
            Storage source = LoweringCase.RandomArray(random, region.Parameters[0].Element, [N, N + 1]);
            RankRuns.AssertAgrees(region, [source], [], 3, new AxisChooser(0, trial), $"trial {trial}: {region.Nodes[0].Operation}");
        }
    }

    private static IDistributionChooser[] Choosers(int seed) => [new AxisChooser(0, seed), new AxisChooser(seed % 3, seed), new RandomChooser(seed), new ShapeChooser()];

    /// <summary>Two sweeps, one of the other's result, over a small domain with axes from either end.</summary>
    private static (Region Region, Storage Source, string About) Sweeps(int seed)
    {
        var random = new Random(seed);
        int rank = random.Next(1, 4);
        var low = new long[rank];
        var high = new long[rank];
        var extents = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            low[axis] = random.Next(3);
            high[axis] = low[axis] + (random.Next(10) == 0 ? random.Next(2) : random.Next(3, rank == 3 ? 8 : 14));
            extents[axis] = high[axis] + random.Next(3);
        }
        var iteration = new IterationDomain([.. Enumerable.Range(0, rank).Select(a => new AxisRange(low[a], high[a], random.Next(3) == 0))]);
        Kernel kernel = OrderedLoweringTests.Recurrence(random, rank);
        Region region = RegionOf(iteration, kernel, [.. extents]);
        return (region, LoweringCase.RandomArray(random, region.Parameters[0].Element, [.. extents]), $"seed {seed}: {iteration} of {region.Parameters[0]}\n{kernel}");
    }

    private static Region RegionOf(IterationDomain iteration, Kernel kernel, ImmutableArray<long> extents)
    {
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), extents);
        var sweep = new SweepOperation(iteration, LoweringCase.Use(kernel), 0) { Outputs = [type] };
        GraphNode Node(GraphValue start) => new(sweep, [start], []) { Name = "sweep" };
        return new Region([type], [Node(GraphValue.Parameter(0)), Node(new GraphValue(0, 0))], [new GraphValue(1, 0)]);
    }
}
