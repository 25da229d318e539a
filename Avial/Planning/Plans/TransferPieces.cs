using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>A box that one rank gets of a value: where the owner has it, and where it goes.</summary>
internal readonly record struct IncomingPiece(RankId Owner, Box From, Box To, ulong Columns);

/// <summary>Who gives what to whom in a transfer. Sender and receiver find the same pieces in the same order, as both look from the receiver's side.</summary>
internal static class TransferPieces
{
    /// <summary>What a rank gets, nothing twice: from others, and from itself where the buffers or the places differ.</summary>
    public static List<IncomingPiece> Incoming(Transfer transfer, RankId rank, SymbolScope scope, ImmutableArray<long> extents)
    {
        var pieces = new List<IncomingPiece>();
        var held = new BoxList();
        if (transfer.From == transfer.To && transfer.Owner.TryOwn(rank, out Box mine))
        {
            held.Add(mine);
        }
        ulong columns = Columns(transfer);
        foreach (Need need in transfer.Needs)
        {
            if (need.Of(rank, scope, isExact: true) is not { } box)
            {
                continue;
            }
            foreach (Box fresh in extents.IsEmpty ? [box] : Missing(box, held))
            {
                held.Add(fresh);
                foreach (PeriodicPiece place in PeriodicPiece.Of(fresh, extents.AsSpan()))
                {
                    foreach (RankId owner in transfer.Owner.OwnersOf(place.Canonical))
                    {
                        if (IsAsked(transfer, owner, rank) && transfer.Owner.TryOwn(owner, out Box own))
                        {
                            Box part = place.Canonical.Intersect(own);
                            pieces.Add(new IncomingPiece(owner, part, part.Shift(place.Shift.AsSpan()), columns));
                        }
                    }
                }
            }
            if (extents.IsEmpty)
            {
                break;
            }
        }
        if (transfer.From == transfer.To)
        {
            pieces.RemoveAll(p => p.Owner == rank && p.From == p.To);
        }
        return pieces;
    }

    /// <summary>The other ranks that may get something from a rank, ascending.</summary>
    public static SortedSet<int> Receivers(Transfer transfer, RankId rank, SymbolScope scope, ImmutableArray<long> extents)
    {
        var found = new SortedSet<int>();
        if (!transfer.Owner.TryOwn(rank, out Box own))
        {
            return found;
        }
        foreach (Need need in transfer.Needs)
        {
            foreach (Box place in Places(own, need, extents))
            {
                foreach (RankId peer in PeerSearch.Of(need.Consumer, new ScopedNeed(need, scope), place.Low.AsSpan(), place.High.AsSpan()))
                {
                    found.Add(peer.Value);
                }
            }
        }
        found.Remove(rank.Value);
        return found;
    }

    private static IEnumerable<Box> Missing(Box box, BoxList held)
    {
        List<Box> missing = [box];
        foreach (Box there in held.Boxes)
        {
            missing = [.. missing.SelectMany(b => b.Subtract(there))];
        }
        return missing;
    }

    /// <summary>A box and where periodic windows may see it.</summary>
    private static List<Box> Places(Box own, Need need, ImmutableArray<long> extents)
    {
        List<Box> places = [own];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (need.IsWrapping(axis))
            {
                long extent = extents[axis];
                places = [.. places.SelectMany(p => (Box[])[p, p.With(axis, p.Low[axis] - extent, p.High[axis] - extent), p.With(axis, p.Low[axis] + extent, p.High[axis] + extent)])];
            }
        }
        return places;
    }

    private static ulong Columns(Transfer transfer)
    {
        ulong columns = 0;
        foreach (Need need in transfer.Needs)
        {
            columns |= need.Columns;
        }
        return columns;
    }

    private static bool IsAsked(Transfer transfer, RankId owner, RankId rank) => transfer.Source switch
    {
        TransferSource.Higher => owner.Value > rank.Value,
        TransferSource.Lower => owner.Value < rank.Value,
        _ => true,
    };

    private readonly struct ScopedNeed(Need need, SymbolScope scope) : INeed
    {
        public bool TryEvaluate(scoped ReadOnlySpan<long> partLow, scoped ReadOnlySpan<long> partHigh, scoped Span<long> low, scoped Span<long> high)
        {
            if (need.OfOwn(new Box([.. partLow], [.. partHigh]), scope, isExact: true) is not { } box)
            {
                return false;
            }
            box.Low.CopyTo(low);
            box.High.CopyTo(high);
            return true;
        }
    }
}
