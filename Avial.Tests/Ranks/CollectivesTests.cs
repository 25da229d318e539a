using System.Numerics;
using Avial.Backends;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Tests.Execution;

namespace Avial.Tests.Ranks;

/// <summary>Collective operations on any number of ranks, with sends that complete at once and sends that do not.</summary>
public sealed unsafe class CollectivesTests
{
    private static readonly WaitSite s_here = RankThreads.Here;
    private static readonly int[] s_counts = [1, 2, 3, 4, 5, 6, 7, 8, 13, 16];

    [Test]
    public void Barrier_OfAllRanks_LetsNobodyThroughBeforeTheLast([ValueSource(nameof(s_counts))] int count, [Values(-1, 1024)] int eagerBytes)
    {
        int arrived = 0;
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            var disturbance = new Disturbance(count, ranks.Rank.Value);
            for (int round = 1; round <= 20; round++)
            {
                disturbance.Strike();
                Interlocked.Increment(ref arrived);
                Collectives.Barrier(ranks, s_here);
                Assert.That(Volatile.Read(ref arrived), Is.GreaterThanOrEqualTo(round * count));
                Collectives.Barrier(ranks, s_here);
            }
        });
    }

    [Test]
    public void Broadcast_FromAnyRoot_ReachesAll([ValueSource(nameof(s_counts))] int count, [Values(-1, 1024)] int eagerBytes) =>
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            for (int root = 0; root < count; root++)
            {
                long value = ranks.Rank.Value == root ? 1000 + root : -1;
                Collectives.Broadcast(ranks, new RankId(root), (byte*)&value, 8, s_here);
                Assert.That(value, Is.EqualTo(1000 + root));
                byte[] text = Collectives.BroadcastBytes(ranks, new RankId(root), ranks.Rank.Value == root ? new byte[root] : [], s_here);
                Assert.That(text, Has.Length.EqualTo(root));
            }
        });

    [Test]
    public void AllReduce_WithAMergeThatDoesNotCommute_GivesAllRanksTheSameInRankOrder([ValueSource(nameof(s_counts))] int count, [Values(-1, 1024)] int eagerBytes) =>
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            // Runs of ranks: joining two that are not neighbours is found out.
            var run = new Run(ranks.Rank.Value, ranks.Rank.Value, true);
            Run scratch;
            Collectives.AllReduce(ranks, (byte*)&run, (byte*)&scratch, sizeof(Run), s_join, s_here);

            Assert.That(run, Is.EqualTo(new Run(0, count - 1, true)));
        });

    [Test]
    public void AllReduce_InTheSteadyState_AllocatesNothing([Values(2, 3, 4)] int count)
    {
        var allocated = new long[count];
        RankThreads.Run(count, ranks =>
        {
            Reduce(ranks, 50);
            allocated[ranks.Rank.Value] = SteadyState.AllocatedBy(() => Reduce(ranks, 300));
        });

        Assert.That(allocated, Is.All.EqualTo(0));

        static void Reduce(ICommunicator ranks, int times)
        {
            for (int i = 0; i < times; i++)
            {
                var run = new Run(ranks.Rank.Value, ranks.Rank.Value, true);
                Run scratch;
                Collectives.AllReduce(ranks, (byte*)&run, (byte*)&scratch, sizeof(Run), s_join, s_here);
            }
        }
    }

    [Test]
    public void Gathers_OfPartsOfAnySize_GiveThemInOrder([ValueSource(nameof(s_counts))] int count, [Values(-1, 1024)] int eagerBytes) =>
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            int me = ranks.Rank.Value;
            var offsets = new long[count + 1];
            for (int r = 0; r < count; r++)
            {
                offsets[r + 1] = offsets[r] + r % 3 * 5000;
            }
            var expected = new byte[offsets[count]];
            for (int r = 0; r < count; r++)
            {
                expected.AsSpan((int)offsets[r]..(int)offsets[r + 1]).Fill((byte)(r + 1));
            }
            var all = new byte[offsets[count] + 1];
            byte[] mine = [.. Enumerable.Repeat((byte)(me + 1), me % 3 * 5000), 0];
            fixed (byte* target = all)
            {
                fixed (byte* source = mine)
                {
                    for (int root = 0; root < count; root++)
                    {
                        Collectives.Gather(ranks, new RankId(root), source, target, offsets, s_here);
                        if (root == me)
                        {
                            Assert.That(all[..^1], Is.EqualTo(expected));
                        }
                    }
                }
                Array.Clear(all);
                mine.AsSpan(0, mine.Length - 1).CopyTo(all.AsSpan((int)offsets[me]));
                Collectives.AllGather(ranks, target, offsets, s_here);
                Assert.That(all[..^1], Is.EqualTo(expected));
            }
            byte[][] parts = Collectives.AllGatherBytes(ranks, mine, s_here);
            Assert.That(parts.Select(p => p.Length), Is.EqualTo(Enumerable.Range(0, count).Select(r => r % 3 * 5000 + 1)));
            Assert.That(parts.SelectMany(p => p[..^1]), Is.EqualTo(expected));
        });

    [Test]
    public void AllToAll_SendsAsManyMessagesAsTheNumberOfRanksHasBinaryDigits([ValueSource(nameof(s_counts))] int count) =>
        RankThreads.Run(count, ranks =>
        {
            var counting = new CountingCommunicator(ranks) { Counts = _ => true };
            Collectives.AllToAll(counting, new long[count], new long[count], s_here);

            Assert.That(counting.Sent, Has.Count.EqualTo(count == 1 ? 0 : BitOperations.Log2((uint)(count - 1)) + 1));
            Assert.That(counting.Sent.Select(m => m.Bytes), Is.All.AtMost((count + 1) / 2 * sizeof(long)));
        });

    [Test]
    public void AllToAll_OfCounts_Transposes([ValueSource(nameof(s_counts))] int count, [Values(-1, 1024)] int eagerBytes) =>
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            int me = ranks.Rank.Value;
            var received = new long[count];
            Collectives.AllToAll(ranks, [.. Enumerable.Range(0, count).Select(r => 100L * me + r)], received, s_here);
            Assert.That(received, Is.EqualTo(Enumerable.Range(0, count).Select(r => 100L * r + me)));
        });

    private static readonly MergeRecords s_join = static (low, high, _) =>
    {
        Run* a = (Run*)low;
        Run* b = (Run*)high;
        *a = new Run(a->First, b->Last, a->IsWhole && b->IsWhole && a->Last + 1 == b->First);
    };

    private readonly record struct Run(int First, int Last, bool IsWhole);
}
