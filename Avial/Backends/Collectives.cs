using Avial.Geometry;

namespace Avial.Backends;

/// <summary>Combines two records: <paramref name="low"/> becomes low ∘ high, where low comes from the lower ranks.</summary>
internal unsafe delegate void MergeRecords(byte* low, byte* high, long bytes);

/// <summary>
/// Collective operations from messages between two ranks, for any communicator: every rank calls the same ones in the same order. None allocates but those that give arrays.
/// </summary>
internal static unsafe partial class Collectives
{
    /// <summary>Returns once every rank has come here: log₂ P rounds, round k with the ranks 2ᵏ away.</summary>
    public static void Barrier(ICommunicator ranks, in WaitSite site)
    {
        for (int distance = 1; distance < ranks.Ranks; distance *= 2)
        {
            Request send = ranks.Send(Away(ranks, distance), ControlTags.Barrier, null, 0);
            Request receive = ranks.Receive(Away(ranks, -distance), ControlTags.Barrier, null, 0);
            ranks.Wait(receive, site);
            ranks.Wait(send, site);
        }
    }

    /// <summary>The root's bytes on every rank, along a binomial tree.</summary>
    public static void Broadcast(ICommunicator ranks, RankId root, byte* data, long bytes, in WaitSite site)
    {
        int count = ranks.Ranks;
        int me = (ranks.Rank.Value - root.Value + count) % count;
        int bit = 1;
        while (bit < count && (me & bit) == 0)
        {
            bit *= 2;
        }
        if (me != 0)
        {
            ranks.Wait(ranks.Receive(Numbered(me - bit), ControlTags.Broadcast, data, bytes), site);
        }
        for (bit /= 2; bit > 0; bit /= 2)
        {
            if (me + bit < count)
            {
                ranks.Wait(ranks.Send(Numbered(me + bit), ControlTags.Broadcast, data, bytes), site);
            }
        }

        RankId Numbered(int virtualRank) => new((virtualRank + root.Value) % count);
    }

    /// <summary>
    /// All ranks' records combined, in rank order and with the same bytes on every rank: recursive doubling. Where the number of ranks is no power of two,
    /// pairs of the first ones come together before and part after.
    /// </summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="record">This rank's record; afterwards the combination.</param>
    /// <param name="scratch">Memory of the same size.</param>
    /// <param name="bytes">The size.</param>
    /// <param name="merge">Associative; need not be commutative.</param>
    /// <param name="site">For the watchdog.</param>
    public static void AllReduce(ICommunicator ranks, byte* record, byte* scratch, long bytes, MergeRecords merge, in WaitSite site)
    {
        int count = ranks.Ranks;
        int me = ranks.Rank.Value;
        int full = (int)(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count + 1) / 2);
        int pairs = count - full;
        bool isPaired = me < 2 * pairs;
        if (isPaired && me % 2 == 1)
        {
            var lower = new RankId(me - 1);
            ranks.Wait(ranks.Send(lower, ControlTags.Reduce, record, bytes), site);
            ranks.Wait(ranks.Receive(lower, ControlTags.Reduce, record, bytes), site);
            return;
        }
        if (isPaired)
        {
            ranks.Wait(ranks.Receive(new RankId(me + 1), ControlTags.Reduce, scratch, bytes), site);
            merge(record, scratch, bytes);
        }
        int position = isPaired ? me / 2 : me - pairs;
        for (int bit = 1; bit < full; bit *= 2)
        {
            int other = position ^ bit;
            var partner = new RankId(other < pairs ? 2 * other : other + pairs);
            Request send = ranks.Send(partner, ControlTags.Reduce, record, bytes);
            Request receive = ranks.Receive(partner, ControlTags.Reduce, scratch, bytes);
            ranks.Wait(send, site);
            ranks.Wait(receive, site);
            if (other > position)
            {
                merge(record, scratch, bytes);
            }
            else
            {
                merge(scratch, record, bytes);
                Buffer.MemoryCopy(scratch, record, bytes, bytes);
            }
        }
        if (isPaired)
        {
            ranks.Wait(ranks.Send(new RankId(me + 1), ControlTags.Reduce, record, bytes), site);
        }
    }

    /// <summary>How many messages follow one another in an all-reduce.</summary>
    public static int RoundsOfAllReduce(int ranks) => System.Numerics.BitOperations.Log2((uint)ranks) + (System.Numerics.BitOperations.IsPow2(ranks) ? 0 : 2);

    private static RankId Away(ICommunicator ranks, int distance) => new((ranks.Rank.Value + distance % ranks.Ranks + ranks.Ranks) % ranks.Ranks);
}
