using Avial.Diagnostics;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Planning.Plans;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Scatters that ranks share give what one rank gives; what stops a scatter, a scan or a fold in one rank's part is the same error on all ranks.</summary>
public sealed class SharedWorkTests
{
    private const int N = 1100;

    private static readonly int[] s_ranks = [1, 2, 3, 4, 7, 8];

    public enum Work
    {
        Histogram,
        WideHistogram,
        Deposition,
        Last,
        Grid,
        Numbers,
        Structs,
        Loop,
        LoopOfTwo,
        KeptPlaces,
        KeptGrid,
        KeptStructs,
        KeptInside,
        KeptFew,
        Chain,
        FewElements,
        Nothing,
    }

    public enum Stop
    {
        ScatterValue,
        ScatterTarget,
        ScatterTwoTargets,
        ScatterMerged,
        ScatterFold,
        ScatterInLoop,
        ScatterKept,
        ScatterKeptNumbered,
        Scan,
        ScanTwice,
        Fold,
        FoldCombination,
        Product,
    }

    private readonly record struct Particle(float X, int Id, bool Lives);

    [Test, Combinatorial]
    public void Scatter_OnRanks_GivesTheBitsOfOne([ValueSource(nameof(s_ranks))] int ranks, [Values] Work work)
    {
        Array expected = Result(work);
        var found = new Array[ranks];
        Session.RunOnRanks(ranks, session =>
        {
            session.Runner.Plans.Chooser = new ShapeChooser();
            found[session.Rank] = Result(work);
        }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(60) });

