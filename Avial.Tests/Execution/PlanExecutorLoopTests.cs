using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Tests.Programs;
using static Avial.Tests.Backends.Interpreters.GraphMaker;
using static Avial.Tests.Execution.PlanExecutorTests;

namespace Avial.Tests.Execution;

/// <summary>Whose memory is whose when the state of a loop goes round.</summary>
public sealed class PlanExecutorLoopTests
{
    private static readonly ArrayType s_array = TypeOf<long>(4);
    private static readonly ArrayType s_integer = TypeOf<long>();

    [Test]
    public void Loop_ThatSwapsItsState_HandsTheMemoryOver([Values(0, 1, 2, 5)] int steps)
    {
        // (a, b) ← (b, a + 1)
        var body = new Region([s_array, s_array, s_integer], [Node(Plus(s_array), [GraphValue.Parameter(0)])], [GraphValue.Parameter(1), new GraphValue(0, 0)]);
        RankBody inner = PlanOf(body, plan =>
        {
            int a = plan.Given("a", s_array);
            int b = plan.Given("b", s_array);
            int next = plan.Allocated("next", s_array);
            int launch = plan.Add(new LaunchStep(0, [a], [next], [Box((0, 4))]));
            plan.Add(new FreeStep(a), launch);
            return plan.Body([a, b, -1], [b, next]);
        });

        (long[][] found, long count) = Run(body, inner, [[1L, 2, 3, 4], [10L, 20, 30, 40]], steps);

        long[][] expected = [[1L, 2, 3, 4], [10L, 20, 30, 40]];
        for (int s = 0; s < steps; s++)
        {
            expected = [expected[1], [.. expected[0].Select(v => v + 1)]];
        }
        Assert.That(found, Is.EqualTo(expected));
        Assert.That(count, Is.EqualTo(steps));
    }

    [Test]
    public void Loop_ThatWritesItsStateInPlace_KeepsOneArray()
    {
        var body = new Region([s_array, s_integer], [Node(PlusOver(s_array), [GraphValue.Parameter(0)])], [new GraphValue(0, 0)]);
        RankBody inner = PlanOf(body, plan =>
        {
            int a = plan.Given("a", s_array);
            plan.Add(new LaunchStep(0, [a], [a], [Box((1, 4))]));
            return plan.Body([a, -1], [a]);
        });

        (long[][] found, _) = Run(body, inner, [[1L, 2, 3, 4]], 3);

        Assert.That(found[0], Is.EqualTo(new[] { 1L, 5, 6, 7 }));
    }

    [Test]
    public void Loop_WhoseResultIsGivenTwiceOrIsTheStepOrACapture_CopiesThem()
    {
        // (a, b, s, c) ← (a + 1, a + 1, t, capture): nothing of it may be one memory.
        var body = new Region([s_array, s_array, s_integer, s_array, s_integer, s_array], [Node(Plus(s_array), [GraphValue.Parameter(0)])],
            [new GraphValue(0, 0), new GraphValue(0, 0), GraphValue.Parameter(4), GraphValue.Parameter(5)]);
        RankBody inner = PlanOf(body, plan =>
        {
            int a = plan.Given("a", s_array);
            int step = plan.Given("t", s_integer);
            int capture = plan.Given("capture", s_array);
            int next = plan.Allocated("next", s_array);
            plan.Add(new LaunchStep(0, [a], [next], [Box((0, 4))]));
            return plan.Body([a, -1, -1, -1, step, capture], [next, next, step, capture]);
        });
        var region = new Region([s_array, s_array, s_integer, s_array, s_array],
            [Node(new LoopOperation(body, 4, false, 1) { Outputs = [s_array, s_array, s_integer, s_array, s_integer] }, [.. Enumerable.Range(0, 5).Select(GraphValue.Parameter)], 0)],
            [.. Enumerable.Range(0, 5).Select(o => new GraphValue(0, o))]);
        RankBody outer = PlanOf(region, plan =>
        {
            // The first states are the sources themselves: the loop must not take them.
            ImmutableArray<int> given = [.. region.Parameters.Select((t, p) => plan.Given($"p{p}", t))];
            ImmutableArray<int> outputs = [.. region.Parameters.Take(4).Select((t, p) => plan.Made($"o{p}", t))];
            int count = plan.Allocated("steps", s_integer);
            plan.Add(new LoopStep(0, given[..4], [.. outputs, count], [(2, given[4])], new FixedBodies(inner)));
            return plan.Body(given, [.. outputs, count]);
        });
        Storage[] sources = [Array(1, 2, 3, 4), Array(0, 0, 0, 0), StorageOf([7L], []), Array(0, 0, 0, 0), Array(9, 8, 7, 6)];

        Storage?[] found = new PlanRuns { Region = region, Plan = (_, _) => outer, Scalars = [3], Sources = sources }.Run(1)[0];

        Assert.That(found.Select(f => Read<long>(f!)), Is.EqualTo(new long[][] { [4, 5, 6, 7], [4, 5, 6, 7], [2], [9, 8, 7, 6], [3] }));
        Assert.That(sources.Select(Read<long>), Is.EqualTo(new long[][] { [1, 2, 3, 4], [0, 0, 0, 0], [7], [0, 0, 0, 0], [9, 8, 7, 6] }));
    }

