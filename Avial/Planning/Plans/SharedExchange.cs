using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>Boxes of one value that a whole audience needs: what columns of them, nothing twice.</summary>
internal sealed record SharedBoxes(Audience Audience, ImmutableArray<(Box Box, ulong Columns)> Boxes);

/// <summary>
/// What an exchange brings whole to all of an audience, handed on in rounds: in round k each sends what it has so far to the rank 2ᵏ numbers before it, and gets as much from the
/// one 2ᵏ after it. From one owner that is a binomial tree, from all of them an all-gather; none sends or receives more than log₂ messages.
/// <code>
/// of four ranks, 2 having it:   2 → 1;   2 → 0, 1 → 3
/// of four ranks, each a part:   0 ← 1 ← 2 ← 3 ← 0 one part each;   0 ⇄ 2, 1 ⇄ 3 two parts each
/// </code>
/// </summary>
internal sealed class SharedExchange
{
    private readonly Audience _audience;
    private readonly List<(Transfer Transfer, SharedBoxes Shared)> _values = [];

    private SharedExchange(Audience audience) => _audience = audience;

    /// <summary>
    /// Divides an exchange into what goes to an audience in rounds, null when nothing does, and what goes straight to those who need it. An exchange has one audience: that of
    /// the first need which has one.
    /// </summary>
    public static (SharedExchange? Shared, ImmutableArray<Transfer> Direct) Divide(PlannedExchange exchange, IReadOnlyList<PlannedBuffer> buffers, SymbolScope scope)
    {
        if (exchange.SharedNumber < 0)
        {
            return (null, exchange.Transfers);
        }
        SharedExchange? shared = null;
        var rest = ImmutableArray.CreateBuilder<Transfer>(exchange.Transfers.Length);
        foreach (Transfer transfer in exchange.Transfers)
        {
            Transfer left = Divide(transfer, buffers[transfer.From].Type, scope, ref shared);
            if (!left.Needs.IsEmpty)
            {
                rest.Add(left);
            }
        }
        return (shared, rest.ToImmutable());
    }

    /// <summary>The messages that a rank gets, in the order of rounds.</summary>
    public IEnumerable<(RankId Peer, List<Piece> Pieces)> Incoming(RankId rank) => Messages(rank, isSent: false);

    /// <summary>The messages that a rank sends.</summary>
    public IEnumerable<(RankId Peer, List<Piece> Pieces)> Outgoing(RankId rank) => Messages(rank, isSent: true);

    /// <summary>What a rank that needs it has itself, in another buffer.</summary>
    public IEnumerable<(Piece From, Piece To)> Copies(RankId rank)
    {
        if (!_audience.Needs(rank))
        {
            yield break;
        }
        int me = _audience.NumberOf(rank);
        foreach ((Transfer transfer, SharedBoxes shared) in _values)
        {
            if (transfer.From == transfer.To)
            {
                continue;
            }
            foreach ((Box box, ulong columns) in shared.Boxes)
            {
                foreach (Box own in Owned(transfer.Owner, box, me, me + 1))
                {
                    yield return (new Piece(transfer.From, own, columns), new Piece(transfer.To, own, columns));
                }
            }
        }
    }

    private IEnumerable<(RankId Peer, List<Piece> Pieces)> Messages(RankId rank, bool isSent)
    {
        int me = _audience.NumberOf(rank);
        int count = _audience.Count;
        for (int distance = 1; me >= 0 && distance < count; distance = (int)Math.Min(count, 2L * distance))
        {
            int sender = isSent ? me : (int)(((long)me + distance) % count);
            int receiver = isSent ? (me - distance + count) % count : me;
            List<Piece> pieces = PiecesOf(sender, Math.Min(distance, count - distance), isSent);
            if (pieces.Count > 0)
            {
                yield return (_audience.RankOf(isSent ? receiver : sender), pieces);
            }
        }
    }

    // What so many ranks from the sender on own: the sender's own part lies where it owns it, the others' where they were brought.
    private List<Piece> PiecesOf(int sender, int span, bool isSent)
    {
        var pieces = new List<Piece>();
        int end = sender + span;
        int count = _audience.Count;
        foreach ((Transfer transfer, SharedBoxes shared) in _values)
        {
            foreach ((Box box, ulong columns) in shared.Boxes)
            {
                pieces.AddRange(Owned(transfer.Owner, box, sender, sender + 1).Select(own => new Piece(isSent ? transfer.From : transfer.To, own, columns)));
                pieces.AddRange(Owned(transfer.Owner, box, sender + 1, Math.Min(end, count)).Select(own => new Piece(transfer.To, own, columns)));
                pieces.AddRange(Owned(transfer.Owner, box, 0, end - count).Select(own => new Piece(transfer.To, own, columns)));
            }
        }
        return pieces;
    }

    private List<Box> Owned(Distribution owner, Box box, int from, int to)
    {
        var owned = new List<Box>();
        if (from < to)
        {
            _audience.AddOwned(owner, box, from, to, owned);
        }
        return owned;
    }

    private static Transfer Divide(Transfer transfer, ArrayType type, SymbolScope scope, ref SharedExchange? shared)
    {
        var needed = new List<(Box Box, ulong Columns)>();
        var rest = ImmutableArray.CreateBuilder<Need>();
        foreach (Need need in transfer.Needs)
        {
            if (transfer.Source == TransferSource.All && Audience.TryFind(need, scope, type, transfer.Owner, out Audience audience, out Box box) && (shared is null || shared._audience.Equals(audience)))
            {
                shared ??= new SharedExchange(audience);
                needed.Add((box, need.Columns));
            }
            else
            {
                rest.Add(need);
            }
        }
        if (needed.Count == 0)
        {
            return transfer;
        }
        var boxes = new SharedBoxes(shared!._audience, [.. Once(needed, type)]);
        shared._values.Add((transfer, boxes));
        return transfer with { Needs = rest.ToImmutable(), Shared = boxes };
    }

    private static IEnumerable<(Box Box, ulong Columns)> Once(List<(Box Box, ulong Columns)> needed, ArrayType type)
    {
        foreach (ulong columns in ColumnMask.Classes(needed.Select(n => n.Columns), type.Element))
        {
            IEnumerable<Box> boxes = needed.Where(n => (n.Columns & columns) != 0).Select(n => n.Box);
            if (type.Rank == 0)
            {
                yield return (boxes.First(), columns);
                continue;
            }
            var held = new BoxList();
            foreach (Box box in boxes)
            {
                held.Add(box);
            }
            foreach (Box box in held.Boxes)
            {
                yield return (box, columns);
            }
        }
    }
}
