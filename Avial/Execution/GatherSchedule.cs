using Avial.Backends;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>What passes between this rank and another: runs of elements in row-major order, as pairs of the first place and the length.</summary>
internal readonly record struct PeerRuns(RankId Peer, ReadOnlyMemory<long> Runs, long Elements);

/// <summary>
/// Who brings which elements of an array to whom. Made by all ranks together from the places that each needs; a run never goes on over the end of a row.
/// </summary>
internal sealed class GatherSchedule
{
    private GatherSchedule(PeerRuns[] receives, PeerRuns[] sends, long[] own)
    {
        Receives = receives;
        Sends = sends;
        Own = own;
        Received = receives.Sum(p => p.Elements);
        Sent = sends.Sum(p => p.Elements);
    }

    /// <summary>What this rank gets, by owner, ascending.</summary>
    public PeerRuns[] Receives { get; }

    /// <summary>What others get of this rank's part, ascending.</summary>
    public PeerRuns[] Sends { get; }

    /// <summary>What it needs of its own part.</summary>
    public ReadOnlyMemory<long> Own { get; }

    /// <summary>The elements that come.</summary>
    public long Received { get; }

    /// <summary>The elements that go.</summary>
    public long Sent { get; }

    /// <summary>The schedule for the places with marks: each owner is told what is needed of its part.</summary>
    /// <param name="marks">One byte an element, not 0 where it is needed.</param>
    /// <param name="owner">Who has which elements.</param>
    /// <param name="tag">The tag of the messages.</param>
    /// <param name="ranks">The ranks.</param>
    /// <param name="site">For the watchdog.</param>
    public static unsafe GatherSchedule Of(Storage marks, Distribution owner, int tag, ICommunicator ranks, in WaitSite site)
    {
        int count = ranks.Ranks;
        var wanted = new List<long>();
        var ends = new int[count + 1];
        long[] own = [];
        for (int rank = 0; rank < count; rank++)
        {
            int before = wanted.Count;
            if (owner.TryOwn(new RankId(rank), out Box part))
            {
                MarkedRuns.Add(marks, part, wanted);
            }
            if (rank == ranks.Rank.Value)
            {
                own = [.. wanted[before..]];
                wanted.RemoveRange(before, wanted.Count - before);
            }
            ends[rank + 1] = wanted.Count;
        }
        long[] asked = [.. wanted];
        var sentLengths = new long[count];
        var receivedLengths = new long[count];
        for (int rank = 0; rank < count; rank++)
        {
            sentLengths[rank] = ends[rank + 1] - ends[rank];
        }
        Collectives.AllToAll(ranks, sentLengths, receivedLengths, site);
        var given = new long[receivedLengths.Sum()];
        var requests = new List<Request>();
        fixed (long* questions = asked, answers = given)
        {
            long first = 0;
            for (int rank = 0; rank < count; rank++)
            {
                if (receivedLengths[rank] > 0)
                {
                    requests.Add(ranks.Receive(new RankId(rank), tag, (byte*)(answers + first), receivedLengths[rank] * sizeof(long)));
                }
                first += receivedLengths[rank];
            }
            for (int rank = 0; rank < count; rank++)
            {
                if (sentLengths[rank] > 0)
                {
                    requests.Add(ranks.Send(new RankId(rank), tag, (byte*)(questions + ends[rank]), sentLengths[rank] * sizeof(long)));
                }
            }
            foreach (Request request in requests)
            {
                ranks.Wait(request, site);
            }
        }
        return new GatherSchedule(ByPeer(asked, sentLengths), ByPeer(given, receivedLengths), own);
    }

    private static PeerRuns[] ByPeer(long[] runs, long[] lengths)
    {
        var peers = new List<PeerRuns>();
        int first = 0;
        for (int rank = 0; rank < lengths.Length; rank++)
        {
            int length = (int)lengths[rank];
            if (length > 0)
            {
                var some = new ReadOnlyMemory<long>(runs, first, length);
                peers.Add(new PeerRuns(new RankId(rank), some, ElementsOf(some.Span)));
            }
            first += length;
        }
        return [.. peers];
    }

    private static long ElementsOf(ReadOnlySpan<long> runs)
    {
        long elements = 0;
        for (int r = 1; r < runs.Length; r += 2)
        {
            elements += runs[r];
        }
        return elements;
    }
}