    [Test]
    public void Loop_WhoseStateIsReshapedEachStep_LivesOnAFewArrays([Values] bool isFreed)
    {
        ArrayType row = TypeOf<long>(1, 4);
        var body = new Region([s_array, s_integer],
            [Node(Plus(s_array), [GraphValue.Parameter(0)]), Node(new ReshapeOperation { Outputs = [row] }, [new GraphValue(0, 0)]), Node(new ReshapeOperation { Outputs = [s_array] }, [new GraphValue(1, 0)])],
            [new GraphValue(2, 0)]);
        RankBody inner = PlanOf(body, plan =>
        {
            int a = plan.Given("a", s_array);
            int sum = plan.Allocated("sum", s_array);
            int launch = plan.Add(new LaunchStep(0, [a], [sum], [Box((0, 4))]));
            int wide = plan.Made("wide", row);
            int back = plan.Made("back", s_array);
            int first = plan.Add(new ReshapeStep(1, sum, wide), launch);
            int second = plan.Add(new ReshapeStep(2, wide, back), first);
            if (isFreed)
            {
                plan.Add(new FreeStep(a), launch);
                plan.Add(new FreeStep(sum), first);
                plan.Add(new FreeStep(wide), second);
            }
            return plan.Body([a, -1], [back]);
        });

        (long[][] found, _) = Run(body, inner, [[1L, 2, 3, 4]], 50);

        Assert.That(found[0], Is.EqualTo(new[] { 51L, 52, 53, 54 }));
    }

    [Test]
    public void Reshape_WhoseFirstBufferIsFreedBeforeTheSecondIsRead_KeepsTheMemory()
    {
        // y = reshape(x + 1); free x + 1; z = y + 1 in memory acquired meanwhile.
        ArrayType row = TypeOf<long>(1, 4);
        KernelUse plus = Use("kernel rank 2 (%0, %1) reads (a0: i64[,]) { %2 = load.i64 a0[%0, %1] proven\n %3 = const.i64 1\n %4 = add.i64 %2, %3\n return %4 }");
        var region = new Region([s_array],
            [
                Node(Plus(s_array), [GraphValue.Parameter(0)]),
                Node(new ReshapeOperation { Outputs = [row] }, [new GraphValue(0, 0)]),
                Node(new MapOperation([new MapPiece(Domain((0, 1), (0, 4)), plus)], [], [0, 0]) { Outputs = [row] }, [new GraphValue(1, 0)]),
            ],
            [new GraphValue(2, 0), new GraphValue(1, 0)]);
        RankBody body = PlanOf(region, plan =>
        {
            int x = plan.Given("x", s_array);
            int sum = plan.Allocated("sum", s_array);
            int first = plan.Add(new LaunchStep(0, [x], [sum], [Box((0, 4))]));
            int wide = plan.Made("wide", row);
            int second = plan.Add(new ReshapeStep(1, sum, wide), first);
            plan.Add(new FreeStep(sum), second);
            int z = plan.Allocated("z", row);
            plan.Add(new LaunchStep(2, [wide], [z], [Box((0, 1), (0, 4))]), second);
            return plan.Body([x], [z, wide]);
        });

        Storage?[] found = new PlanRuns { Region = region, Plan = (_, _) => body, Sources = [Array(1, 2, 3, 4)] }.Run(1)[0];

        Assert.That(found.Select(f => Read<long>(f!)), Is.EqualTo(new long[][] { [3, 4, 5, 6], [2, 3, 4, 5] }));
        Assert.That(found[1]!.Type, Is.EqualTo(row));
    }

