using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using static Avial.Tests.Backends.Interpreters.GraphMaker;
using static Avial.Tests.Execution.PlanRuns;

namespace Avial.Tests.Execution;

/// <summary>Plans written by hand, against what the same graph is on one rank.</summary>
public sealed class PlanExecutorTests
{
    [Test]
    public void Loop_WithHalos_IsTheLoopOverTheWholeArray([Values(1, 2, 3, 4)] int ranks, [Values] bool isEager, [Values(0, 1, 2, 7)] int steps)
    {
        var plans = new HaloLoop(13, steps);

        long[] found = plans.Runs(isEager ? new InProcessOptions() : InProcessOptions.Rendezvous).Joined<long>(ranks, 0, r => plans.Own(r, ranks));

        Assert.That(found, Is.EqualTo(plans.Expected()));
    }

    [Test]
    public void Redistribution_OfRowsToColumns_BringsEachElementHome([Values(1, 2, 3, 4)] int ranks, [Values] bool isEager)
    {
        // y = x + 1, x by rows and y by columns.
        ArrayType type = TypeOf<long>(5, 7);
        KernelUse plus = Use("""
            kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1] proven
              %3 = const.i64 1
              %4 = add.i64 %2, %3
              return %4
            }
            """);
        var region = new Region([type], [Node(new MapOperation([new MapPiece(Domain((0, 5), (0, 7)), plus)], [], [0, 0]) { Outputs = [type] }, [GraphValue.Parameter(0)])],
            [new GraphValue(0, 0)]);
        long[] data = [.. Enumerable.Range(0, 35).Select(i => (long)i * i)];
        var runs = new PlanRuns { Region = region, Plan = Plan, Sources = [StorageOf(data, [5, 7])], Options = isEager ? new InProcessOptions() : InProcessOptions.Rendezvous };

        long[] found = runs.Joined<long>(ranks, 0, Columns);

        Assert.That(found, Is.EqualTo(data.Select(v => v + 1)));

        Box Rows(int r) => Box(Block(5, r, ranks), (0, 7));
        Box Columns(int r) => Box((0, 5), Block(7, r, ranks));
        RankBody Plan(int rank, int _)
        {
            var plan = new PlanMaker(region);
            int rows = plan.Given("x", type, Rows(rank));
            int columns = plan.Allocated("x by columns", type, Columns(rank));
            int output = plan.Allocated("y", type, Columns(rank));
            var arrived = ImmutableArray.CreateBuilder<int>();
            for (int other = 0; other < ranks; other++)
            {
                if (other != rank)
                {
                    arrived.Add(plan.Add(new ReceiveStep(new RankId(other), 5, [new Piece(columns, Rows(other).Intersect(Columns(rank)))])));
                }
            }
            for (int other = 0; other < ranks; other++)
            {
                Box piece = Rows(rank).Intersect(Columns(other));
                if (other != rank)
                {
                    plan.Add(new SendStep(new RankId(other), 5, [new Piece(rows, piece)]));
                }
                else
                {
                    arrived.Add(plan.Add(new CopyStep([(new Piece(rows, piece), new Piece(columns, piece))])));
                }
            }
            int launch = plan.Add(new LaunchStep(0, [columns], [output], [Columns(rank)]), arrived.ToImmutable());
            plan.Add(new FreeStep(columns), launch);
            return plan.Body([rows], [output]);
        }
    }

