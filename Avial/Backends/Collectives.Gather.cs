using Avial.Geometry;

namespace Avial.Backends;

// Parts of different sizes, and exchanges of everybody with everybody.
internal static unsafe partial class Collectives
{
    /// <summary>
    /// Every rank's part on the root. Sizes are known: the part of rank r is [offsets[r], offsets[r + 1]) of <paramref name="all"/>, which only the root needs.
    /// </summary>
    public static void Gather(ICommunicator ranks, RankId root, byte* mine, byte* all, ReadOnlySpan<long> offsets, in WaitSite site)
    {
        int me = ranks.Rank.Value;
        if (me != root.Value)
        {
            ranks.Wait(ranks.Send(root, ControlTags.Gather, mine, offsets[me + 1] - offsets[me]), site);
            return;
        }
        for (int r = 0; r < ranks.Ranks; r++)
        {
            long bytes = offsets[r + 1] - offsets[r];
            if (r == me)
            {
                Buffer.MemoryCopy(mine, all + offsets[r], bytes, bytes);
            }
            else
            {
                ranks.Wait(ranks.Receive(new RankId(r), ControlTags.Gather, all + offsets[r], bytes), site);
            }
        }
    }

    /// <summary>
    /// Every rank's part on every rank. The part of rank r is [offsets[r], offsets[r + 1]) of <paramref name="all"/>; this rank's own is in its place. Parts go round a ring.
    /// </summary>
    public static void AllGather(ICommunicator ranks, byte* all, ReadOnlySpan<long> offsets, in WaitSite site)
    {
        int count = ranks.Ranks;
        int me = ranks.Rank.Value;
        for (int round = 0; round < count - 1; round++)
        {
            int sent = (me - round + count) % count;
            int received = (me - round - 1 + count) % count;
            Request send = ranks.Send(Away(ranks, 1), ControlTags.Gather, all + offsets[sent], offsets[sent + 1] - offsets[sent]);
            Request receive = ranks.Receive(Away(ranks, -1), ControlTags.Gather, all + offsets[received], offsets[received + 1] - offsets[received]);
            ranks.Wait(receive, site);
            ranks.Wait(send, site);
        }
    }

    /// <summary>
    /// One number from everybody to everybody: afterwards <paramref name="received"/>[r] is what rank r had in its <paramref name="sent"/>[this rank]. In one message for each binary
    /// digit of the number of ranks: a number goes the distances 1, 2, 4... of which that to its receiver is made, together with all others that go the same distance.
    /// </summary>
    public static void AllToAll(ICommunicator ranks, ReadOnlySpan<long> sent, Span<long> received, in WaitSite site)
    {
        int count = ranks.Ranks;
        int me = ranks.Rank.Value;
        var away = new long[count];
        for (int distance = 0; distance < count; distance++)
        {
            away[distance] = sent[(me + distance) % count];
        }
        var outgoing = new long[count];
        var incoming = new long[count];
        fixed (long* outgoingAt = outgoing, incomingAt = incoming)
        {
            for (int step = 1; step < count; step <<= 1)
            {
                int going = 0;
                for (int distance = step; distance < count; distance = Next(distance, step))
                {
                    outgoing[going++] = away[distance];
                }
                Request send = ranks.Send(Away(ranks, step), ControlTags.AllToAll, (byte*)outgoingAt, going * sizeof(long));
                Request receive = ranks.Receive(Away(ranks, -step), ControlTags.AllToAll, (byte*)incomingAt, going * sizeof(long));
                ranks.Wait(receive, site);
                ranks.Wait(send, site);
                going = 0;
                for (int distance = step; distance < count; distance = Next(distance, step))
                {
                    away[distance] = incoming[going++];
                }
            }
        }
        for (int distance = 0; distance < count; distance++)
        {
            received[(me - distance + count) % count] = away[distance];
        }

        // The next distance that has this binary digit.
        static int Next(int distance, int step) => (distance + 1) | step;
    }

    /// <summary>The root's bytes on every rank, of a size that only the root knows. Gives a new array on the other ranks.</summary>
    public static byte[] BroadcastBytes(ICommunicator ranks, RankId root, byte[] data, in WaitSite site)
    {
        long length = data.Length;
        Broadcast(ranks, root, (byte*)&length, sizeof(long), site);
        byte[] result = ranks.Rank == root ? data : new byte[length];
        fixed (byte* bytes = result)
        {
            Broadcast(ranks, root, bytes, length, site);
        }
        return result;
    }

    /// <summary>Every rank's bytes, of any size, on every rank.</summary>
    public static byte[][] AllGatherBytes(ICommunicator ranks, ReadOnlySpan<byte> mine, in WaitSite site)
    {
        int count = ranks.Ranks;
        var sizes = new long[count];
        var offsets = new long[count + 1];
        sizes[ranks.Rank.Value] = mine.Length;
        for (int r = 0; r <= count; r++)
        {
            offsets[r] = r * sizeof(long);
        }
        fixed (long* all = sizes)
        {
            AllGather(ranks, (byte*)all, offsets, site);
        }
        for (int r = 0; r < count; r++)
        {
            offsets[r + 1] = (r == 0 ? offsets[0] = 0 : offsets[r]) + sizes[r];
        }
        var joined = new byte[offsets[count]];
        mine.CopyTo(joined.AsSpan((int)offsets[ranks.Rank.Value]));
        fixed (byte* all = joined)
        {
            AllGather(ranks, all, offsets, site);
        }
        var parts = new byte[count][];
        for (int r = 0; r < count; r++)
        {
            parts[r] = joined[(int)offsets[r]..(int)offsets[r + 1]];
        }
        return parts;
    }
}
