using Avial.Tests.Diagnostics;

namespace Avial.Tests.Explaining;

/// <summary>What <c>Plan.Explain</c> says of several ranks.</summary>
internal sealed class ExplainTests
{
    [Test]
    public void Jacobi_OnTwoByTwo_NamesTheReadsThatAskForTheHalo()
    {
        using Session session = PlanPrograms.Ranks(4);

        Check(Plan.For(PlanPrograms.Jacobi()), "jacobi.txt");
    }

    [Test]
    public void Product_OnFourRanks_SaysWhatIsGathered()
    {
        using Session session = PlanPrograms.Ranks(4);

        Check(Plan.For(PlanPrograms.Product()), "product.txt");
    }

    [Test]
    public void Transpose_OnFourRanks_IsARedistribution()
    {
        using Session session = PlanPrograms.Ranks(4);

        Check(Plan.For(PlanPrograms.Transpose()), "transpose.txt");
    }

    [Test]
    public void Sparse_OnFourRanks_SaysWhatIsFoundWhenItRunsAndWhatNot()
    {
        using Session session = PlanPrograms.Ranks(4);

        Check(Plan.For(PlanPrograms.Sparse()), "sparse.txt");
    }

    [Test]
    public void SmallProgram_StaysOnOneRank_WithBothPredictedTimes()
    {
        using Session session = PlanPrograms.RanksByCost(4);
        Array1D<double> x = Task.On(Targets.Cpu).Named("x").Run(500, i => 0.5 * i);
        Array1D<double> smooth = Task.On(Targets.Cpu).Named("smooth").Run(x.Interior(1), i => (x[i - 1] + x[i] + x[i + 1]) / 3).Over(x);
        Scalar<double> sum = Task.On(Targets.Cpu).Named("sum").Reduce(smooth.Domain, i => smooth[i], Reduction.Sum);

        Check(Plan.For(smooth, sum), "small.txt");
    }

    [Test]
    public void LargeJacobi_ByCost_SaysWhatLost()
    {
        using Session session = PlanPrograms.RanksByCost(4);
        Array2D<double> start = Array2D.Fill((2000, 3000), 1.0);
        Array2D<double> end = Task.Repeat(100, start, a => Task.On(Targets.Cpu).Named("relax").Run(a.Interior(1), (i, j) =>
            0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a));

        Check(Plan.For(end), "jacobi-by-cost.txt");
    }

    [Test]
    public void Flood_OnFourRanks_IsExplained()
    {
        using Session session = PlanPrograms.Ranks(4);

        string text = Avial.Examples.Flood.Simulation.Explain(Avial.Examples.Flood.Scenarios.Create("dam-break", 5));

        Check(text, "flood.txt");
    }

    [Test]
    public void Scan_AlongItsLines_SaysThatTheyGoOn()
    {
        using Session session = PlanPrograms.Ranks(4);
        Array1D<long> x = Array1D.From(new long[4096]);
        Array1D<long> sums = Task.On(Targets.Cpu).Named("sums").Scan(x.Domain, i => x[i] + i, Reduction.Sum);
        Plan plan = Plan.For(sums);

        Assert.That(plan.Explain(), Does.Contain("lines go on from part to part"));
        Assert.That(plan.ToMermaid(1), Does.Contain("goes on from rank 0").And.Contains("goes on at rank 2"));
    }

    [Test]
    public void Reduction_ScatterAndSweep_SayWhyTheyAreWhereTheyAre()
    {
        using Session session = PlanPrograms.Ranks(4);
        Array1D<double> x = Task.On(Targets.Cpu).Named("x").Run(1000, i => 0.5 * i);
        Scalar<double> sum = Task.On(Targets.Cpu).Named("sum").Reduce(x.Domain, i => x[i], Reduction.Sum);
        Array2D<double> grid = Array2D.From(new double[32, 32]);
        Array2D<double> swept = Task.On(Targets.Cpu).Named("sweep").Sweep(grid, grid.Interior(1), (s, i, j) => 0.5 * (s[i - 1, j] + s[i + 1, j - 1]));

        Check(Plan.For(sum, swept), "ordered.txt");
    }

    [Test]
    public void Scatters_SayWhatGoesToTheOwnersOfTargets()
    {
        using Session session = PlanPrograms.Ranks(4);
        Array1D<double> x = Array1D.From(new double[1000]);
        Array1D<double> sums = Task.On(Targets.Cpu).Named("sums").Scatter(x.Domain, Array1D.Fill(64, 0.0), i => i * 7 % 64, i => x[i], Reduction.Sum);
        Array1D<long> counts = Task.On(Targets.Cpu).Named("counts").Scatter(x.Domain, Array1D.Fill(8, 0L), i => i % 8, i => 1L, Reduction.Sum);

        Check(Plan.For(sums, counts), "scatters.txt");
    }

