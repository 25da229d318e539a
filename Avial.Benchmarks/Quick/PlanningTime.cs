using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>
/// What a rank needs to plan for all and to make its own steps, against how many ranks there are; nothing is run. Ranks are compared with those of the smallest number that send as
/// many messages: an inner rank of a row has two neighbours whatever their number, one of a grid has four only where each axis is cut into three. The last rows are of the search
/// for distributions alone.
/// </summary>
internal static class PlanningTime
{
    private const int Rows = 1 << 20;
    private static readonly int[] s_ranks = [2, 4, 64, 4096, 65_536];

    public static Table Run()
    {
        var table = new Table("planning", "Planning for one of many ranks (shortest of several times; the machine is shared)",
            "Program", "Ranks", "Messages", "Time", "To the least", "Allocated", "To the least");
        using Session session = Session.Create(o => o with { Threads = 1 });
        Measure(table, "three element-wise tasks, in rows", Rows1, Chain());
        Measure(table, "a stencil of 1 axis, repeated", Rows1, Line());
        Measure(table, "a stencil of 2 axes, repeated, in blocks", Grid2, Plane());
        Measure(table, "a stencil of 3 axes, repeated, and its sum, in rows", Rows1, Stencil());
        Measure(table, "a stencil of 3 axes, repeated, and its sum, in bricks", Grid3, Stencil());
        Measure(table, "three tasks that read their neighbours, in rows", Rows1, Halos());
        Measure(table, "rows combined with a whole vector", Rows1, Replicated());
        Choose(table, "the search alone: a stencil of 1 axis", Line());
        Choose(table, "the search alone: a stencil of 3 axes and its sum", Stencil());
        return table;
    }

    private static void Measure(Table table, string name, Func<int, int[]> gridOf, IComputed[] results)
    {
        BuiltRegion built = SessionRunner.Describe([.. results.Select(r => ((IComputedHandle)r).Output)]);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        int[][] grids = [.. s_ranks.Select(gridOf)];
        var made = new Made[s_ranks.Length];
        double[] times = Timing.Best([.. s_ranks.Select((ranks, n) => (Action)(() => Plan(region, grids[n], ranks, built.Scalars)))]);
        for (int n = 0; n < s_ranks.Length; n++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            RankPlan plan = Plan(region, grids[n], s_ranks[n], built.Scalars);
            made[n] = new Made(GC.GetAllocatedBytesForCurrentThread() - before, RankTally.Of(plan, built.Scalars).Messages);
            int least = Array.FindIndex(made, m => m.Messages == made[n].Messages);
            table.Add(name, $"{s_ranks[n]:#,0}", $"{made[n].Messages}", Table.Time(times[n]), Table.Number(times[n] / times[least], "0.00"),
                $"{Table.Number(made[n].Bytes / 1024.0, "0.0")} KiB", Table.Number((double)made[n].Bytes / made[least].Bytes, "0.00"));
        }
    }

    private static void Choose(Table table, string name, IComputed[] results)
    {
        BuiltRegion built = SessionRunner.Describe([.. results.Select(r => ((IComputedHandle)r).Output)]);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        double[] times = Timing.Best([.. s_ranks.Select(ranks => (Action)(() => Choose(region, ranks)))]);
        long leastBytes = 0;
        for (int n = 0; n < s_ranks.Length; n++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Choose(region, s_ranks[n]);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            leastBytes = n == 0 ? bytes : leastBytes;
            table.Add(name, $"{s_ranks[n]:#,0}", "", Table.Time(times[n]), Table.Number(times[n] / times[0], "0.00"),
                $"{Table.Number(bytes / 1024.0, "0.0")} KiB", Table.Number((double)bytes / leastBytes, "0.00"));
        }
    }

    private static DistributionMap Choose(Region region, int ranks) =>
        new CostChooser(new MachineModel { Ranks = ranks }).Choose(region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))], ranks);

    // The inner bodies of loops are made when they are first asked for.
    private static RankPlan Plan(Region region, int[] grid, int ranks, ulong[] scalars)
    {
        DistributionMap map = new GridChooser(grid).Choose(region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))], ranks);
        BodyPlan body = BodyPlanner.PlanProgram(region, map, ranks, []);
        RankPlan plan = RankPlanBuilder.Build(body, Inner(grid), scalars);
        foreach (RankStep step in plan.Body.Steps)
        {
            if (step is LoopStep loop)
            {
                loop.Bodies.At(0);
            }
        }
        return plan;
    }

    private static RankId Inner(int[] grid)
    {
        int rank = 0;
        foreach (int parts in grid)
        {
            rank = rank * parts + parts / 2;
        }
        return new RankId(rank);
    }

    private static int[] Rows1(int ranks) => [ranks];

    private static int[] Grid2(int ranks) => ranks == 2 ? [2, 1] : [(int)Math.Sqrt(ranks), (int)Math.Sqrt(ranks)];

    private static int[] Grid3(int ranks) => ranks switch { 2 => [2, 1, 1], 4 => [2, 2, 1], 64 => [4, 4, 4], 4096 => [16, 16, 16], _ => [64, 32, 32] };

    private static IComputed[] Chain()
    {
        Array1D<double> x = Array1D.Fill(Rows, 1.0);
        Array1D<double> y = Task.On(Cpu).Run(Rows, i => x[i] * 2 + i);
        Array1D<double> z = Task.On(Cpu).Run(Rows, i => y[i] + x[i]);
        return [y, z, Task.On(Cpu).Run(Rows, i => z[i] * y[i])];
    }

    private static IComputed[] Line() =>
        [Task.Repeat(10, Array1D.Fill(Rows, 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), i => a[i] + 0.1 * (a[i - 1] + a[i + 1])).Over(a))];

    private static IComputed[] Plane() => [Task.Repeat(10, Array2D.Fill((Rows, 1 << 12), 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j) =>
        a[i, j] + 0.1 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a))];

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

    private readonly record struct Made(long Bytes, long Messages);

    /// <summary>Cuts what has as many axes as the grid with it, and other arrays along their first axis.</summary>
    private sealed class GridChooser(int[] grid) : IDistributionChooser
    {
        public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) => DistributionSlots.Of(region, sources, ranks).ToMap(slot =>
        {
            var parts = new int[slot.Space.Rank];
            Array.Fill(parts, 1);
            parts[0] = ranks;
            return slot.Blocks(parts.Length == grid.Length ? grid : parts, ranks, null);
        });
    }
}
