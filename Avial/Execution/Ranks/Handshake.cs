using Avial.Backends;
using Avial.Geometry;

namespace Avial.Execution.Ranks;

/// <summary>
/// Opens an evaluation on all ranks: descriptors are compared up a binomial tree, rank 0 broadcasts the verdict and what it has decided. Where they differ a second
/// round finds out in what, and every rank gets the same error.
/// </summary>
internal static unsafe class Handshake
{
    private static readonly RankId s_root = new(0);

    /// <summary>Null when all ranks are about to do the same.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="descriptor">What this rank is about to do.</param>
    /// <param name="detail">The same in words; asked for only when ranks differ.</param>
    /// <param name="decide">What rank 0 decides for all (measured constants, cancellation); called there only.</param>
    /// <param name="site">For the watchdog.</param>
    /// <param name="decision">What rank 0 decided, on every rank.</param>
    public static Interruption? Open(ICommunicator ranks, in EvaluationDescriptor descriptor, Func<EvaluationDetail> detail, Func<byte[]> decide, in WaitSite site, out byte[] decision)
    {
        var record = new Record(descriptor, AreEqual: true);
        CompareUpwards(ranks, ref record, site);
        bool isRoot = ranks.Rank == s_root;
        decision = isRoot && record.AreEqual ? decide() : [];
        var verdict = new Verdict(record.AreEqual, decision.Length);
        Collectives.Broadcast(ranks, s_root, (byte*)&verdict, sizeof(Verdict), site);
        if (!verdict.AreEqual)
        {
            return FindDifference(ranks, detail(), site);
        }
        if (verdict.Bytes > 0)
        {
            decision = isRoot ? decision : new byte[verdict.Bytes];
            fixed (byte* bytes = decision)
            {
                Collectives.Broadcast(ranks, s_root, bytes, verdict.Bytes, site);
            }
        }
        return null;
    }

    private static void CompareUpwards(ICommunicator ranks, ref Record record, in WaitSite site)
    {
        int me = ranks.Rank.Value;
        for (int bit = 1; bit < ranks.Ranks; bit *= 2)
        {
            if ((me & bit) != 0)
            {
                Record mine = record;
                ranks.Wait(ranks.Send(new RankId(me - bit), ControlTags.Handshake, (byte*)&mine, sizeof(Record)), site);
                return;
            }
            if (me + bit < ranks.Ranks)
            {
                Record theirs;
                ranks.Wait(ranks.Receive(new RankId(me + bit), ControlTags.Handshake, (byte*)&theirs, sizeof(Record)), site);
                record = record with { AreEqual = record.AreEqual && theirs.AreEqual && record.Descriptor == theirs.Descriptor };
            }
        }
    }

    /// <summary>Rank 0 hears everybody, one after another, and tells all what it found.</summary>
    private static Interruption FindDifference(ICommunicator ranks, EvaluationDetail detail, in WaitSite site)
    {
        byte[] error = [];
        if (ranks.Rank == s_root)
        {
            var divergence = new Divergence(detail);
            for (int r = 1; r < ranks.Ranks; r++)
            {
                divergence.Add(r, EvaluationDetail.FromBytes(ReceiveBytes(ranks, new RankId(r), site)));
            }
            error = InterruptionBytes.Write(Interruption.Of(s_root, divergence.ToError()));
        }
        else
        {
            SendBytes(ranks, detail.ToBytes(), site);
        }
        return InterruptionBytes.Read(Collectives.BroadcastBytes(ranks, s_root, error, site));
    }

    private static void SendBytes(ICommunicator ranks, byte[] data, in WaitSite site)
    {
        long length = data.Length;
        ranks.Wait(ranks.Send(s_root, ControlTags.Handshake, (byte*)&length, sizeof(long)), site);
        fixed (byte* bytes = data)
        {
            ranks.Wait(ranks.Send(s_root, ControlTags.Handshake, bytes, length), site);
        }
    }

    private static byte[] ReceiveBytes(ICommunicator ranks, RankId from, in WaitSite site)
    {
        long length;
        ranks.Wait(ranks.Receive(from, ControlTags.Handshake, (byte*)&length, sizeof(long)), site);
        var data = new byte[length];
        fixed (byte* bytes = data)
        {
            ranks.Wait(ranks.Receive(from, ControlTags.Handshake, bytes, length), site);
        }
        return data;
    }

    /// <summary>A descriptor, and whether all ranks below in the tree have the same one.</summary>
    private readonly record struct Record(EvaluationDescriptor Descriptor, bool AreEqual);

    private readonly record struct Verdict(bool AreEqual, long Bytes);
}