    [Test]
    public void Sweeps_OverRanks_SayHowTheyArePipelined()
    {
        using Session session = PlanPrograms.RanksByCost(4);
        Array2D<double> grid = Array2D.From(new double[1024, 1024]);
        Array2D<double> seidel = Task.On(Targets.Cpu).Named("seidel").Sweep(grid, grid.Interior(1), (s, i, j) => 0.25 * (s[i - 1, j + 1] + s[i, j - 1] + s[i, j + 1] + s[i + 1, j]));
        Array1D<double> sums = Task.On(Targets.Cpu).Named("sums").Sweep(Array1D.From(new double[4096]), new Domain1D(1, 4096), (s, i) => s[i] + s[i - 1]);

        Check(Plan.For(seidel), "pipeline.txt");
        Assert.That(Plan.For(sums).Explain(), Does.Contain("on rank 0"));
    }

    [Test]
    public void Sweep_ThatMayStop_SaysWhyItsPartsTakeTurns()
    {
        using Session session = PlanPrograms.Ranks(4);
        Array1D<int> x = Array1D.From(new int[64]);
        Array1D<int> swept = Task.On(Targets.Cpu).Named("swept").Sweep(x, new Domain1D(1, 64), (s, i) => 8 / s[i - 1]);

        Assert.That(Plan.For(swept).Explain(), Does.Contain("part after part: 1 message, 4 B a rank; an element may stop it"));
    }

    [Test]
    public void OneResult_IsExplainedWithItsTaskAndReaders()
    {
        using Session session = PlanPrograms.Ranks(4);
        Array1D<double> x = Array1D.From(new double[256]);
        Array1D<double> y = Task.On(Targets.Cpu).Named("y").Run(x.Interior(1), i => x[i + 1] - x[i - 1]).Over(x);
        Array1D<double> doubled = Task.On(Targets.Cpu).Named("doubled").Run(256, i => 2 * y.Wrap[i + 1]);
        Scalar<double> most = Task.On(Targets.Cpu).Named("most").Reduce(y.Domain, i => y[i], Reduction.Max);
        Plan plan = Plan.For(doubled, most);

        string[] parts = [plan.Explain(y), plan.Explain(most), plan.Explain(x)];

        Check(string.Join("\n\n", parts), "one-result.txt");
    }

    [Test]
    public void ExplainOfATaskThatIsFused_ShowsTheLaunchItIsIn()
    {
        using Session session = PlanPrograms.Ranks(1);
        Array1D<double> x = Array1D.From(new double[16]);
        Array1D<double> inner = Task.On(Targets.Cpu).Named("inner").Run(16, i => x[i] + 1);
        Array1D<double> outer = Task.On(Targets.Cpu).Named("outer").Run(16, i => inner[i] * 2);

        string text = Plan.For(outer).Explain(inner);

        Assert.That(text, Does.StartWith("%0  run outer"));
        Assert.That(text, Does.Contain("+ inner"));
    }

    [Test]
    public void ExplainOfWhatThePlanDoesNotKnow_IsRefused()
    {
        using Session session = PlanPrograms.Ranks(1);
        Array1D<double> x = Task.On(Targets.Cpu).Named("x").Run(16, i => 1.0 * i);
        Array1D<double> other = Task.On(Targets.Cpu).Named("other").Run(16, i => 2.0 * i);

        Refused.With(() => Plan.For(x).Explain(other),
            "AVL0722: 'other' is neither computed nor read by this plan. Give it to Plan.For, or ask for what those results need; what a loop computes inside is explained with the loop."
            + "\n  at ExplainTests.cs:#: i => 2.0 * i");
    }

    [Test]
    public void PlanOfAnEqualProgram_HasItsOwnNames()
    {
        using Session session = PlanPrograms.Ranks(2);
        Array1D<double> first = Task.On(Targets.Cpu).Named("first").Run(16, i => 1.5 * i);
        first.ToArray();

        Array1D<double> second = Task.On(Targets.Cpu).Named("second").Run(16, i => 1.5 * i);

        Assert.That(Plan.For(second).Explain(), Does.Contain("second").And.Not.Contains("first"));
    }

    [Test]
    public void Plan_SaysForHowManyRanks_AndEvaluatesNothing()
    {
        using Session session = PlanPrograms.Ranks(3);
        Array2D<double> end = PlanPrograms.Jacobi();

        Plan plan = Plan.For(end);
        plan.Explain();
        plan.ToMermaid();

        Assert.That(plan.Ranks, Is.EqualTo(3));
        Assert.That(end.Producer.IsEvaluated, Is.False);
    }

    private static void Check(Plan plan, string golden) => Check(plan.Explain(), golden);

    private static void Check(string text, string golden)
    {
        Assert.That(text.Split('\n'), Is.All.Length.LessThanOrEqualTo(100));
        Golden.Check(PlanPrograms.WithoutLines(text), $"explain/{golden}");
    }
}