    [Test]
    public void Loop_WhoseBodiesMove_RefreshesThemInPlace([Values(1, 2, 3)] int ranks, [Values] bool keepsEmptySteps)
    {
        // At step t: x[t] ← x[t] + 1 in place, on the rank that has it. Then the state goes to the other end: windows of a scratch array move too.
        const int N = 9;
        ArrayType type = TypeOf<long>(N);
        KernelUse plus = Use(Increment);
        var domain = new IterationDomain([new AxisRange(new LinearBound(0, [new BoundTerm(1, 1)]), new LinearBound(1, [new BoundTerm(1, 1)]))]);
        var body = new Region([type, s_integer],
            [
                Node(new MapOperation([new MapPiece(domain, plus)], [0], [0]) { Outputs = [type] }, [GraphValue.Parameter(0), GraphValue.Parameter(1)]),
            ],
            [new GraphValue(0, 0)]);
        Region region = LoopOver(body, type);
        var runs = new PlanRuns
        {
            Region = region,
            Scalars = [N - 1],
            Sources = [StorageOf([.. Enumerable.Range(0, N).Select(i => 10L * i)], [N])],
            Plan = (rank, count) => OuterPlan(region, type, Own(rank, count), new MovingBodies(t => Inner(t, rank, count))),
        };

        long[] found = runs.Joined<long>(ranks, 0, r => Own(r, ranks));

        Assert.That(found, Is.EqualTo(Enumerable.Range(0, N).Select(i => i < N - 1 ? 10L * i + 1 : 10L * i)));

        Box Own(int rank, int count) => Box(PlanRuns.Block(N, rank, count));
        RankBody Inner(long t, int rank, int count)
        {
            Box part = Box((t, t + 1)).Intersect(Own(rank, count));
            var plan = new PlanMaker(body);
            int x = plan.Given("x", type, Own(rank, count));
            int step = plan.Given("t", s_integer);
            if (keepsEmptySteps || !part.IsEmpty)
            {
                Box window = part.IsEmpty ? Box((t, t)) : part;
                int scratch = plan.Allocated("scratch", type, window);
                int copied = plan.Add(new CopyStep([(new Piece(x, part), new Piece(scratch, part))]));
                int launch = plan.Add(new LaunchStep(0, [scratch, step], [scratch], [part]), copied);
                int back = plan.Add(new CopyStep([(new Piece(scratch, part), new Piece(x, part))]), launch);
                plan.Add(new FreeStep(scratch), back);
            }
            return plan.Body([x, step], [x]);
        }
    }

    [Test]
    public void Domain_ThatLeavesTheArrayAtSomeStep_IsRefused()
    {
        var domain = new IterationDomain([new AxisRange(new LinearBound(0, [new BoundTerm(1, 1)]), new LinearBound(2, [new BoundTerm(1, 1)]))]);
        var body = new Region([s_array, s_integer], [Node(new MapOperation([new MapPiece(domain, Use(Increment))], [0], [0]) { Outputs = [s_array] }, [GraphValue.Parameter(0), GraphValue.Parameter(1)])],
            [new GraphValue(0, 0)]);
        Region region = LoopOver(body, s_array);
        var runs = new PlanRuns
        {
            Region = region,
            Scalars = [4],
            Sources = [Array(1, 2, 3, 4)],
            Plan = (_, _) => OuterPlan(region, s_array, s_array.Box, new MovingBodies(t => PlanOf(body, plan =>
            {
                int x = plan.Given("x", s_array);
                int step = plan.Given("t", s_integer);
                plan.Add(new LaunchStep(0, [x, step], [x], [Box((t, t + 2))]));
                return plan.Body([x, step], [x]);
            }))),
        };

        runs.Try(1);

        Assert.That(runs.Thrown[0]!.Message, Does.StartWith("AVL0017: The domain [3..5] is not inside the array of 4"));
    }