        Assert.That(found, Is.All.EqualTo(expected));
    }

    [Test, Combinatorial]
    public void Scatter_WhereTheProgramRunsOnce_GivesTheBitsOfOne([ValueSource(nameof(s_ranks))] int ranks, [Values] Work work, [Values] bool isByCost)
    {
        Array expected = Result(work);
        using Session session = Session.Create(o => o with { Ranks = ranks, WatchdogTimeout = TimeSpan.FromSeconds(60) });
        session.Runner.Plans.Chooser = isByCost ? session.Runner.Plans.Chooser : new ShapeChooser();

        Assert.That(Result(work), Is.EqualTo(expected));
        Assert.That(Result(work), Is.EqualTo(expected));
    }

    [Test, Combinatorial]
    public void Stop_InOneRanksPart_IsThatOfOneRank([Values(2, 3, 4, 7)] int ranks, [Values] Stop stop, [Values(5, N - 2)] int at)
    {
        string expected = Message(stop, at);
        var messages = new string[ranks];
        Session.RunOnRanks(ranks, session =>
        {
            session.Runner.Plans.Chooser = new ShapeChooser();
            for (int i = 0; i < 2; i++)
            {
                string message = Message(stop, at);
                messages[session.Rank] = i == 0 || message == messages[session.Rank] ? message : $"{i}: {message}";
                Assert.That(Task.On(Cpu).Run(60, k => k).Reduce(Reduction.Sum).Value, Is.EqualTo(60 * 59 / 2));
            }
        }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(60) });

        Assert.That(messages, Is.All.EqualTo(expected));
    }

    [Test, Combinatorial]
    public void Stop_WhereTheProgramRunsOnce_IsThatOfOneRank([Values(2, 3, 4, 7)] int ranks, [Values] Stop stop, [Values(5, N - 2)] int at)
    {
        string expected = Message(stop, at);
        using Session session = Session.Create(o => o with { Ranks = ranks, WatchdogTimeout = TimeSpan.FromSeconds(60) });
        session.Runner.Plans.Chooser = new ShapeChooser();

        for (int i = 0; i < 2; i++)
        {
            Assert.That(Message(stop, at), Is.EqualTo(expected));
            Assert.That(Task.On(Cpu).Run(60, k => k).Reduce(Reduction.Sum).Value, Is.EqualTo(60 * 59 / 2));
        }
    }

    [Test]
    public void Plans_OfScatters_ExchangeInTheWayThatCostsLess()
    {
        Array1D<double> x = Array1D.From(new double[N]);
        Array2D<double> y = Array2D.From(new double[40, 30]);

        ScatterExchange ExchangeOf(IComputed result) => Planned.Of(new ShapeChooser(), 4, result).Steps<ScatterStep>(1).Single().Exchange;

        Assert.That(ExchangeOf(Task.On(Cpu).Scatter(N, Array1D.Fill(10, 0L), i => i % 10, i => 1, Reduction.Sum)), Is.EqualTo(ScatterExchange.Merged));
        Assert.That(ExchangeOf(Task.On(Cpu).Scatter(N, Array1D.Fill(100 * N, 0L), i => i * 7, i => 1, Reduction.Sum)), Is.EqualTo(ScatterExchange.Ordered));
        Assert.That(ExchangeOf(Task.On(Cpu).Scatter(N, Array1D.Fill(10, 0.0), i => i % 10, i => x[i], Reduction.Sum)), Is.EqualTo(ScatterExchange.Ordered));
        Assert.That(ExchangeOf(Task.On(Cpu).Scatter((40, 30), Array1D.Fill(10, 0.0), (i, j) => (i + j) % 10, (i, j) => y[i, j], Reduction.Sum)), Is.EqualTo(ScatterExchange.Numbered));
    }

    private static Array Result(Work work)
    {
        Array1D<double> x = Task.On(Cpu).Named("x").Run(N, i => 1.0 / (1 + (i * 37) % 101));
        switch (work)
        {
            case Work.Histogram:
                return Task.On(Cpu).Scatter(N, Array1D.Fill(10, 3), i => i * i % 10, i => (int)(i % 3), Reduction.Sum).ToArray();
            case Work.WideHistogram:
                return Task.On(Cpu).Scatter(N, Array1D.Fill(N, 3L), i => i * i % N, i => i, Reduction.Max).ToArray();
            case Work.Deposition:
                return Task.On(Cpu).Scatter(N, Array1D.Fill(64, 0.5), i => (long)(x[i] * 63.0), i => x[i] * x[i], Reduction.Sum).ToArray();
            case Work.Last:
                return Task.On(Cpu).Scatter(N, Array1D.Fill(97, -1.0), i => i * 31 % 90, i => x[i], Reduction.Last).ToArray();
            case Work.Grid:
                return Task.On(Cpu).Scatter((40, 30), Array2D.Fill((7, 9), 0.25f), (i, j) => At(i * j % 7, (i + 3 * j) % 9), (i, j) => 1f / (1 + i + j), Reduction.Sum).ToArray();
            case Work.Numbers:
                return Task.On(Cpu).Scatter((20, 5, 7), Array3D.Fill((3, 4, 5), 1.0), (i, j, k) => At(i % 3, j % 4, k % 5), (i, j, k) => x[i * 35 + j * 7 + k], Reduction.Last).ToArray();
            case Work.Structs:
                Array1D<Particle> before = Array1D.Fill(50, new Particle(0.5f, -1, true));
                return Task.On(Cpu).Scatter(N, before, i => i * i % 50, i => new Particle((float)x[i], (int)i, i % 3 == 0), Reduction.Last).ToArray();
            case Work.Loop:
                return Task.Repeat(5, Array1D.Fill(80, 1.0), s => Task.On(Cpu).Scatter(N, s, i => (i * i + 3) % 80, i => x[i] * s[i % 80], Reduction.Sum)).ToArray();
            case Work.LoopOfTwo:
                return Task.Repeat(4, Array1D.Fill(70, 1L), (s, t) =>
                {
                    Array1D<long> counts = Task.On(Cpu).Scatter(N, Array1D.Fill(11, 0L), i => (i + t) % 11, i => i * s[i % 70], Reduction.Sum);
                    return Task.On(Cpu).Scatter(70, s, i => (i * 3 + t) % 70, i => counts[i % 11] % 1000, Reduction.Sum);
                }).ToArray();
            case Work.KeptPlaces:
                Array1D<int> at = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * i % 90)]);
                return Task.Repeat(6, Array1D.Fill(97, 1.0), s => Task.On(Cpu).Scatter(N, s, i => at[i], i => x[i] * s[i % 97], Reduction.Sum)).ToArray();
            case Work.KeptGrid:
                Array1D<int> column = Array1D.From([.. Enumerable.Range(0, 30).Select(i => i * i % 9)]);
                return Task.Repeat(4, Array2D.Fill((7, 9), 0.25f), s =>
                    Task.On(Cpu).Scatter((40, 30), s, (i, j) => At((i + j) % 7, column[j]), (i, j) => s[j % 7, i % 9] / (1 + i + j), Reduction.Sum)).ToArray();
            case Work.KeptStructs:
                return Task.Repeat(4, Array1D.Fill(50, new Particle(0.5f, -1, true)), s =>
                    Task.On(Cpu).Scatter(N, s, i => i * i % 50, i => new Particle(s[i % 50].X + (float)x[i], (int)i, i % 3 == 0), Reduction.Last)).ToArray();
            case Work.KeptInside:
                return Task.Repeat(3, (P: Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7 % 80)]), S: Array1D.Fill(80, 1.0)), s =>
                    (P: Task.On(Cpu).Run(N, i => (s.P[i] + 3) % 80), S: Task.Repeat(3, s.S, r => Task.On(Cpu).Scatter(N, r, i => s.P[i], i => x[i] * r[i % 80], Reduction.Sum)))).S.ToArray();
            case Work.KeptFew:
                return Task.Repeat(3, Array1D.Fill(2, 0.5), s => Task.On(Cpu).Scatter(3, s, i => i % 2, i => x[i] + s[1], Reduction.Sum)).ToArray();
            case Work.Chain:
                Array1D<double> sums = Task.On(Cpu).Scatter(N, Array1D.Fill(N, 0.0), i => (i * 7 + 1) % N, i => x[i], Reduction.Sum);
                Array1D<double> smooth = Task.On(Cpu).Run(N, i => 0.5 * (sums.Wrap[i - 1] + sums.Wrap[i + 1]));
                return Task.On(Cpu).Scatter(N, smooth, i => i / 2, i => sums[i], Reduction.Min).ToArray();
            case Work.FewElements:
                return Task.On(Cpu).Scatter(3, Array1D.Fill(2, 0.0), i => i % 2, i => x[i], Reduction.Sum).ToArray();
            default:
                return Task.On(Cpu).Scatter(0, Array1D.Fill(5, 2.0), i => i, i => x[i], Reduction.Sum).ToArray();
        }
    }

    private static string Message(Stop stop, int at) => Assert.Throws<AvialException>(() => Stopping(stop, at))!.Message;

    private static void Stopping(Stop stop, int at)
    {
        Array1D<int> x = Task.On(Cpu).Named("x").Run(N, i => (int)i);
        switch (stop)
        {
            case Stop.ScatterValue:
                Task.On(Cpu).Named("s").Scatter(N, Array1D.Fill(40, 0.0), i => i % 40, i => (double)(10 / (x[i] - at)), Reduction.Sum).ToArray();
                break;
            case Stop.ScatterTarget:
                Task.On(Cpu).Named("s").Scatter(N, Array1D.Fill(40, 0.0), i => x[i] >= at ? 40 + i : i % 40, i => 1.0, Reduction.Sum).ToArray();
                break;
            case Stop.ScatterTwoTargets:
                Task.On(Cpu).Named("s").Scatter(N, Array2D.Fill((6, 7), 0.0), i => At(i % 6, x[i] >= at ? -i : i % 7), i => 1.0, Reduction.Last).ToArray();
                break;
            case Stop.ScatterMerged:
                Task.On(Cpu).Named("s").Scatter(N, Array1D.Fill(4, 0), i => i % 4, i => 10 / (x[i] - at), Reduction.Sum).ToArray();
                break;
            case Stop.ScatterFold:
                Task.On(Cpu).Named("s").Scatter(N, Array1D.Fill(4, 1), i => i % 4, i => x[i] == at ? 0 : 1, Reduction.Of(1, (int a, int b) => a / b)).ToArray();
                break;
            case Stop.ScatterInLoop:
                Task.Repeat(3, Array1D.Fill(40, 0), s => Task.On(Cpu).Named("s").Scatter(N, s, i => i % 40, i => 10 / (x[i] - at - s[0]), Reduction.Sum)).ToArray();
                break;
            case Stop.ScatterKept:
                Task.Repeat(5, (S: Array1D.Fill(40, 0.0), T: Scalar.Of(0)), s => (
                    S: Task.On(Cpu).Named("s").Scatter(N, s.S, i => i % 40, i => (double)(10 / (x[i] - at + 3 - s.T.Value)), Reduction.Sum), T: Task.On(Cpu).Run(() => s.T.Value + 1))).S.ToArray();
                break;
            case Stop.ScatterKeptNumbered:
                Task.Repeat(5, (S: Array1D.Fill(40, 0.0), T: Scalar.Of(0)), s => (
                    S: Task.On(Cpu).Named("s").Scatter((N, 3), s.S, (i, j) => (i + j) % 40, (i, j) => (double)(10 / (x[i] - at + 3 - s.T.Value)), Reduction.Sum), T: Task.On(Cpu).Run(() => s.T.Value + 1))).S.ToArray();
                break;
            case Stop.Scan:
                Task.On(Cpu).Named("s").Scan(N, i => 10 / (x[i] - at), Reduction.Sum).ToArray();
                break;
            case Stop.ScanTwice:
                Array1D<int> first = Task.On(Cpu).Named("first").Scan(N, i => 10 / (x[i] - at), Reduction.Max);
                Task.On(Cpu).Named("second").Scan(N, i => first[i] / (x[i] - (N - at)), Reduction.Sum).ToArray();
                break;
            case Stop.Fold:
                _ = Task.On(Cpu).Named("s").Reduce(N, i => 10 / (x[i] - at), Reduction.Of(0, (int a, int b) => a + b)).Value;
                break;
            case Stop.FoldCombination:
                _ = Task.On(Cpu).Named("s").Reduce(N, i => x[i] == at ? 0 : 1, Reduction.Of(1, (int a, int b) => a / b)).Value;
                break;
            default:
                _ = Task.On(Cpu).Named("s").Reduce(N, i => (double)(10 / (x[i] - at)), Reduction.Product).Value;
                break;
        }
    }
}
