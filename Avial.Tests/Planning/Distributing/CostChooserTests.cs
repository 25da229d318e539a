using Avial.Geometry;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using Avial.Tests.Planning.Plans;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Distributing;

/// <summary>What the cost model chooses, counted in the messages and bytes of the plans.</summary>
internal sealed class CostChooserTests
{
    // Messages are free, bytes are dear.
    private static readonly MachineModel s_bytes = new() { Ranks = 1, Latency = 0, SecondsPerByte = 1e-9, SecondsPerLaunch = 0 };

    [Test]
    public void Jacobi_WithFreeMessages_IsCutIntoFourBlocksWithTwoFacesEach()
    {
        const int N = 64;
        Planned planned = Planned.Of(new CostChooser(s_bytes), 4, Jacobi(N));

        for (int rank = 0; rank < 4; rank++)
        {
            SendStep[] sends = [.. planned.Steps<SendStep>(rank)];
            Assert.That(sends, Has.Length.EqualTo(2));
            Assert.That(sends.Select(s => s.Pieces.Sum(p => p.Box.Count)), Is.All.EqualTo(N / 2 - 1));
        }
    }

    [Test]
    public void Jacobi_WithDearMessages_IsCutIntoFewerParts()
    {
        const int N = 64;
        DistributionReport free = Report(s_bytes, 16, Jacobi(N));
        // On two ranks a step takes half as long and one message; on more than two it takes two messages.
        double step = free.OnOneRank.Seconds / 100;
        MachineModel dear = s_bytes with { SecondsPerByte = 0, Latency = 0.47 * step };

        Planned planned = Planned.Of(new CostChooser(dear), 16, Jacobi(N));

        Assert.That(Enumerable.Range(0, 16).Select(r => planned.Steps<SendStep>(r).Count()), Is.EqualTo(new[] { 1, 1 }.Concat(new int[14])));
    }

    [Test]
    public void Jacobi_OnSixteenRanks_IsSlabsWhereMessagesCostAndBlocksWhereBytesDo()
    {
        Array2D<double> end = Jacobi(480);
        MachineModel messages = s_bytes with { SecondsPerByte = 0, Latency = 1e-6 };

        Assert.That(MostSends(Planned.Of(new CostChooser(s_bytes), 16, end), 16), Is.EqualTo(4));
        Assert.That(MostSends(Planned.Of(new CostChooser(messages), 16, end), 16), Is.EqualTo(2));
    }

    [TestCase(64, 64, 64)]
    [TestCase(48, 96, 40)]
    public void Stencil3D_On64Ranks_SendsNoMoreThanFivePercentAboveTheBestBricks(int x, int y, int z)
    {
        Array3D<double> start = Array3D.From(new double[x, y, z]);
        Array3D<double> end = Task.Repeat(10, start, (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j, k) =>
            a[i - 1, j, k] + a[i + 1, j, k] + a[i, j - 1, k] + a[i, j + 1, k] + a[i, j, k - 1] + a[i, j, k + 1] - 6 * a[i, j, k]).Over(a));

        Planned planned = Planned.Of(new CostChooser(s_bytes), 64, end);