    [Test]
    public void Loop_InALoop_IsPreparedOnce([Values(1, 3)] int inner, [Values(0, 1, 4)] int outer)
    {
        // Outer: x ← (inner times + 1) x, with a call between, so that its memory changes hands.
        var innermost = new Region([s_array, s_integer], [Node(Plus(s_array), [GraphValue.Parameter(0)])], [new GraphValue(0, 0)]);
        var middle = new Region([s_array, s_integer],
            [Node(new LoopOperation(innermost, 1, false, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0)], 1), Node(Plus(s_array), [new GraphValue(0, 0)])],
            [new GraphValue(1, 0)]);
        var region = new Region([s_array], [Node(new LoopOperation(middle, 1, false, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0)], 0, 1)], [new GraphValue(0, 0), new GraphValue(0, 1)]);
        RankBody innerPlan = PlanOf(innermost, PlusPlan);
        RankBody middlePlan = PlanOf(middle, plan =>
        {
            int x = plan.Given("x", s_array);
            int last = plan.Made("last", s_array);
            int count = plan.Allocated("steps", s_integer);
            int loop = plan.Add(new LoopStep(0, [x], [last, count], [], new FixedBodies(innerPlan)));
            int next = plan.Allocated("next", s_array);
            plan.Add(new LaunchStep(1, [last], [next], [Box((0, 4))]), loop);
            return plan.Body([x, -1], [next]);
        });

        Storage?[] found = new PlanRuns { Region = region, Plan = (_, _) => OuterPlan(region, s_array, s_array.Box, new FixedBodies(middlePlan)), Scalars = [(ulong)outer, (ulong)inner], Sources = [Array(1, 2, 3, 4)] }
            .Run(1)[0];

        Assert.That(Read<long>(found[0]!), Is.EqualTo(new[] { 1L, 2, 3, 4 }.Select(v => v + outer * (inner + 1))));
    }

    [Test]
    public void Call_WhoseResultIsWrittenInPlaceAfterwards_KeepsTheResultForARepeatedRun()
    {
        var region = new Region([s_array],
            [Node(new CallOperation(new MixingCall(), false) { Outputs = [s_array] }, [GraphValue.Parameter(0)]), Node(PlusOver(s_array), [new GraphValue(0, 0)])],
            [new GraphValue(1, 0)]);
        RankBody body = PlanOf(region, plan =>
        {
            int x = plan.Given("x", s_array);
            int y = plan.Allocated("y", s_array);
            int call = plan.Add(new CallStep(0, [x], [y]));
            plan.Add(new LaunchStep(1, [y], [y], [Box((1, 4))]), call);
            return plan.Body([x], [y]);
        });
        var made = new Dictionary<int, Storage[]>();
        var code = CompiledNodes.Compile(region, new Avial.Backends.Managed.ManagedCodeGenerator());
        long[] first = Once(made, null);
        long[] kept = Read<long>(made[0][0]);

        long[] second = Once(null, made);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first[1..], Is.EqualTo(kept[1..].Select(v => unchecked(v + 1))));

        long[] Once(Dictionary<int, Storage[]>? notes, Dictionary<int, Storage[]>? known)
        {
            using var workers = new WorkerPool(1);
            using var runtime = new RankRuntime(workers, new StoragePool(Allocator.Shared) { IsPoisoning = true }) { CallsMade = notes, CallResults = known };
            var results = new Storage?[1];
            using var executor = new PlanExecutor(new RankPlan(new RankId(0), 1, body), code, [], runtime);
            executor.Run([Array(1, 2, 3, 4)], results);
            return Read<long>(results[0]!);
        }
    }

    private const string Increment = "kernel rank 1 (%0) reads (a0: i64[]) { %1 = load.i64 a0[%0] proven\n %2 = const.i64 1\n %3 = add.i64 %1, %2\n return %3 }";

    private static Storage Array(params long[] data) => StorageOf(data, [data.Length]);

    private static MapOperation Plus(ArrayType type) => new([new MapPiece(Domain((0, type.Count)), Use(Increment))], [], [0]) { Outputs = [type] };

    // All but the first element, over the input.
    private static MapOperation PlusOver(ArrayType type) => new([new MapPiece(Domain((1, type.Count)), Use(Increment))], [0], [0]) { Outputs = [type] };

    private static RankBody PlanOf(Region region, Func<PlanMaker, RankBody> make) => make(new PlanMaker(region));

    private static RankBody PlusPlan(PlanMaker plan)
    {
        int x = plan.Given("x", s_array);
        int next = plan.Allocated("next", s_array);
        int launch = plan.Add(new LaunchStep(0, [x], [next], [Box((0, 4))]));
        plan.Add(new FreeStep(x), launch);
        return plan.Body([x, -1], [next]);
    }

    private static Region LoopOver(Region body, ArrayType type) =>
        new([type], [Node(new LoopOperation(body, 1, false, 1) { Outputs = [type, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0), new GraphValue(0, 1)]);

    /// <summary>The plan of a program that is one loop over one array: its first state is a copy of the source.</summary>
    private static RankBody OuterPlan(Region region, ArrayType type, Box window, LoopBodies bodies) => PlanOf(region, plan =>
    {
        int x = plan.Given("x", type, window);
        int first = plan.Allocated("first", type, window);
        int copied = plan.Add(new CopyStep([(new Piece(x, window), new Piece(first, window))]));
        int last = plan.Made("last", type, window);
        int count = plan.Allocated("steps", s_integer);
        plan.Add(new LoopStep(0, [first], [last, count], [], bodies), copied);
        return plan.Body([x], [last, count]);
    });

    // A loop over arrays of four on one rank: the last states and the number of steps.
    private static (long[][] States, long Steps) Run(Region body, RankBody inner, long[][] starts, int steps)
    {
        int carried = starts.Length;
        var region = new Region([.. body.Parameters.Take(carried)],
            [Node(new LoopOperation(body, carried, false, 1) { Outputs = [.. body.Parameters.Take(carried), s_integer] }, [.. Enumerable.Range(0, carried).Select(GraphValue.Parameter)], 0)],
            [.. Enumerable.Range(0, carried + 1).Select(o => new GraphValue(0, o))]);
        RankBody outer = PlanOf(region, plan =>
        {
            ImmutableArray<int> given = [.. region.Parameters.Select((t, p) => plan.Given($"p{p}", t))];
            ImmutableArray<int> first = [.. region.Parameters.Select((t, p) => plan.Allocated($"first{p}", t))];
            ImmutableArray<int> last = [.. region.Parameters.Select((t, p) => plan.Made($"last{p}", t))];
            int count = plan.Allocated("steps", s_integer);
            int copied = plan.Add(new CopyStep([.. given.Select((g, p) => (new Piece(g, region.Parameters[p].Box), new Piece(first[p], region.Parameters[p].Box)))]));
            plan.Add(new LoopStep(0, first, [.. last, count], [], new FixedBodies(inner)), copied);
            return plan.Body(given, [.. last, count]);
        });
        Storage[] sources = [.. starts.Select(s => Array(s))];
        Storage?[] found = new PlanRuns { Region = region, Plan = (_, _) => outer, Scalars = [(ulong)steps], Sources = sources }.Run(1)[0];
        Assert.That(sources.Select(Read<long>), Is.EqualTo(starts));
        return ([.. found.Take(carried).Select(f => Read<long>(f!))], Read<long>(found[carried]!)[0]);
    }
}
