using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Tests.Programs;
using static Avial.Tests.Backends.Interpreters.GraphMaker;
using static Avial.Tests.Execution.PlanExecutorTests;

namespace Avial.Tests.Execution;

/// <summary>Reductions over all axes that ranks share.</summary>
public sealed class PlanExecutorCombineTests
{
    private const int N = 1000;
    private static readonly ArrayType s_array = TypeOf<double>(N);
    private static readonly ArrayType s_number = TypeOf<double>();
    private static readonly ArrayType s_integer = TypeOf<long>();

    private static KernelUse Read => Use("kernel rank 1 (%0) reads (a0: f64[]) { %1 = load.f64 a0[%0] proven\n return %1 }");

    [Test]
    public void Sum_OverRanks_HasTheBitsOfOneRank([Values(1, 2, 3, 4, 7)] int ranks, [Values] bool isEager, [Values] bool isUneven, [Values(0, 5)] int parts)
    {
        double[] data = Data(ranks);
        Region region = Reduction(CombinerKind.Sum, s_number);

        Storage?[][] found = Runs(region, data, isEager, isUneven, parts).Run(ranks);

        Storage expected = Runs(region, data, isEager, isUneven: false, 0).Run(1)[0][0]!;
        Assert.That(found.Select(f => StorageBits.Difference([expected], [f[0]!])), Is.All.Null);
    }

    [Test]
    public void ArgMin_OverRanks_IsTheFirstLowest([Values(2, 3, 4)] int ranks, [Values] bool isUneven)
    {
        double[] data = [.. Data(3).Select(Math.Abs)];
        data[700] = data[333] = -1;
        Region region = Reduction(CombinerKind.ArgMin, TypeOf<(long, double)>());

        Storage?[][] found = Runs(region, data, isEager: false, isUneven, 0).Run(ranks);

        Assert.That(found.Select(f => Read<(long, double)>(f[0]!)[0]), Is.All.EqualTo((333L, -1.0)));
    }

    [Test]
    public void Trap_InOneRanksPart_IsTheSameOnAll([Values(2, 3)] int ranks, [Values] bool agrees)
    {
        KernelUse divide = Use("kernel rank 1 (%0) reads (a0: i64[]) { %1 = load.i64 a0[%0] proven\n %2 = const.i64 12\n %3 = div.i64 %2, %1\n return %3 }");
        ArrayType array = TypeOf<long>(N);
        var reduce = new ReduceOperation(Domain((0, N)), divide, [0], new Combiner(CombinerKind.Sum)) { Outputs = [s_integer] };
        var region = new Region([array], [Node(reduce, [GraphValue.Parameter(0)]) with { Name = "sum" }], [new GraphValue(0, 0)]);
        long[] data = [.. Enumerable.Repeat(2L, N)];
        data[^3] = 0;
        var runs = new PlanRuns
        {
            Region = region,
            Sources = [StorageOf(data, [N])],
            AgreesAfterEachNode = agrees,
            Plan = (rank, count) => Plan(region, Leaves(rank, count)),
        };

        runs.Try(ranks);

        Assert.That(runs.Ends.Select(e => e?.ToException().Message), Is.All.StartsWith("AVL0420: Integer division by zero in 'sum' at [997]."));
    }

