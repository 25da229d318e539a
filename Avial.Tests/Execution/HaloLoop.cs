using System.Collections.Immutable;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Execution;

/// <summary>A loop x[i] ← x[i - 1] + 2 x[i] + x[i + 1] inside, its plan on ranks with blocks of x, and what it gives. <paramref name="watch"/>: code that each rank runs at each step.</summary>
internal sealed class HaloLoop(long n, int steps, CallBody? watch = null)
{
    private static readonly ArrayType s_integer = TypeOf<long>();

    private readonly ArrayType _type = TypeOf<long>(n);

    public Box Own(int rank, int ranks) => Box(PlanRuns.Block(n, rank, ranks));

    public PlanRuns Runs(InProcessOptions options, CancellationToken cancellation = default)
    {
        Region region = Region();
        return new PlanRuns { Region = region, Scalars = [(ulong)steps], Plan = (rank, ranks) => Plan(region, rank, ranks), Sources = [StorageOf(Start(), [n])], Options = options, Cancellation = cancellation };
    }

    public long[] Expected()
    {
        long[] x = Start();
        for (int step = 0; step < steps; step++)
        {
            long[] before = [.. x];
            for (int i = 1; i < n - 1; i++)
            {
                x[i] = unchecked(before[i - 1] + 2 * before[i] + before[i + 1]);
            }
        }
        return x;
    }

    private long[] Start() => [.. Enumerable.Range(0, (int)n).Select(i => (long)i * i % 11)];

    private Region Region()
    {
        KernelUse stencil = Use("""
            kernel rank 1 (%0) reads (a0: i64[]) {
              %1 = load.i64 a0[%0 - 1] proven
              %2 = load.i64 a0[%0] proven
              %3 = load.i64 a0[%0 + 1] proven
              %4 = add.i64 %2, %2
              %5 = add.i64 %1, %4
              %6 = add.i64 %5, %3
              return %6
            }
            """);
        GraphNode map = PlanExecutorTests.Node(new MapOperation([new MapPiece(Domain((1, n - 1)), stencil)], [0], [0]) { Outputs = [_type] }, [GraphValue.Parameter(0)]);
        ImmutableArray<GraphNode> nodes = watch is null ? [map] : [map, PlanExecutorTests.Node(new CallOperation(watch, true) { Outputs = [] }, [])];
        var body = new Region([_type, s_integer], nodes, [new GraphValue(0, 0)]);
        return new Region([_type], [PlanExecutorTests.Node(new LoopOperation(body, 1, false, 1) { Outputs = [_type, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0), new GraphValue(0, 1)]);
    }

    private RankBody Plan(Region region, int rank, int ranks)
    {
        Box own = Own(rank, ranks);
        Box window = Window(own);
        var plan = new PlanMaker(region);
        int x = plan.Given("x", _type, own);
        int first = plan.Allocated("first", _type, window);
        int copied = plan.Add(new CopyStep([(new Piece(x, own), new Piece(first, own))]));
        int last = plan.Made("last", _type, window);
        int count = plan.Allocated("steps", s_integer);
        var loop = (LoopOperation)region.Nodes[0].Operation;
        plan.Add(new LoopStep(0, [first], [last, count], [], new FixedBodies(Body(loop.Body, rank, ranks))), copied);
        return plan.Body([x], [last, count]);
    }

    private RankBody Body(Region region, int rank, int ranks)
    {
        Box own = Own(rank, ranks);
        (long low, long high) = (own.Low[0], own.High[0]);
        var plan = new PlanMaker(region);
        int x = plan.Given("x", _type, Window(own));
        int next = plan.Allocated("next", _type, Window(own));
        var messages = ImmutableArray.CreateBuilder<int>();
        if (low > 0)
        {
            messages.Add(plan.Add(new ReceiveStep(new RankId(rank - 1), 0, [new Piece(x, Box((low - 1, low)))])));
            messages.Add(plan.Add(new SendStep(new RankId(rank - 1), 1, [new Piece(x, Box((low, low + 1)))])));
        }
        if (high < n)
        {
            messages.Add(plan.Add(new ReceiveStep(new RankId(rank + 1), 1, [new Piece(x, Box((high, high + 1)))])));
            messages.Add(plan.Add(new SendStep(new RankId(rank + 1), 0, [new Piece(x, Box((high - 1, high)))])));
        }
        ImmutableArray<(Piece, Piece)> edges = [.. new[] { Box((0, 1)), Box((n - 1, n)) }.Where(own.Contains).Select(b => (new Piece(x, b), new Piece(next, b)))];
        int copied = plan.Add(new CopyStep(edges));
        int launch = plan.Add(new LaunchStep(0, [x], [next], [Box((1, n - 1)).Intersect(own)]), messages.ToImmutable());
        plan.Add(new FreeStep(x), [launch, copied, .. messages]);
        if (watch is not null)
        {
            plan.Add(new CallStep(1, [], []));
        }
        return plan.Body([x, -1], [next]);
    }

    // The own part and a neighbour on each side.
    private Box Window(Box own) => new Box([own.Low[0] - 1], [own.High[0] + 1]).Intersect(_type.Box);
}
