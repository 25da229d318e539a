using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Graph;

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
