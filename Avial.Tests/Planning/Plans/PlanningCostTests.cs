using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

/// <summary>Planning allocates as much for a few ranks as for 65,536, where a rank has as many neighbours. Bytes are counted, not time.</summary>
internal sealed class PlanningCostTests
{
    private const int Many = 65_536;
    private const double Most = 1.2;

    [TestCase("chain", new[] { 4 }, new[] { Many }, 1, Many / 2)]
    [TestCase("stencil of 1 axis", new[] { 4 }, new[] { Many }, 1, Many / 2)]
    [TestCase("stencil of 1 axis", new[] { 4 }, new[] { Many }, 0, 0)]
    [TestCase("periodic stencil", new[] { 4 }, new[] { Many }, 1, Many / 2)]
    [TestCase("periodic stencil", new[] { 4 }, new[] { Many }, 3, Many - 1)]
    [TestCase("stencil of 2 axes", new[] { 4, 1 }, new[] { Many, 1 }, 1, Many / 2)]
    [TestCase("stencil of 2 axes", new[] { 2, 2 }, new[] { 256, 256 }, 0, 0)]
    [TestCase("stencil of 2 axes", new[] { 3, 3 }, new[] { 256, 256 }, 4, 100 * 256 + 100)]
    [TestCase("stencil of 2 axes", new[] { 3, 3 }, new[] { 256, 256 }, 8, Many - 1)]
    [TestCase("stencil of 3 axes", new[] { 4, 1, 1 }, new[] { Many, 1, 1 }, 2, Many / 2)]
    [TestCase("stencil of 3 axes", new[] { 2, 2, 1 }, new[] { 256, 256, 1 }, 0, 0)]
    [TestCase("stencil of 3 axes", new[] { 2, 2, 2 }, new[] { 64, 32, 32 }, 0, 0)]
    [TestCase("stencil of 3 axes", new[] { 3, 3, 3 }, new[] { 64, 32, 32 }, 13, (20 * 32 + 10) * 32 + 10)]
    [TestCase("half the points", new[] { 4 }, new[] { Many }, 1, Many / 4)]
    [TestCase("replicated", new[] { 4, 1 }, new[] { Many, 1 }, 1, Many / 2)]
    [TestCase("reductions", new[] { 4, 1 }, new[] { Many, 1 }, 1, Many / 2)]
    [TestCase("sum", new[] { 2, 2 }, new[] { 256, 256 }, 0, 0)]
    public void Plan_OnManyRanks_AllocatesAsMuchAsOnAFew(string program, int[] few, int[] many, int rank, int rankOfMany)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        IComputed[] results = Program(program);

        Outcome least = Measure(results, few, rank);
        Outcome most = Measure(results, many, rankOfMany);

