using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>A box that one rank gets of a value: where the owner has it, and where it goes.</summary>
internal readonly record struct IncomingPiece(RankId Owner, Box From, Box To, ulong Columns);

/// <summary>Who gives what to whom in a transfer. Sender and receiver find the same pieces in the same order, as both look from the receiver's side.</summary>
internal static class TransferPieces
{
    /// <summary>
    /// What a rank gets, nothing twice: from others, and from itself where the buffers or the places differ. <paramref name="sender"/>: only what that rank gives, which costs
    /// the same however many others give something.
    /// </summary>
    public static List<IncomingPiece> Incoming(Transfer transfer, RankId rank, SymbolScope scope, ArrayType type, Box window, RankId? sender = null)
    {
        var pieces = new List<IncomingPiece>();
        IEnumerable<ulong> masks = transfer.Needs.Select(need => need.Columns);
        bool isShared = transfer.Shared is { } shared && shared.Audience.Needs(rank);
        foreach (ulong columns in ColumnMask.Classes(isShared ? masks.Concat(transfer.Shared!.Boxes.Select(b => b.Columns)) : masks, type.Element))
        {
            AddIncoming(transfer, columns, rank, scope, type, window, sender, pieces);
        }
        return pieces;
    }

    // Columns that the same needs read: what one of them is brought for, all are.
    private static void AddIncoming(Transfer transfer, ulong columns, RankId rank, SymbolScope scope, ArrayType type, Box window, RankId? sender, List<IncomingPiece> pieces)
    {
        var held = new BoxList();
        bool isScalarHeld = false;
        if (transfer.From == transfer.To && transfer.Owner.TryOwn(rank, out Box mine))
        {
            isScalarHeld = type.Rank == 0;
            held.Add(mine);
        }
        if (transfer.Shared is { } shared && shared.Audience.Needs(rank))
        {
            // That comes to all of them together.
            foreach ((Box box, ulong brought) in shared.Boxes)
            {
                isScalarHeld |= type.Rank == 0 && (brought & columns) != 0;
                held.Add((brought & columns) != 0 ? box : Box.Nothing(type.Rank));
            }
        }
        foreach (Need need in transfer.Needs)
        {
            if (isScalarHeld || (need.Columns & columns) == 0 || need.Of(rank, scope, isExact: true) is not { } box)
            {
                continue;
            }
            isScalarHeld = type.Rank == 0;
            foreach (PeriodicPiece place in PeriodicPlaces.Of(box, need, type, window))
            {
                foreach (Box fresh in type.Rank == 0 ? [place.Unwrapped] : held.Missing(place.Unwrapped))
                {
                    held.Add(fresh);
                    Box canonical = fresh.Shift([.. place.Shift.Select(s => -s)]);
                    if (sender is { } one)
                    {
                        if (transfer.Owner.OwnersOf(canonical).Contains(one))
                        {
                            AddFrom(one, canonical, place);
                        }
                        continue;
                    }
                    foreach (RankId owner in transfer.Owner.OwnersOf(canonical))
                    {
                        AddFrom(owner, canonical, place);
                    }
                }
            }
        }

        void AddFrom(RankId owner, Box canonical, PeriodicPiece place)
        {
            if (IsAsked(transfer, owner, rank) && transfer.Owner.TryOwn(owner, out Box own))
            {
                Box part = canonical.Intersect(own);
                pieces.Add(new IncomingPiece(owner, part, part.Shift(place.Shift.AsSpan()), columns));
            }
        }
    }

    /// <summary>The other ranks that may get something from a rank, ascending.</summary>
    public static SortedSet<int> Receivers(Transfer transfer, RankId rank, SymbolScope scope, ArrayType type)
    {
        var found = new SortedSet<int>();
        if (!transfer.Owner.TryOwn(rank, out Box own))
        {
            return found;
        }
        foreach (Need need in transfer.Needs)
        {
            foreach (RankId peer in PeerSearch.Of(need.Consumer, new NeedOfOwn(need, scope, own, type), own.Low.AsSpan(), own.High.AsSpan()))
            {
                found.Add(peer.Value);
            }
        }
        found.Remove(rank.Value);
        return found;
    }

    private static bool IsAsked(Transfer transfer, RankId owner, RankId rank) => transfer.Source switch
    {
        TransferSource.Before => IsBefore(transfer, owner, rank),
        TransferSource.After => IsBefore(transfer, rank, owner),
        _ => true,
    };

    // Parts of a grid in the order of the sweep: the first axis that tells them apart decides.
    private static bool IsBefore(Transfer transfer, RankId a, RankId b)
    {
        Span<int> first = stackalloc int[transfer.Owner.Grid.Length];
        Span<int> second = stackalloc int[first.Length];
        transfer.Owner.TryCoordinates(a, first);
        transfer.Owner.TryCoordinates(b, second);
        for (int axis = 0; axis < first.Length; axis++)
        {
            if (first[axis] != second[axis])
            {
                return first[axis] < second[axis] != transfer.IsReversed[axis];
            }
        }
        return false;
    }
}
