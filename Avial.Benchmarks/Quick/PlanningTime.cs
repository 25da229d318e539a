using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>
/// What a rank needs to plan for all and to make its own steps, against how many ranks there are. Arrays are cut along their first axis, so that a rank in the middle has two
/// neighbours whatever their number; nothing is run.
/// </summary>
internal static class PlanningTime
{
    private const int Rows = 1 << 20;
    private static readonly int[] s_ranks = [2, 4, 64, 4096, 65_536];

    public static Table Run()
    {
        var table = new Table("planning", "Planning for one of many ranks", "Program", "Ranks", "Time", "To 4 ranks", "Managed memory", "Steps");
        using Session session = Session.Create(o => o with { Threads = 1 });
        Measure(table, "a stencil of 3 axes, repeated, and its sum", new SlabChooser(), Stencil());
        Measure(table, "three tasks that read their neighbours", new SlabChooser(), Halos());
        Measure(table, "rows combined with a whole vector", new SlabChooser(), Replicated());
        Measure(table, "the stencil, in bricks", new ShapeChooser(), Stencil());
        return table;
    }

    private static void Measure(Table table, string name, IDistributionChooser chooser, IComputed[] results)
    {
        BuiltRegion built = SessionRunner.Describe([.. results.Select(r => ((IComputedHandle)r).Output)]);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        DistributionMap[] maps = [.. s_ranks.Select(ranks => chooser.Choose(region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))], ranks))];
        double[] times = Timing.Best([.. s_ranks.Select((ranks, n) => (Action)(() => Plan(region, maps[n], ranks, built.Scalars)))]);
        for (int n = 0; n < s_ranks.Length; n++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            RankPlan plan = Plan(region, maps[n], s_ranks[n], built.Scalars);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            table.Add(name, $"{s_ranks[n]:#,0}", Table.Time(times[n]), Table.Number(times[n] / times[1], "0.00"), $"{Table.Number(bytes / 1024.0, "0.0")} KiB",
                $"{RankTally.Of(plan, built.Scalars).Steps}");
        }
    }

    // The inner bodies of loops are made when they are first asked for.
    private static RankPlan Plan(Region region, DistributionMap map, int ranks, ulong[] scalars)
    {
        BodyPlan body = BodyPlanner.PlanProgram(region, map, ranks, []);
        RankPlan plan = RankPlanBuilder.Build(body, new RankId(ranks / 2), scalars);
        foreach (RankStep step in plan.Body.Steps)
        {
            if (step is LoopStep loop)
            {
                loop.Bodies.At(0);
            }
        }
        return plan;
    }

    private static IComputed[] Stencil()
    {
        Array3D<double> start = Array3D.Fill((Rows, 512, 512), 1.0);
        Array3D<double> end = Task.Repeat(10, start, (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j, k) =>
            a[i, j, k] + 0.1 * (a[i - 1, j, k] + a[i + 1, j, k] + a[i, j - 1, k] + a[i, j + 1, k] + a[i, j, k - 1] + a[i, j, k + 1])).Over(a));
        return [end, Task.On(Cpu).Reduce(end.Domain, (i, j, k) => end[i, j, k] * end[i, j, k], Reduction.Sum)];
    }

    private static IComputed[] Halos()
    {
        Array2D<double> x = Array2D.Fill((Rows, 512), 1.0);
        Array2D<double> y = Task.On(Cpu).Run(x.Domain, (i, j) => x[i, j] * i + j);
        Array2D<double> z = Means(Means(y));
        return [Means(z), z, y];
    }

    private static Array2D<double> Means(Array2D<double> a) => Task.On(Cpu).Run(a.Interior(1), (i, j) => 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a);

    private static IComputed[] Replicated()
    {
        Array1D<double> weights = Array1D.From(new double[512]);
        Array2D<double> a = Array2D.Fill((Rows, 512), 1.0);
        Array2D<double> b = Task.On(Cpu).Run(a.Domain, (i, j) => a[i, j] * weights[j] + i);
        return [b, Task.On(Cpu).Run(Rows, i => KernelMath.Sum(0, 512, j => b[i, j] * weights[j]))];
    }

    /// <summary>Cuts along the first axis.</summary>
    private sealed class SlabChooser : IDistributionChooser
    {
        public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) => DistributionSlots.Of(region, sources, ranks).ToMap(slot =>
        {
            var grid = new int[slot.Space.Rank];
            Array.Fill(grid, 1);
            grid[0] = ranks;
            return slot.Allows(grid) ? slot.Blocks(grid, ranks, null) : Distribution.OnOne(slot.Space, new RankId(0), ranks);
        });
    }
}
