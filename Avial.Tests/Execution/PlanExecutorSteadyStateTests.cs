using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Programs;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Execution;

/// <summary>The steps of loops allocate nothing once they are under way.</summary>
public sealed class PlanExecutorSteadyStateTests
{
    [Test]
    public void Loop_WithHalos_AllocatesNothing([Values(1, 2, 3)] int ranks)
    {
        var watch = new AllocationWatch(from: 200, to: 1200);

        new HaloLoop(40, 1300, watch).Runs(InProcessOptions.Rendezvous).Run(ranks);

        Assert.That(watch.Allocated, Has.Count.EqualTo(ranks).And.All.Zero);
    }

    [Test]
    public void Loop_OfReductionsReshapesCopiesAndPackedMessages_AllocatesNothing([Values(1, 2, 3)] int ranks)
    {
        var watch = new AllocationWatch(from: 200, to: 700);
        var plans = new MixedLoop(800, watch);

        long[] found = plans.Runs().Joined<long>(ranks, 0, r => plans.Own(r, ranks));

        Assert.That(found, Is.EqualTo(plans.Expected()));
        Assert.That(watch.Allocated, Has.Count.EqualTo(ranks).And.All.Zero);
    }

    [Test]
    public void Loop_OfAPipelinedSweep_AllocatesNothing([Values] bool isFromTheEnd, [Values] bool isSlanted)
    {
        const int Ranks = 3;
        var watch = new AllocationWatch(from: 200, to: 700);
        ArrayType type = TypeOf<double>(14, 17);
        // From the end the first rank, which is watched, comes last.
        KernelUse kernel = Use($$"""
            kernel rank 2 (%0, %1) reads (a0: f64[,]) {
              %2 = load.f64 a0[%0 {{(isFromTheEnd ? '+' : '-')}} 1, %1 + {{(isSlanted ? 1 : 0)}}] proven
              %3 = load.f64 a0[%0, %1 - 1] proven
              %4 = load.f64 a0[%0 {{(isFromTheEnd ? '-' : '+')}} 1, %1] proven
              %5 = add.f64 %2, %3
              %6 = sub.f64 %5, %4
              return %6
            }
            """);
        var domain = new IterationDomain([new AxisRange(1, 13, isFromTheEnd), new AxisRange(1, 16)]);
        var body = new Region([type, TypeOf<long>()],
            [PlanExecutorTests.Node(new SweepOperation(domain, kernel, 0) { Outputs = [type] }, [GraphValue.Parameter(0)]), PlanExecutorTests.Node(new CallOperation(watch, true) { Outputs = [] }, [])],
            [new GraphValue(0, 0)]);
        var region = new Region([type], [PlanExecutorTests.Node(new LoopOperation(body, 1, false, 1) { Outputs = [type, TypeOf<long>()] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0)]);
        var chooser = new AxisChooser(0, 0) { Tiles = new FixedTiles(5) };
        BodyPlan plan = BodyPlanner.PlanProgram(region, chooser.Choose(region, [Distribution.Everywhere(type.Box, Ranks)], Ranks), Ranks, [], chooser.Tiles);

        new PlanRuns
        {
            Region = region,
            Source = plan,
            Scalars = [800],
            Plan = (rank, _) => RankPlanBuilder.Build(plan, new RankId(rank), [800]).Body,
            Sources = [StorageOf(new double[14 * 17], [14, 17])],
        }.Run(Ranks);

        Assert.That(watch.Allocated, Has.Count.EqualTo(1).And.All.Zero);
    }

    /// <summary>What each thread that runs it allocates between two of its runs: the least of four equal windows of the runs between, as in <see cref="SteadyState"/>.</summary>
    private sealed class AllocationWatch(int from, int to) : CallBody
    {
        [ThreadStatic]
        private static int t_runs;

        [ThreadStatic]
        private static long t_before;

        [ThreadStatic]
        private static long t_least;

        public List<long> Allocated { get; } = [];

        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
        {
            t_runs++;
            int window = (to - from) / 4;
            if (t_runs < from || t_runs > to || (t_runs - from) % window != 0)
            {
                return;
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            t_least = t_runs == from ? long.MaxValue : Math.Min(t_least, allocated - t_before);
            if (t_runs == to)
            {
                lock (Allocated)
                {
                    Allocated.Add(t_least);
                }
            }
            t_before = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