        double best = Factorisations.Of(64, 3).Min(g => 2.0 * ((g[0] - 1) * (y - 2) * (z - 2) + (g[1] - 1) * (x - 2) * (z - 2) + (g[2] - 1) * (x - 2) * (y - 2)));
        Assert.That(Sent(planned, 64).Sum(), Is.LessThanOrEqualTo(1.05 * best));
    }

    [TestCase(4, 256)]
    [TestCase(16, 240)]
    public void Transpose_SendsNoMoreThanFivePercentAboveTheAllToAllBound(int ranks, int n)
    {
        Array2D<double> start = Array2D.From(new double[n, n]);
        Array2D<double> cut = Task.Repeat(10, start, (a, t) => Task.On(Cpu).Run(new Domain2D(new(1, n - 1), new(0, n)), (i, j) => a[i - 1, j] + a[i + 1, j]).Over(a));
        Array2D<double> turned = Task.On(Cpu).Run(new Domain2D(n, n), (i, j) => cut[j, i] * 2);
        Array2D<double> end = Task.Repeat(10, turned, (a, t) => Task.On(Cpu).Run(new Domain2D(new(1, n - 1), new(0, n)), (i, j) => a[i - 1, j] + a[i + 1, j]).Over(a));

        Planned planned = Planned.Of(new CostChooser(s_bytes), ranks, turned, end);

        double bound = (double)n * n * (ranks - 1) / ((double)ranks * ranks);
        Assert.That(Enumerable.Range(0, ranks).Select(r => Sent(planned, r, ranks)), Is.All.LessThanOrEqualTo(1.05 * bound));
    }

    [TestCase(4)]
    [TestCase(16)]
    public void MatrixProduct_SendsNoMoreThanTheBoundOfItsGrid(int ranks)
    {
        const int N = 96;
        Array2D<double> a = Made(N, 1);
        Array2D<double> b = Made(N, 2);
        Array2D<double> c = Task.On(Cpu).Run(new Domain2D(N, N), (i, j) => Sum(0, N, k => a[i, k] * b[k, j]));

        Planned planned = Planned.Of(new CostChooser(s_bytes), ranks, a, b, c);

        double bound = 2.0 * N * N / Math.Sqrt(ranks);
        Assert.That(Enumerable.Range(0, ranks).Select(r => planned.Steps<ReceiveStep>(r).Sum(s => s.Pieces.Sum(p => p.Box.Count))), Is.All.LessThanOrEqualTo(bound));
        Assert.That(planned.Body.Map.Outputs[^1][0].Grid, Is.EqualTo(new[] { (int)Math.Sqrt(ranks), (int)Math.Sqrt(ranks) }));
    }

    [Test]
    public void ElementWiseChain_SendsNothing()
    {
        Array1D<double> x = Array1D.From(new double[10_000]);
        Array1D<double> y = Task.On(Cpu).Run(10_000, i => x[i] * 2);
        Array1D<double> z = Task.On(Cpu).Run(10_000, i => y[i] + x[i]);

        Planned planned = Planned.Of(new CostChooser(MachineModel.Ideal(4)), 4, y, z);

        Assert.That(Enumerable.Range(0, 4).SelectMany(r => planned.Steps<SendStep>(r)), Is.Empty);
        Assert.That(planned.Body.Map.Outputs.Select(o => o[0].Cells), Is.All.EqualTo(4));
    }

    [Test]
    public void SumOfWhatWasComputed_FindsItsElementsWhereTheyAre()
    {
        Array1D<double> x = Array1D.From(new double[100_000]);
        Array1D<double> y = Task.On(Cpu).Run(100_000, i => x[i] * 2);
        Scalar<double> sum = Task.On(Cpu).Reduce(100_000, i => y[i], Reduction.Sum);

        Planned planned = Planned.Of(new CostChooser(s_bytes), 3, y, sum);

        Assert.That(Enumerable.Range(0, 3).SelectMany(r => planned.Steps<SendStep>(r)), Is.Empty);
    }

    [Test]
    public void TinyProblem_StaysOnOneRankWithBothTimes()
    {
        var machine = new MachineModel { Ranks = 4 };

        DistributionReport report = Report(machine, 4, Jacobi(8));

        Assert.That(report.StaysOnOneRank);
        Assert.That(report.Chosen, Is.EqualTo(report.OnOneRank));
        Assert.That(report.Choices, Is.Not.Empty);
        Assert.That(report.Choices[0].RunnerUp, Is.Not.Null);
        Assert.That(report.Choices[0].RunnerUpCost.IsBelow(report.Choices[0].Cost), Is.False);
    }

    [Test]
    public void LargeProblem_IsDistributedAndSaysWhatItGains()
    {
        var machine = new MachineModel { Ranks = 4 };

        DistributionReport report = Report(machine, 4, Jacobi(2000));

        Assert.That(report.StaysOnOneRank, Is.False);
        Assert.That(report.Chosen.Seconds, Is.LessThan(0.4 * report.OnOneRank.Seconds));
    }

    [TestCase(4, 2)]
    [TestCase(65_536, 256)]
    public void Transpose_OnASquareGrid_IsPricedThoughTheDiagonalStays(int ranks, int side)
    {
        Array2D<double> a = Made(4096, 1);
        Array2D<double> turned = Task.On(Cpu).Run(a.Domain, (i, j) => a[j, i]);
        var (region, sources) = Planned.Describe(ranks, a, turned);
        DistributionSlots slots = DistributionSlots.Of(region, sources, ranks);
        var model = new CostModel(region, slots, s_bytes, ranks);
        int[] squares = [.. slots.Slots.Select(s => model.NumberOf(s.Fixed ?? s.Blocks([side, side], ranks, null)))];

        Assert.That(model.Total(squares).Bytes, Is.EqualTo(8.0 * 4096 * 4096 / ranks));
    }

    [Test]
    public void Reshape_OfRows_IsCutAlongItsRowsAndSendsNothing()
    {
        Array2D<double> rows = Task.On(Cpu).Run(new Domain2D(512, 512), (i, j) => Math.Sqrt(i) + Math.Sin(j));
        Array2D<double> wide = rows.Reshape(256, 1024);
        Array2D<double> end = Task.On(Cpu).Run(wide.Domain, (i, j) => Math.Sqrt(wide[i, j]));

        Planned planned = Planned.Of(new CostChooser(new MachineModel { Ranks = 4 }), 4, rows, end);

        Assert.That(planned.Body.Map.Outputs.Select(o => o[0].Cells), Is.All.EqualTo(4));
        Assert.That(Enumerable.Range(0, 4).SelectMany(r => planned.Steps<SendStep>(r)), Is.Empty);
    }

    [TestCase(510, 500, 300, 850)]
    [TestCase(1000, 37, 370, 100)]
    public void Reshape_BetweenSlabs_IsPricedAsWhatMoves(int rows, int columns, int newRows, int newColumns)
    {
        const int Ranks = 4;
        Array2D<double> x = Task.On(Cpu).Run(new Domain2D(rows, columns), (i, j) => Math.Sqrt(i) + j);
        Array2D<double> y = x.Reshape(newRows, newColumns);
        var (region, sources) = Planned.Describe(Ranks, x, Task.On(Cpu).Run(y.Domain, (i, j) => y[i, j] * 2));
        DistributionSlots slots = DistributionSlots.Of(region, sources, Ranks);
        var model = new CostModel(region, slots, s_bytes with { SecondsPerOperation = 0, SecondsPerByteOfMemory = 0 }, Ranks);
        int[] slabs = [.. slots.Slots.Select(s => model.NumberOf(s.Fixed ?? s.Blocks([Ranks, 1], Ranks, null)))];

        PlanCost cost = model.Total(slabs);

        BodyPlan body = BodyPlanner.PlanProgram(region, slots.ToMap(slot => model[slabs[slot.Number]]), Ranks, []);
        double most = Enumerable.Range(0, Ranks).Max(r => RankPlanBuilder.Build(body, new RankId(r), []).Body.Steps.OfType<ReceiveStep>().Sum(s => s.Pieces.Sum(p => p.Box.Count)));
        Assert.That(cost.Bytes, Is.InRange(8 * most, 8 * (most + 2 * columns)));
    }

    [Test]
    public void UnequalRanks_GetPartsOfTheirWeight()
    {
        MachineModel machine = s_bytes with { Weights = RankWeights.OfEach([1, 3]) };
        Array1D<double> y = Task.On(Cpu).Run(4000, i => (double)i);

        Planned planned = Planned.Of(new CostChooser(machine), 2, y);

        Distribution owner = planned.Body.Map.Outputs[^1][0];
        Assert.That(Enumerable.Range(0, 2).Select(r => owner.Own(new RankId(r)).Count), Is.EqualTo(new[] { 1000, 3000 }));
    }

    [TestCase(5, 8)]
    [TestCase(1, 4)]
    [TestCase(997, 7)]
    [TestCase(2, 3)]
    public void AnyNumberOfElementsAndRanks_IsPlanned(int elements, int ranks)
    {
        Array1D<double> y = Task.On(Cpu).Run(elements, i => Math.Sqrt(i));
        Array1D<double> z = Task.On(Cpu).Run(elements, i => y[elements - 1 - i] + 1);

        Planned planned = Planned.Of(new CostChooser(MachineModel.Ideal(ranks)), ranks, y, z);

        long owned = Enumerable.Range(0, ranks).Sum(r => planned.Body.Map.Outputs[^1][0].TryOwn(new RankId(r), out Box own) ? own.Count : 0);
        Assert.That(owned, Is.EqualTo(elements));
        Assert.That(planned.Body.Map.Outputs[^1][0].Cells, Is.EqualTo(Math.Min(elements, ranks)));
    }

    [Test]
    public void Choose_Again_DecidesTheSame()
    {
        Array2D<double> end = Jacobi(100);

        string[] texts = [.. Enumerable.Range(0, 3).Select(_ => string.Join("; ", Planned.Of(new CostChooser(s_bytes), 6, end).Body.Map.Bodies[0]!.Outputs.SelectMany(o => o)))];

        Assert.That(texts.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Choose_OnAnyNumberOfRanks_AsksAsMuch()
    {
        int few = Evaluations(4);
        int many = Evaluations(65_536);

        Assert.That(many, Is.LessThan(1.1 * few), $"{few} on 4 ranks, {many} on 65,536");

        static int Evaluations(int ranks)
        {
            var (region, sources) = Planned.Describe(ranks, Jacobi(2000));
            var model = new CostModel(region, DistributionSlots.Of(region, sources, ranks), s_bytes, ranks);
            new CostSearch(model, ranks).Find();
            return model.Evaluations;
        }
    }

    [Test]
    public void Choose_LongProgram_IsBounded()
    {
        Array1D<double> x = Array1D.From(new double[1000]);
        var all = new List<IComputed>();
        for (int k = 0; k < 3000; k++)
        {
            Array1D<double> before = x;
            x = Task.On(Cpu).Run(1000, i => before[Math.Max(i - 1, 0)] + before[i]);
            all.Add(x);
        }
        var (region, sources) = Planned.Describe(4, [.. all]);
        var model = new CostModel(region, DistributionSlots.Of(region, sources, 4), s_bytes, 4);

        new CostSearch(model, 4).Find();

        Assert.That(region.Nodes, Has.Length.EqualTo(3000));
        Assert.That(model.Evaluations, Is.LessThan(20_000));
        Assert.That(model.Questions, Is.LessThan(2_000_000));
    }

    private static Array2D<double> Jacobi(int n)
    {
        Array2D<double> start = Array2D.From(new double[n, n]);
        return Task.Repeat(10, start, (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j) =>
            0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a));
    }

    private static Array2D<double> Made(int n, double factor) => Task.On(Cpu).Run(new Domain2D(n, n), (i, j) => factor * i + Math.Sqrt(j));

    private static DistributionReport Report(MachineModel machine, int ranks, params IComputed[] results)
    {
        var (region, sources) = Planned.Describe(ranks, results);
        return new CostChooser(machine).Report(region, sources, ranks);
    }

    private static int MostSends(Planned planned, int ranks) => Enumerable.Range(0, ranks).Max(r => planned.Steps<SendStep>(r).Count());

    private static IEnumerable<double> Sent(Planned planned, int ranks) => Enumerable.Range(0, ranks).Select(r => Sent(planned, r, ranks));

    private static double Sent(Planned planned, int rank, int ranks) => rank >= ranks ? 0 : planned.Steps<SendStep>(rank).Sum(s => s.Pieces.Sum(p => p.Box.Count));
}