    [Test]
    public void Messages_OfSomeColumns_LeaveTheOthers([Values(1, 3)] int shift)
    {
        // Rank 0 sends column 1 of its element 0 to rank 1's place 1 + shift of the same array, and both columns of element 1.
        ArrayType type = TypeOf<(int, double)>(8);
        var region = new Region([type], [], [GraphValue.Parameter(0)]);
        (int, double)[] data = [.. Enumerable.Range(0, 8).Select(i => (i, 0.5 * i))];
        var runs = new PlanRuns
        {
            Region = region,
            Sources = [StorageOf(data, [8])],
            Plan = (rank, _) =>
            {
                var plan = new PlanMaker(region);
                int x = plan.Given("x", type);
                int to = shift + 1;
                if (rank == 0)
                {
                    plan.Add(new SendStep(new RankId(1), 0, [new Piece(x, Box((0, 1)), 0b10), new Piece(x, Box((1, 2)))]));
                    return plan.Body([x], [-1]);
                }
                int y = plan.Allocated("y", type);
                int copied = plan.Add(new CopyStep([(new Piece(x, type.Box), new Piece(y, type.Box))]));
                plan.Add(new ReceiveStep(new RankId(0), 0, [new Piece(y, Box((to, to + 1)), 0b10), new Piece(y, Box((7, 8)))]), copied);
                return plan.Body([x], [y]);
            },
        };

        Storage?[][] results = runs.Run(2);

        (int, double)[] expected = [.. data];
        expected[shift + 1].Item2 = data[0].Item2;
        expected[7] = data[1];
        Assert.That(Read<(int, double)>(results[1][0]!), Is.EqualTo(expected));
    }

    [Test]
    public void Call_OnOneRank_SeesTheWholeArrays([Values(1, 2, 3)] int ranks)
    {
        // y = reverse(x), the code on the last rank, x and y in blocks.
        ArrayType type = TypeOf<long>(10);
        var region = new Region([type], [Node(new CallOperation(new Reversal(), false) { Outputs = [type] }, [GraphValue.Parameter(0)])], [new GraphValue(0, 0)]);
        int home = ranks - 1;
        var runs = new PlanRuns { Region = region, Sources = [StorageOf([.. Enumerable.Range(0, 10).Select(i => 3L * i)], [10])], Plan = Plan };

        long[] found = runs.Joined<long>(ranks, 0, Own);

        Assert.That(found, Is.EqualTo(Enumerable.Range(0, 10).Select(i => 27L - 3 * i)));

        Box Own(int r) => Box(Block(10, r, ranks));
        RankBody Plan(int rank, int _)
        {
            var plan = new PlanMaker(region);
            int x = plan.Given("x", type, Own(rank));
            int y = plan.Allocated("y", type, Own(rank));
            if (rank != home)
            {
                plan.Add(new SendStep(new RankId(home), 1, [new Piece(x, Own(rank))]));
                plan.Add(new ReceiveStep(new RankId(home), 2, [new Piece(y, Own(rank))]));
                return plan.Body([x], [y]);
            }
            int whole = plan.Allocated("x whole", type);
            int result = plan.Allocated("y whole", type);
            ImmutableArray<int> ready = [plan.Add(new CopyStep([(new Piece(x, Own(rank)), new Piece(whole, Own(rank)))])),
                .. Enumerable.Range(0, ranks - 1).Select(r => plan.Add(new ReceiveStep(new RankId(r), 1, [new Piece(whole, Own(r))])))];
            int call = plan.Add(new CallStep(0, [whole], [result]), ready);
            ImmutableArray<int> sent = [call, .. Enumerable.Range(0, ranks - 1).Select(r => plan.Add(new SendStep(new RankId(r), 2, [new Piece(result, Own(r))]), call))];
            plan.Add(new CopyStep([(new Piece(result, Own(rank)), new Piece(y, Own(rank)))]), call);
            plan.Add(new FreeStep(whole), call);
            plan.Add(new FreeStep(result), sent);
            return plan.Body([x], [y]);
        }
    }

    internal static GraphNode Node(Operation operation, ImmutableArray<GraphValue> inputs, params ImmutableArray<int> scalars) =>
        new(operation, inputs, scalars.IsDefault ? [] : scalars) { Name = "task", Span = new SourceSpan("Program.cs", 1, "") };

    private sealed class Reversal : CallBody
    {
        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
        {
            long[] data = Read<long>(reads[0]);
            Array.Reverse(data);
            StorageAccess.CopyIn<long>(data, writes[0], 0);
        }
    }
}
