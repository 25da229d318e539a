using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Execution;

/// <summary>
/// A loop over an array in blocks of columns: m = max x; y[i, j] = x[i, j - 1] + m mod 7, column 0 as it was; z = reshape y; x ← z + 1 in place, reshaped back. Columns
/// travel packed. Each rank runs <paramref name="watch"/> at each step.
/// </summary>
internal sealed class MixedLoop(int steps, CallBody watch)
{
    private const int Rows = 5;
    private const int Columns = 11;
    private static readonly ArrayType s_matrix = TypeOf<long>(Rows, Columns);
    private static readonly ArrayType s_cube = TypeOf<long>(Rows, Columns, 1);
    private static readonly ArrayType s_integer = TypeOf<long>();

    public Box Own(int rank, int ranks) => Box((0, Rows), PlanRuns.Block(Columns, rank, ranks));

    public PlanRuns Runs()
    {
        Region region = Region();
        return new PlanRuns { Region = region, Scalars = [(ulong)steps], Plan = (rank, ranks) => Plan(region, rank, ranks), Sources = [StorageOf(Start(), [Rows, Columns])] };
    }

    public long[] Expected()
    {
        long[] x = Start();
        for (int step = 0; step < steps; step++)
        {
            long[] before = [.. x];
            long most = before.Max() % 7;
            for (int p = 0; p < x.Length; p++)
            {
                x[p] = (p % Columns == 0 ? before[p] : before[p - 1] + most) + 1;
            }
        }
        return x;
    }

    private static long[] Start() => [.. Enumerable.Range(0, Rows * Columns).Select(i => (long)i * i % 13)];

    private Region Region()
    {
        KernelUse read = Use("kernel rank 2 (%0, %1) reads (a0: i64[,]) { %2 = load.i64 a0[%0, %1] proven\n return %2 }");
        KernelUse shift = Use(
            """
            kernel rank 2 (%0, %1; %2: i64) reads (a0: i64[,]) {
              %3 = load.i64 a0[%0, %1 - 1] proven
              %4 = const.i64 7
              %5 = rem.i64 %2, %4
              %6 = add.i64 %3, %5
              return %6
            }
            """, [0], [new KernelArgument(ArgumentKind.Input, 1)]);
        KernelUse plus = Use("kernel rank 3 (%0, %1, %2) reads (a0: i64[,,]) { %3 = load.i64 a0[%0, %1, %2] proven\n %4 = const.i64 1\n %5 = add.i64 %3, %4\n return %5 }");
        var body = new Region([s_matrix, s_integer],
            [
                Node(new ReduceOperation(Domain((0, Rows), (0, Columns)), read, [0, 1], new Combiner(CombinerKind.Max)) { Outputs = [s_integer] }, [GraphValue.Parameter(0)]),
                Node(new MapOperation([new MapPiece(Domain((0, Rows), (1, Columns)), shift)], [0], [0, 0]) { Outputs = [s_matrix] }, [GraphValue.Parameter(0), new GraphValue(0, 0)]),
                Node(new ReshapeOperation { Outputs = [s_cube] }, [new GraphValue(1, 0)]),
                Node(new MapOperation([new MapPiece(Domain((0, Rows), (0, Columns), (0, 1)), plus)], [0], [0, 0, 0]) { Outputs = [s_cube] }, [new GraphValue(2, 0)]),
                Node(new ReshapeOperation { Outputs = [s_matrix] }, [new GraphValue(3, 0)]),
                Node(new CallOperation(watch, true) { Outputs = [] }, []),
            ],
            [new GraphValue(4, 0)]);
        return new Region([s_matrix], [Node(new LoopOperation(body, 1, false, 1) { Outputs = [s_matrix, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0)]);
    }

    private RankBody Plan(Region region, int rank, int ranks)
    {
        Box own = Own(rank, ranks);
        var plan = new PlanMaker(region);
        int x = plan.Given("x", s_matrix, own);
        int last = plan.Made("last", s_matrix, own);
        int count = plan.Allocated("steps", s_integer);
        plan.Add(new LoopStep(0, [x], [last, count], [], new FixedBodies(Body(((LoopOperation)region.Nodes[0].Operation).Body, rank, ranks))));
        return plan.Body([x], [last]);
    }

    private RankBody Body(Region region, int rank, int ranks)
    {
        Box own = Own(rank, ranks);
        (long low, long high) = (own.Low[1], own.High[1]);
        Box wide = Box((0, Rows), (Math.Max(0, low - 1), high));
        Box cube = Box((0, Rows), (low, high), (0, 1));
        var plan = new PlanMaker(region);
        int x = plan.Given("x", s_matrix, own);
        int most = plan.Allocated("most", s_integer);
        int combined = plan.Add(new CombineStep(0, [x], most, own, IsLocal: false, 0));
        int halo = plan.Allocated("x with a halo", s_matrix, wide);
        var ready = ImmutableArray.CreateBuilder<int>();
        ready.Add(combined);
        ready.Add(plan.Add(new CopyStep([(new Piece(x, own), new Piece(halo, own))])));
        var sent = ImmutableArray.CreateBuilder<int>();
        if (low > 0)
        {
            ready.Add(plan.Add(new ReceiveStep(new RankId(rank - 1), 3, [new Piece(halo, Box((0, 2), (low - 1, low))), new Piece(halo, Box((2, Rows), (low - 1, low)))])));
        }
        if (high < Columns)
        {
            sent.Add(plan.Add(new SendStep(new RankId(rank + 1), 3, [new Piece(x, Box((0, 2), (high - 1, high))), new Piece(x, Box((2, Rows), (high - 1, high)))])));
        }
        int y = plan.Allocated("y", s_matrix, own);
        int edge = plan.Add(new CopyStep(low == 0 ? [(new Piece(x, Box((0, Rows), (0, 1))), new Piece(y, Box((0, Rows), (0, 1))))] : []));
        int moved = plan.Add(new LaunchStep(1, [halo, most], [y], [Box((0, Rows), (1, Columns)).Intersect(own)]), ready.ToImmutable());
        plan.Add(new FreeStep(halo), moved);
        plan.Add(new FreeStep(most), moved);
        plan.Add(new FreeStep(x), [combined, moved, edge, .. sent]);
        int z = plan.Made("z", s_cube, cube);
        int seen = plan.Add(new ReshapeStep(2, y, z), moved, edge);
        int increased = plan.Add(new LaunchStep(3, [z], [z], [cube]), seen);
        int back = plan.Made("back", s_matrix, own);
        plan.Add(new ReshapeStep(4, z, back), increased);
        plan.Add(new CallStep(5, [], []));
        return plan.Body([x, -1], [back]);
    }

    private static GraphNode Node(Operation operation, ImmutableArray<GraphValue> inputs, params ImmutableArray<int> scalars) => PlanExecutorTests.Node(operation, inputs, scalars);
}