    [Test]
    public void Loop_UntilASumOverRanksIsSmall_EndsOnAllAtTheSameStep([Values(1, 2, 3, 4)] int ranks)
    {
        // x ← x / 2 until sum x < 1, from 1000 ones: ten steps.
        KernelUse halve = Use("kernel rank 1 (%0) reads (a0: f64[]) { %1 = load.f64 a0[%0] proven\n %2 = const.f64 0.5\n %3 = mul.f64 %1, %2\n return %3 }");
        KernelUse isSmall = Use("kernel rank 0 (; %0: f64) { %1 = const.f64 1\n %2 = lt.f64 %0, %1\n return %2 }", [], [new KernelArgument(ArgumentKind.Input, 0)]);
        ArrayType flag = TypeOf<bool>();
        var body = new Region([s_array, s_integer],
            [
                Node(new MapOperation([new MapPiece(Domain((0, N)), halve)], [], [0]) { Outputs = [s_array] }, [GraphValue.Parameter(0)]),
                Node(new ReduceOperation(Domain((0, N)), Read, [0], new Combiner(CombinerKind.Sum)) { Outputs = [s_number] }, [new GraphValue(0, 0)]),
                Node(new MapOperation([new MapPiece(IterationDomain.Scalar, isSmall)], [], []) { Outputs = [flag] }, [new GraphValue(1, 0)]),
            ],
            [new GraphValue(0, 0), new GraphValue(2, 0)]);
        var region = new Region([s_array], [Node(new LoopOperation(body, 1, true, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 1)]);
        var runs = new PlanRuns { Region = region, Scalars = [100], Sources = [StorageOf([.. Enumerable.Repeat(1.0, N)], [N])], Plan = Outer };

        Storage?[][] found = runs.Run(ranks);

        Assert.That(found.Select(f => Read<long>(f[0]!)[0]), Is.All.EqualTo(10));

        RankBody Outer(int rank, int count)
        {
            Box own = Leaves(rank, count);
            var plan = new PlanMaker(region);
            int x = plan.Given("x", s_array, own);
            int last = plan.Made("last", s_array, own);
            int steps = plan.Allocated("steps", s_integer);
            plan.Add(new LoopStep(0, [x], [last, steps], [], new FixedBodies(Inner(own))));
            return plan.Body([x], [steps]);
        }
        RankBody Inner(Box own)
        {
            var plan = new PlanMaker(body);
            int x = plan.Given("x", s_array, own);
            int half = plan.Allocated("half", s_array, own);
            int halved = plan.Add(new LaunchStep(0, [x], [half], [own]));
            plan.Add(new FreeStep(x), halved);
            int sum = plan.Allocated("sum", s_number);
            int combined = plan.Add(new CombineStep(1, [half], sum, own, false, 0), halved);
            int test = plan.Allocated("test", flag);
            int tested = plan.Add(new LaunchStep(2, [sum], [test], [s_number.Box]), combined);
            plan.Add(new FreeStep(sum), tested);
            return plan.Body([x, -1], [half, test]);
        }
    }

    private static double[] Data(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, N).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 9)))];
    }

    private static Region Reduction(CombinerKind kind, ArrayType output) =>
        new([s_array], [Node(new ReduceOperation(Domain((0, N)), Read, [0], new Combiner(kind)) { Outputs = [output] }, [GraphValue.Parameter(0)])], [new GraphValue(0, 0)]);

    private static PlanRuns Runs(Region region, double[] data, bool isEager, bool isUneven, int parts) => new()
    {
        Region = region,
        Sources = [StorageOf(data, [N])],
        Options = isEager ? new InProcessOptions() : InProcessOptions.Rendezvous,
        ForcedParts = parts,
        Plan = (rank, ranks) => Plan(region, isUneven ? Uneven(rank, ranks) : Leaves(rank, ranks)),
    };

    // Sums are cut between leaves of 64 elements.
    private static Box Leaves(int rank, int ranks)
    {
        (long low, long high) = PlanRuns.Block((N + 63) / 64, rank, ranks);
        return Box((64 * low, Math.Min(N, 64 * high)));
    }

    // The last but one has everything but the first leaf, the first that, the others nothing.
    private static Box Uneven(int rank, int ranks) => ranks == 1 ? s_array.Box : rank == 0 ? Box((0, 64)) : rank == Math.Max(1, ranks - 2) ? Box((64, N)) : Box((N, N));

    private static RankBody Plan(Region region, Box own)
    {
        var plan = new PlanMaker(region);
        int x = plan.Given("x", region.Parameters[0], own);
        int sum = plan.Allocated("sum", region.TypeOf(region.Results[0]));
        plan.Add(new CombineStep(0, [x], sum, own, false, 0));
        return plan.Body([x], [sum]);
    }
}
