using System.Collections.Immutable;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Tests.Programs;
using static Avial.Tests.Backends.Interpreters.GraphMaker;
using static Avial.Tests.Execution.PlanExecutorTests;

namespace Avial.Tests.Execution;

/// <summary>All ranks end alike: with the same reason, whichever rank it came from.</summary>
public sealed class PlanExecutorFailureTests
{
    private const int N = 12;
    private static readonly ArrayType s_array = TypeOf<long>(N);
    private static readonly ArrayType s_integer = TypeOf<long>();

    [Test]
    public void Trap_OnOneRank_EndsAllWithItsReason([Values(2, 3, 4)] int ranks, [Values] bool isEager)
    {
        PlanRuns runs = Divisions(ranks, N - 1, -1, agrees: false, isEager);

        runs.Try(ranks);

        Assert.That(runs.Thrown, Is.All.Null);
        Assert.That(runs.Ends.Select(e => e!.ToException().Message), Is.All.StartsWith("AVL0420: Integer division by zero in 'first' at [11]."));
        Assert.That(runs.Ends.Select(e => (e!.Order, e.Index)), Is.All.EqualTo((0L, 11L)));
    }

    [Test]
    public void Traps_OnSeveralRanks_NameTheLowestOfTheFirstTaskWhereRanksAgree([Values(2, 3, 4)] int ranks, [Values] bool isEager, [Values(0, 1, 2)] int seed)
    {
        // The second task traps at 0 on rank 0; the first at 11, and at 7, on later ranks.
        PlanRuns runs = Divisions(ranks, 11, 0, agrees: true, isEager, 7, new Jitter(seed));

        runs.Try(ranks);

        Assert.That(runs.Thrown, Is.All.Null);
        Assert.That(runs.Ends.Select(e => e!.ToException().Message), Is.All.StartsWith("AVL0420: Integer division by zero in 'first' at [7]."));
    }

    [Test]
    public void NoTrap_WhereRanksAgree_GivesTheResults([Values(1, 2, 3)] int ranks)
    {
        PlanRuns runs = Divisions(ranks, -1, -1, agrees: true, isEager: false);

        long[] found = runs.Joined<long>(ranks, 0, r => Own(r, ranks));

        Assert.That(found, Is.EqualTo(Enumerable.Repeat(12L, N)));
    }

