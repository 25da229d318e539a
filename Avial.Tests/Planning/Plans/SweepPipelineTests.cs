using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.PolyBench;
using Avial.Tests.Programs;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

/// <summary>Sweeps over ranks are pipelines: how many messages, and how long the longest chain of points is that wait for one another.</summary>
internal sealed class SweepPipelineTests
{
    private const int Ranks = 4;

    [TestCase(4)]
    [TestCase(8)]
    [TestCase(16)]
    public void FivePoints_OnFourRanks_TakeTilesPlusRanksLessOne(int tiles)
    {
        Planned planned = Planned.Of(new ShapeChooser { Tiles = new FixedTiles(tiles) }, Ranks, FivePoints(4 * 8 + 2, 16 * 4 + 2, 1));

        long tile = 8 * 16 * 4 / tiles;
        Assert.That(LongestChain(planned.Ranks), Is.EqualTo(tile * (tiles + Ranks - 1)).Within(tile));
        for (int rank = 0; rank < Ranks; rank++)
        {
            Assert.That(planned.Steps<LaunchStep>(rank).Count(), Is.EqualTo(tiles));
            int[] toNext = [.. planned.Steps<SendStep>(rank).Where(s => s.To.Value == rank + 1).Select(s => s.Tag)];
            int[] toLast = [.. planned.Steps<SendStep>(rank).Where(s => s.To.Value == rank - 1).Select(s => s.Tag)];
            Assert.That(toNext, Has.Length.EqualTo(rank == Ranks - 1 ? 0 : tiles));
            Assert.That(toLast, Has.Length.EqualTo(rank == 0 ? 0 : 1), "old values");
        }
        AssertCertified(planned);
    }

    [Test]
    public void FivePoints_InOneTile_TakeAsLongAsOneRank()
    {
        Planned planned = Planned.Of(new ShapeChooser { Tiles = new FixedTiles(1) }, Ranks, FivePoints(34, 66, 1));

        Assert.That(LongestChain(planned.Ranks), Is.EqualTo(32 * 64));
    }

    [Test]
    public void SevenPoints_OnAGridOfRanks_RunAsFrontsThroughIt()
    {
        const int Tiles = 8;
        Array3D<double> a = Array3D.From(new double[18, 18, 34]);
        Array3D<double> swept = Task.On(Cpu).Sweep(a, a.Interior(1), (s, i, j, k) => s[i - 1, j, k] + s[i, j - 1, k] + s[i, j, k - 1] - s[i + 1, j, k] - s[i, j + 1, k] - s[i, j, k + 1]);
        Planned planned = Planned.Of(new GridChooser(2, 2, 1) { Tiles = new FixedTiles(Tiles) }, Ranks, swept);

        const long Tile = 8 * 8 * 32 / Tiles;
        Assert.That(LongestChain(planned.Ranks), Is.EqualTo(Tile * (Tiles + 2)));
        AssertCertified(planned);
    }

    [Test]
    public void NinePoints_OnFourRanks_OverlapMostOfTheirWork()
    {
        const int N = 64;
        Planned planned = Planned.Of(new AxisChooser(0, 0) { Tiles = new FixedTiles(16) }, Ranks, Seidel2D.Avial(1, Array2D.From(new double[N + 2, N + 2])));

        // Each rank follows the one before through the corner in which its own tiles are short.
        const int Rows = N / Ranks;
        double expected = Rows * N + (Ranks - 1) * (Rows * Rows + 2.0 * Rows * N / 16);
        ImmutableArray<RankPlan> bodies = Unrolled(planned, 1);
        Assert.That(LongestChain(bodies), Is.LessThan(expected).And.GreaterThan(Rows * N));
        Assert.That(bodies.SelectMany(p => p.Body.Steps).OfType<LaunchStep>().All(l => l.Within is not null), Is.True);
        AssertCertified(planned);
    }

