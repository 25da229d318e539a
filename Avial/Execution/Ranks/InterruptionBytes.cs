using Avial.Backends;
using Avial.Geometry;

namespace Avial.Execution.Ranks;

/// <summary>Interruptions as messages, and the agreement on one of them.</summary>
internal static class InterruptionBytes
{
    private static readonly RankId s_nobody = new(int.MaxValue);

    public static byte[] Write(Interruption interruption)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(interruption.Rank.Value);
        writer.Write((byte)interruption.Kind);
        writer.Write(interruption.Id);
        writer.Write(interruption.Message);
        EvaluationDetail.Write(writer, interruption.Place);
        writer.Write(interruption.Order);
        writer.Write(interruption.Index);
        return stream.ToArray();
    }

    public static Interruption Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return new Interruption(new RankId(reader.ReadInt32()), (InterruptionKind)reader.ReadByte(), reader.ReadString(), reader.ReadString(),
            EvaluationDetail.Span(reader), reader.ReadInt64(), reader.ReadInt64());
    }

    /// <summary>
    /// Collective, after <see cref="ICommunicator.Recover"/>: the lowest (order, index, rank) of what ranks were stopped by; every rank gets the same. Ranks that only heard of it give null.
    /// </summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="own">What stopped this rank, or null.</param>
    /// <param name="heard">What this rank heard of; taken when no rank has one of its own.</param>
    /// <param name="site">For the watchdog.</param>
    public static Interruption Agree(ICommunicator ranks, Interruption? own, Interruption? heard, in WaitSite site)
    {
        Interruption? lowest = null;
        Interruption? first = null;
        foreach (byte[] bytes in Collectives.AllGatherBytes(ranks, own is not null ? Write(own) : heard is not null ? Write(heard with { Rank = s_nobody }) : [], site))
        {
            if (bytes.Length == 0)
            {
                continue;
            }
            Interruption given = Read(bytes);
            first ??= given;
            if (given.Rank != s_nobody && (lowest is null || (given.Order, given.Index, given.Rank.Value).CompareTo((lowest.Order, lowest.Index, lowest.Rank.Value)) < 0))
            {
                lowest = given;
            }
        }
        Interruption agreed = lowest ?? first ?? Interruption.OfBug(ranks.Rank, "An evaluation was interrupted for no reason.");
        return own is not null && agreed.Rank == own.Rank ? agreed with { Cause = own.Cause } : agreed;
    }
}