        Assert.That(most.Messages, Is.EqualTo(least.Messages), "the ranks must have as many neighbours");
        Assert.That(most.Steps, Is.EqualTo(least.Steps));
        Assert.That((double)most.Bytes / least.Bytes, Is.InRange(1 / Most, Most), $"{most.Bytes} and {least.Bytes} bytes");
    }

    [Test]
    public void Transpose_OnManyRanks_IsOneStepForAll()
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        IComputed[] results = Transpose();

        BodyPlan few = Body(results, 4);
        BodyPlan many = Body(results, 4096);

        Assert.That(many.Steps.Select(s => s.GetType()), Is.EqualTo(few.Steps.Select(s => s.GetType())));
        Assert.That(many.Steps.OfType<PlannedExchange>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Transpose_OfOneRank_CostsWhatItsPeersCost()
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        IComputed[] results = Transpose();
        RankPlan plan = null!;
        BodyPlan some = Body(results, 64);
        BodyPlan many = Body(results, 1024);

        long least = SteadyState.AllocatedBy(() => plan = RankPlanBuilder.Build(some, new RankId(20), []));
        Assert.That(plan.Body.Steps.OfType<SendStep>().Count(), Is.EqualTo(63));
        long most = SteadyState.AllocatedBy(() => plan = RankPlanBuilder.Build(many, new RankId(20), []));

        Assert.That(plan.Body.Steps.OfType<SendStep>().Count(), Is.EqualTo(1023));
        Assert.That((double)most / least, Is.LessThan(2 * 1024 / 64));
    }

    [TestCase("a row of stencils")]
    [TestCase("readers of one array")]
    public void Plan_OfManyTasks_CostsTheirNumber(string program)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });

        long some = Allocated(Tasks(program, 100));
        long more = Allocated(Tasks(program, 400));

        Assert.That((double)more / some, Is.LessThan(4 * Most));

        static long Allocated(IComputed[] results)
        {
            (Region region, Distribution[] sources) = Planned.Describe(Many, results);
            var chooser = new GridChooser([256, 256]);
            return SteadyState.AllocatedBy(() =>
                RankPlanBuilder.Build(BodyPlanner.PlanProgram(region, chooser.Choose(region, sources, Many), Many, []), new RankId(Many / 2 + 128), new ulong[results.Length]));
        }
    }

    // Few ranks have fewer grids, and blocks of them fewer neighbours. Readers of what is on one rank cost less on each level of fewer ranks, so that all levels are tried.
    [TestCase("chain", Most, 1.2)]
    [TestCase("stencil of 1 axis", Most, 1.2)]
    [TestCase("stencil of 2 axes", Most, 1.35)]
    [TestCase("stencil of 3 axes", 1.25, 1.35)]
    [TestCase("replicated", 1.75, 2.6)]
    public void Search_OnManyRanks_CostsWhatItDoesOnFour(string program, double mostBytes, double mostPrices)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        IComputed[] results = Program(program);
        SearchCost few = Search(4);

        foreach (int ranks in (int[])[64, 4096, Many])
        {
            SearchCost many = Search(ranks);

            Assert.That((double)many.Bytes / few.Bytes, Is.LessThan(mostBytes), $"{many.Bytes} bytes on {ranks} ranks, {few.Bytes} on 4");
            Assert.That((double)many.Prices / few.Prices, Is.LessThan(mostPrices), $"{many.Prices} prices found on {ranks} ranks, {few.Prices} on 4");
            Assert.That((double)many.Questions / few.Questions, Is.LessThan(1.35), $"{many.Questions} prices asked for on {ranks} ranks, {few.Questions} on 4");
        }

        SearchCost Search(int ranks)
        {
            (Region region, Distribution[] sources) = Planned.Describe(ranks, results);
            var machine = new MachineModel { Ranks = ranks };
            var chooser = new CostChooser(machine);
            chooser.Choose(region, sources, ranks);
            long bytes = SteadyState.AllocatedBy(() => chooser.Choose(region, sources, ranks));
            var model = new CostModel(region, DistributionSlots.Of(region, sources, ranks), machine, ranks);
            new CostSearch(model, ranks).Find();
            return new SearchCost(bytes, model.Evaluations, model.Questions);
        }
    }

    private static BodyPlan Body(IComputed[] results, int ranks)
    {
        BuiltRegion built = SessionRunner.Describe([.. results.Select(r => ((IComputedHandle)r).Output)]);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        DistributionMap map = new GridChooser([ranks, 1]).Choose(region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))], ranks);
        return BodyPlanner.PlanProgram(region, map, ranks, []);
    }

    private static Outcome Measure(IComputed[] results, int[] grid, int rank)
    {
        int ranks = grid.Aggregate(1, (a, b) => a * b);
        BuiltRegion built = SessionRunner.Describe([.. results.Select(r => ((IComputedHandle)r).Output)]);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        Distribution[] sources = [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))];
        RankPlan plan = null!;
        Plan();
        long bytes = SteadyState.AllocatedBy(Plan);
        RankTally tally = RankTally.Of(plan, built.Scalars);
        return new Outcome(bytes, tally.Messages, tally.Steps);

        void Plan()
        {
            DistributionMap map = new GridChooser(grid).Choose(region, sources, ranks);
            plan = RankPlanBuilder.Build(BodyPlanner.PlanProgram(region, map, ranks, []), new RankId(rank), built.Scalars);
            foreach (LoopStep loop in plan.Body.Steps.OfType<LoopStep>())
            {
                loop.Bodies.At(0);
            }
        }
    }

    private static IComputed[] Program(string name) => name switch
    {
        "chain" => Chain(),
        "stencil of 1 axis" => [Task.Repeat(10, Array1D.Fill(1 << 20, 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), i => a[i - 1] + a[i] + a[i + 1]).Over(a))],
        "periodic stencil" => [Task.Repeat(10, Array1D.Fill(1 << 20, 1.0), (a, t) => Task.On(Cpu).Run(a.Domain, i => a.Wrap[i - 1] + a[i] + a.Wrap[i + 1]))],
        "stencil of 2 axes" => [Task.Repeat(10, Array2D.Fill((1 << 20, 1 << 10), 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j) =>
            a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1]).Over(a))],
        "stencil of 3 axes" => [Task.Repeat(10, Array3D.Fill((1 << 20, 1 << 12, 512), 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j, k) =>
            a[i, j, k] + a[i - 1, j, k] + a[i + 1, j, k] + a[i, j - 1, k] + a[i, j + 1, k] + a[i, j, k - 1] + a[i, j, k + 1]).Over(a))],
        "half the points" => Halves(),
        "replicated" => Replicated(),
        "reductions" => Reductions(),
        "sum" => Reductions()[..2],
        _ => throw new ArgumentException(name, nameof(name)),
    };

    private static IComputed[] Tasks(string name, int count)
    {
        var results = new IComputed[count];
        Array2D<double> start = Task.On(Cpu).Run(new Domain2D(4096, 4096), (i, j) => (double)i * j);
        results[0] = start;
        for (int k = 1; k < count; k++)
        {
            double added = k;
            Array2D<double> a = name == "a row of stencils" ? (Array2D<double>)results[k - 1] : start;
            results[k] = Task.On(Cpu).Run(a.Interior(1), (i, j) => a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] + added).Over(a);
        }
        return results;
    }

    private static IComputed[] Chain()
    {
        Array1D<double> x = Array1D.Fill(1 << 20, 1.0);
        Array1D<double> y = Task.On(Cpu).Run(x.Domain, i => x[i] * 2 + i);
        Array1D<double> z = Task.On(Cpu).Run(x.Domain, i => y[i] + x[i]);
        return [y, z, Task.On(Cpu).Run(x.Domain, i => z[i] * y[i])];
    }

    private static IComputed[] Halves()
    {
        Array1D<double> fine = Task.On(Cpu).Run(1 << 20, i => (double)i);
        Array1D<double> coarse = Task.On(Cpu).Run(1 << 19, i => fine[2 * i] + fine[2 * i + 1]);
        return [fine, coarse];
    }

    private static IComputed[] Replicated()
    {
        Array1D<double> weights = Array1D.From(new double[512]);
        Array2D<double> a = Array2D.Fill((1 << 20, 512), 1.0);
        Array2D<double> b = Task.On(Cpu).Run(a.Domain, (i, j) => a[i, j] * weights[j] + i);
        return [b, Task.On(Cpu).Run(1 << 20, i => Sum(0, 512, j => b[i, j] * weights[j]))];
    }

    private static IComputed[] Reductions()
    {
        Array2D<double> a = Task.On(Cpu).Run(new Domain2D(1 << 20, 1 << 14), (i, j) => (double)i * j);
        return [a, Task.On(Cpu).Reduce(a.Domain, (i, j) => a[i, j], Reduction.Sum), Task.On(Cpu).Reduce(a.Domain, (i, j) => a[i, j], Reduction.Max, axis: 1)];
    }

    private static IComputed[] Transpose()
    {
        Array2D<double> a = Task.On(Cpu).Run(new Domain2D(8192, 8192), (i, j) => (double)i * j);
        return [a, Task.On(Cpu).Run(new Domain2D(8192, 8192), (i, j) => a[j, i])];
    }

    private readonly record struct SearchCost(long Bytes, int Prices, long Questions);

    private readonly record struct Outcome(long Bytes, long Messages, long Steps);

    /// <summary>Cuts what has as many axes as the grid with it, and other arrays along their first axis.</summary>
    private sealed class GridChooser(int[] grid) : IDistributionChooser
    {
        public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) => DistributionSlots.Of(region, sources, ranks).ToMap(slot =>
        {
            int[] parts = slot.Space.Rank == grid.Length ? grid : [ranks, .. Enumerable.Repeat(1, slot.Space.Rank - 1)];
            return slot.Blocks(parts, ranks, null);
        });
    }
}