    [Test]
    public void NinePoints_InALoop_OverlapFromStepToStep()
    {
        const int N = 64;
        const int Steps = 10;
        Planned planned = Planned.Of(new AxisChooser(0, 0) { Tiles = new FixedTiles(16) }, Ranks, Seidel2D.Avial(Steps, Array2D.From(new double[N + 2, N + 2])));

        long one = LongestChain(Unrolled(planned, 1));
        long all = LongestChain(Unrolled(planned, Steps));

        // The first rank begins a step when the second has ended the one before.
        double step = 1.5 * N * N / Ranks;
        Assert.That(all, Is.LessThan(one + (Steps - 1) * step));
        Assert.That(all, Is.LessThan(Steps * N * N / 2));
    }

    [Test]
    public void Sweep_OfMachineConstants_HasMoreTilesWhereMessagesAreCheap()
    {
        int TilesAt(double latency)
        {
            var machine = new MachineModel { Ranks = Ranks, Latency = latency, SecondsPerLaunch = latency };
            Planned planned = Planned.Of(new CostChooser(machine), Ranks, FivePoints(402, 402, 1));
            return planned.Steps<LaunchStep>(0).Count();
        }

        int[] tiles = [.. new[] { 1e-3, 1e-5, 1e-6, 1e-7, 0 }.Select(TilesAt)];

        Assert.That(tiles, Is.Ordered);
        Assert.That(tiles[0], Is.EqualTo(1), "on one rank");
        Assert.That(tiles[2], Is.InRange(4, 40));
        Assert.That(tiles[^1], Is.InRange(SweepTiles.Most * 3 / 4, SweepTiles.Most));
    }

    [Test]
    public void Nussinov_OnFourRanks_IsAPipelineFromTheLastRowUp()
    {
        Planned planned = Planned.Of(new AxisChooser(0, 0) { Tiles = new FixedTiles(8) }, Ranks, Nussinov.Avial(Array1D.From(new int[64])));

        LaunchStep[] sweeps = [.. planned.Steps<LaunchStep>(Ranks - 1).Where(l => l.Parts[0].Rank == 2 && l.Parts[0].Length(1) < 64)];
        Assert.That(sweeps, Has.Length.EqualTo(8));
        Assert.That(planned.Steps<SendStep>(0).Count(), Is.Zero);
        AssertCertified(planned);
    }

    [TestCase("straight")]
    [TestCase("slanted")]
    public void Text_OfAPipeline_IsAsRecorded(string name)
    {
        Array2D<double> a = Array2D.From(new double[5, 6]);
        Array2D<double> swept = name == "straight"
            ? Task.On(Cpu).Named("swept").Sweep(a, a.Interior(1), (s, i, j) => s[i - 1, j] + s[i, j - 1] + s[i + 1, j])
            : Task.On(Cpu).Named("swept").Sweep(a, a.Interior(1), (s, i, j) => s[i - 1, j + 1] + s[i, j - 1] + s[i + 1, j]);
        Planned planned = Planned.Of(new ShapeChooser { Tiles = new FixedTiles(2) }, 2, swept);

        string text = RankPlanPrinter.Print([.. planned.Ranks]);

        Golden.Check(text, $"{name}-sweep.plan");
        Assert.That(RankPlanPrinter.Print(RankPlanParser.Parse(text)), Is.EqualTo(text));
        AssertCertified(planned);
    }

    private static Array2D<double> FivePoints(int rows, int columns, int steps) => Task.On(Cpu).Sweep(Array2D.From(new double[rows, columns]), new Domain2D(new(1, rows - 1), new(1, columns - 1)),
        (s, i, j) => 0.2 * (s[i, j] + s[i - 1, j] + s[i, j - 1] + s[i + 1, j] + s[i, j + 1]));

    private static void AssertCertified(Planned planned)
    {
        PlanVerdict verdict = PlanVerifier.Verify(planned.Ranks, planned.Scalars);
        Assert.That(verdict.Violations, Is.Empty, string.Join("\n", verdict.Violations.Take(3)));
    }