    [Test]
    public void Trap_InALoopOfOneRank_IsTheSameOnAllWhereRanksAgree([Values(1, 2, 3)] int ranks)
    {
        // x ← 12 / (x - 1): from 4 → 4, from 13 → 1 → trap in the second step, at the element 5.
        KernelUse divide = Use("kernel rank 1 (%0) reads (a0: i64[]) { %1 = load.i64 a0[%0] proven\n %2 = const.i64 12\n %3 = const.i64 1\n %4 = sub.i64 %1, %3\n %5 = div.i64 %2, %4\n return %5 }");
        var body = new Region([s_array, s_integer], [Node(new MapOperation([new MapPiece(Domain((0, N)), divide)], [], [0]) { Outputs = [s_array] }, [GraphValue.Parameter(0)]) with { Name = "step" }],
            [new GraphValue(0, 0)]);
        var region = new Region([s_array], [Node(new LoopOperation(body, 1, false, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0)]);
        long[] start = [.. Enumerable.Repeat(4L, N)];
        start[5] = 13;
        var runs = new PlanRuns
        {
            Region = region,
            Scalars = [10],
            Sources = [StorageOf(start, [N])],
            AgreesAfterEachNode = true,
            Plan = (rank, count) =>
            {
                var inner = new PlanMaker(body);
                int x = inner.Given("x", s_array, Own(rank, count));
                int next = inner.Allocated("next", s_array, Own(rank, count));
                inner.Add(new LaunchStep(0, [x], [next], [Own(rank, count)]));
                RankBody step = inner.Body([x, -1], [next]);
                var plan = new PlanMaker(region);
                int given = plan.Given("x", s_array, Own(rank, count));
                int last = plan.Made("last", s_array, Own(rank, count));
                int steps = plan.Allocated("steps", s_integer);
                plan.Add(new LoopStep(0, [given], [last, steps], [], new FixedBodies(step)));
                return plan.Body([given], [last]);
            },
        };

        runs.Try(ranks);

        string[] messages = [.. runs.Ends.Select((e, r) => (e?.ToException() ?? TrapMessages.Describe((TrapException)runs.Thrown[r]!)).Message)];
        Assert.That(messages, Is.All.StartsWith("AVL0420: Integer division by zero in 'step' at [5]."));
    }

    [Test]
    public void Call_ThatThrowsOnOneRank_EndsAllWithTheSame([Values] bool agrees)
    {
        ArrayType type = s_integer;
        var region = new Region([type], [Node(new CallOperation(new Thrower(), true) { Outputs = [type] }, [GraphValue.Parameter(0)]) with { Name = "code" }], [new GraphValue(0, 0)]);
        var runs = new PlanRuns
        {
            Region = region,
            Sources = [StorageOf([1L], [])],
            AgreesAfterEachNode = agrees,
            Plan = (rank, ranks) =>
            {
                var plan = new PlanMaker(region);
                int x = plan.Given("x", type);
                int y = plan.Allocated("y", type);
                if (rank == 1)
                {
                    int call = plan.Add(new CallStep(0, [x], [y]));
                    plan.Add(new SendStep(new RankId(0), 0, [new Piece(y, type.Box)]), call);
                    plan.Add(new SendStep(new RankId(2), 0, [new Piece(y, type.Box)]), call);
                }
                else
                {
                    plan.Add(new ReceiveStep(new RankId(1), 0, [new Piece(y, type.Box)]));
                }
                return plan.Body([x], [y]);
            },
        };

        runs.Try(3);

        Assert.That(runs.Thrown, Is.All.Null);
        Assert.That(runs.Ends.Select(e => e!.ToException()), Is.All.InstanceOf<AvialException>().With.Message.StartsWith("AVL0405: The code called by 'code' threw InvalidTimeZoneException: no").And.InnerException.InstanceOf<InvalidTimeZoneException>());
    }

    [Test]
    public void Cancellation_InTheMiddleOfALoop_EndsAllRanksAndLeavesThemAbleToGoOn([Values(1, 2, 3)] int ranks)
    {
        using var source = new CancellationTokenSource();
        var plans = new HaloLoop(9, 1000, new CancellingCall(source));
        PlanRuns runs = plans.Runs(InProcessOptions.Rendezvous, source.Token);

        runs.Try(ranks);

        Exception?[] ends = [.. Enumerable.Range(0, ranks).Select(r => runs.Thrown[r] ?? runs.Ends[r]?.ToException())];
        Assert.That(ends, Is.All.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Evaluation_AfterOneThatTrapped_ComesThrough([Values(2, 3)] int ranks)
    {
        PlanRuns trapping = Divisions(ranks, 5, -1, agrees: false, isEager: true);
        PlanRuns good = Divisions(ranks, -1, -1, agrees: false, isEager: true);
        var code = CompiledNodes.Compile(trapping.Region, new Avial.Backends.Managed.ManagedCodeGenerator());
        var ends = new (Interruption? First, Interruption? Second)[ranks];
        var results = new Storage?[ranks][];

        Tests.Ranks.RankThreads.Run(ranks, communicator =>
        {
            int rank = communicator.Rank.Value;
            (Interruption? first, _) = trapping.RunOnce(communicator, code);
            Collectives.Barrier(communicator, Tests.Ranks.RankThreads.Here);
            (Interruption? second, results[rank]) = good.RunOnce(communicator, code);
            ends[rank] = (first, second);
        });

        Assert.That(ends.Select(e => (e.First?.Id, e.Second)), Is.All.EqualTo(("AVL0420", (Interruption?)null)));
    }

    private static Box Own(int rank, int ranks) => Box(PlanRuns.Block(N, rank, ranks));

    /// <summary>first = 12 / x; second = 12 / y; the zeros of x and y are given. Every rank then needs its right neighbour's edge of the first.</summary>
    private static PlanRuns Divisions(int ranks, int zero, int secondZero, bool agrees, bool isEager, int otherZero = -1, CallBody? delay = null)
    {
        KernelUse divide = Use("kernel rank 1 (%0) reads (a0: i64[]) { %1 = load.i64 a0[%0] proven\n %2 = const.i64 12\n %3 = div.i64 %2, %1\n return %3 }");
        KernelUse sum = Use("kernel rank 1 (%0) reads (a0: i64[], a1: i64[]) { %1 = load.i64 a0[-%0 + 11] proven\n %2 = load.i64 a1[%0] proven\n %3 = mul.i64 %1, %2\n return %3 }");
        MapOperation map = new([new MapPiece(Domain((0, N)), divide)], [], [0]) { Outputs = [s_array] };
        var region = new Region([s_array, s_array],
            [
                Node(new CallOperation(delay ?? new Jitter(0), true) { Outputs = [] }, []),
                Node(map, [GraphValue.Parameter(0)]) with { Name = "first" },
                Node(map, [GraphValue.Parameter(1)]) with { Name = "second", Order = 1 },
                Node(new MapOperation([new MapPiece(Domain((0, N)), sum)], [], [0]) { Outputs = [s_array] }, [new GraphValue(1, 0), new GraphValue(2, 0)]) with { Name = "product", Order = 2 },
            ],
            [new GraphValue(3, 0)]);
        long[] x = [.. Enumerable.Repeat(3L, N)];
        long[] y = [.. Enumerable.Repeat(4L, N)];
        foreach (int place in new[] { zero, otherZero }.Where(z => z >= 0))
        {
            x[place] = 0;
        }
        if (secondZero >= 0)
        {
            y[secondZero] = 0;
        }
        return new PlanRuns
        {
            Region = region,
            Sources = [StorageOf(x, [N]), StorageOf(y, [N])],
            Options = isEager ? new InProcessOptions() : InProcessOptions.Rendezvous,
            AgreesAfterEachNode = agrees,
            Plan = (rank, count) => Plan(region, rank, count),
        };

        // The first task's result is read from the other end: from the mirrored rank.
        static RankBody Plan(Region region, int rank, int ranks)
        {
            Box own = Own(rank, ranks);
            Box mirrored = new([N - own.High[0]], [N - own.Low[0]]);
            var plan = new PlanMaker(region);
            int x = plan.Given("x", s_array, own);
            int y = plan.Given("y", s_array, own);
            int first = plan.Allocated("first", s_array, own);
            int second = plan.Allocated("second", s_array, own);
            int other = plan.Allocated("first mirrored", s_array, mirrored);
            int product = plan.Allocated("product", s_array, own);
            plan.Add(new CallStep(0, [], []));
            int firstDone = plan.Add(new LaunchStep(1, [x], [first], [own]));
            var moved = ImmutableArray.CreateBuilder<int>();
            for (int r = 0; r < ranks; r++)
            {
                Box theirs = new([N - Own(r, ranks).High[0]], [N - Own(r, ranks).Low[0]]);
                Box incoming = mirrored.Intersect(Own(r, ranks));
                Box outgoing = theirs.Intersect(own);
                if (r == rank && !incoming.IsEmpty)
                {
                    moved.Add(plan.Add(new CopyStep([(new Piece(first, incoming), new Piece(other, incoming))]), firstDone));
                }
                if (r != rank && !incoming.IsEmpty)
                {
                    moved.Add(plan.Add(new ReceiveStep(new RankId(r), 0, [new Piece(other, incoming)])));
                }
                if (r != rank && !outgoing.IsEmpty)
                {
                    plan.Add(new SendStep(new RankId(r), 0, [new Piece(first, outgoing)]), firstDone);
                }
            }
            int secondDone = plan.Add(new LaunchStep(2, [y], [second], [own]));
            plan.Add(new LaunchStep(3, [other, second], [product], [own]), [secondDone, .. moved]);
            return plan.Body([x, y], [product]);
        }
    }

    private sealed class Thrower : CallBody
    {
        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes) => throw new InvalidTimeZoneException("no");
    }

    /// <summary>Delays each rank for another time.</summary>
    private sealed class Jitter(int seed) : CallBody
    {
        private int _calls;

        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes) =>
            Thread.SpinWait(new Random(seed * 100 + Interlocked.Increment(ref _calls)).Next(100_000));
    }

    private sealed class CancellingCall(CancellationTokenSource source) : CallBody
    {
        private int _runs;

        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
        {
            if (Interlocked.Increment(ref _runs) == 50)
            {
                source.Cancel();
            }
        }
    }
}