    /// <summary>The bodies of a program that is a loop, as often as it runs them, one after another on each rank.</summary>
    private static ImmutableArray<RankPlan> Unrolled(Planned planned, int times) => [.. planned.Ranks.Select(plan =>
    {
        RankBody body = plan.Body.Steps.OfType<LoopStep>().Single().Bodies.At(0);
        return plan with
        {
            Body = body with { Steps = [.. Enumerable.Range(0, times).SelectMany(t => body.Steps.Select(s => s with { After = [.. s.After.Select(a => a + t * body.Steps.Length)] }))] },
        };
    })];

    /// <summary>The points of the longest chain: ranks run their steps in the order listed, a message is there when it was sent, and all else costs nothing.</summary>
    private static long LongestChain(IReadOnlyList<RankPlan> plans)
    {
        RankClock[] clocks = [.. plans.Select(p => new RankClock(p))];
        while (clocks.Aggregate(false, (isMoving, clock) => clock.Advance(clocks) || isMoving))
        {
        }
        Assert.That(clocks.All(c => c.IsDone), Is.True, "every message arrives");
        return clocks.Max(c => c.Time);
    }

    /// <summary>Cuts every array of as many axes into this grid.</summary>
    private sealed class GridChooser(params int[] grid) : IDistributionChooser
    {
        public required ITileChooser Tiles { get; init; }

        public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) => DistributionSlots.Of(region, sources, ranks)
            .ToMap(slot => slot.Space.Rank == grid.Length && slot.Allows(grid) ? slot.Blocks(grid, ranks, null) : Distribution.OnOne(slot.Space, new RankId(0), ranks));
    }

    /// <summary>How far a rank has come, and when.</summary>
    private sealed class RankClock(RankPlan plan)
    {
        private readonly Dictionary<(int To, int Tag), List<long>> _sent = [];
        private readonly Dictionary<(int From, int Tag), int> _received = [];
        private readonly Dictionary<int, (int From, int Tag, int Number)> _awaited = [];
        private int _next;

        public long Time { get; private set; }

        public bool IsDone => _next == plan.Body.Steps.Length;

        public bool Advance(RankClock[] clocks)
        {
            int first = _next;
            while (!IsDone && Arrived(plan.Body.Steps[_next], clocks))
            {
                Run(plan.Body.Steps[_next]);
                _next++;
            }
            return _next > first;
        }

        // A step waits for the messages that it names.
        private bool Arrived(RankStep step, RankClock[] clocks)
        {
            foreach (int earlier in step.After)
            {
                if (!_awaited.TryGetValue(earlier, out (int From, int Tag, int Number) message))
                {
                    continue;
                }
                if (!clocks[message.From]._sent.TryGetValue((plan.Rank.Value, message.Tag), out List<long>? sent) || sent.Count <= message.Number)
                {
                    return false;
                }
                Time = Math.Max(Time, sent[message.Number]);
            }
            return true;
        }

        private void Run(RankStep step)
        {
            switch (step)
            {
                case SendStep send:
                    if (!_sent.TryGetValue((send.To.Value, send.Tag), out List<long>? sent))
                    {
                        _sent[(send.To.Value, send.Tag)] = sent = [];
                    }
                    sent.Add(Time);
                    break;
                case ReceiveStep receive:
                    int number = _received.GetValueOrDefault((receive.From.Value, receive.Tag));
                    _received[(receive.From.Value, receive.Tag)] = number + 1;
                    _awaited[_next] = (receive.From.Value, receive.Tag, number);
                    break;
                case LaunchStep launch:
                    Time += launch.Within is { } band ? band.Cut(launch.Parts[0]).Sum(b => b.Count) : launch.Parts.Sum(b => b.Count);
                    break;
            }
        }
    }
}
