using System.Runtime.InteropServices;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>Counts what one rank receives of a value. One serves a whole search, so that prices are found in memory that is used again.</summary>
internal sealed class Receiving
{
    // More senders than this are not told apart, but counted box by box.
    private const int FewOwners = 64;

    private readonly BoxBuffer _held = new();
    private readonly BoxBuffer _missing = new();
    private readonly HashSet<int> _owners = [];
    private Distribution _owner = null!;
    private double _points;
    private double _counted;

    /// <summary>The ranks to look at.</summary>
    public List<int> Sample { get; } = [];

    /// <summary>What is needed, but for what is handed on in rounds.</summary>
    public List<(Need Need, SymbolScope Scope)> Needs { get; } = [];

    /// <summary>Forgets the ranks and needs.</summary>
    public void Clear()
    {
        Sample.Clear();
        Needs.Clear();
    }

    /// <summary>How many points the rank receives, and in how many messages.</summary>
    public (double Points, double Messages) By(RankId rank, ArrayType type, Distribution owner, SharedCost shared)
    {
        (_owner, _points, _counted) = (owner, 0, 0);
        if (type.Rank == 0)
        {
            return !owner.Owns(rank) && !shared.IsFor(rank) && IsNeeded(rank) ? (1, 1) : (0, 0);
        }
        Span<long> ownLow = stackalloc long[type.Rank];
        Span<long> ownHigh = stackalloc long[type.Rank];
        Span<long> low = stackalloc long[type.Rank];
        Span<long> high = stackalloc long[type.Rank];
        Span<long> placeLow = stackalloc long[type.Rank];
        Span<long> placeHigh = stackalloc long[type.Rank];
        _owners.Clear();
        _held.Clear(type.Rank);
        shared.AddHeldBy(rank, _held);
        bool isOwner = owner.TryOwn(rank, ownLow, ownHigh);
        if (isOwner)
        {
            Hold(ownLow, ownHigh);
        }
        foreach ((Need need, SymbolScope scope) in CollectionsMarshal.AsSpan(Needs))
        {
            if (need.TryOf(rank, scope, low, high) && !(isOwner && Contains(ownLow, ownHigh, low, high)))
            {
                Receive(type, 0, low, high, placeLow, placeHigh);
            }
        }
        return (_points, Math.Max(_counted, _owners.Count));
    }

    private bool IsNeeded(RankId rank)
    {
        foreach ((Need need, SymbolScope scope) in CollectionsMarshal.AsSpan(Needs))
        {
            if (need.TryOf(rank, scope, [], []))
            {
                return true;
            }
        }
        return false;
    }

    // What reaches out of the extents is cut at their multiples: see PeriodicPiece.
    private void Receive(ArrayType type, int axis, ReadOnlySpan<long> low, ReadOnlySpan<long> high, Span<long> placeLow, Span<long> placeHigh)
    {
        if (axis == type.Rank)
        {
            Receive(placeLow, placeHigh);
            return;
        }
        long extent = type.Extents[axis];
        if (extent <= 0 || low[axis] >= high[axis])
        {
            return;
        }
        long last = Floor.Divide(high[axis] - 1, extent);
        for (long turn = Floor.Divide(low[axis], extent); turn <= last; turn++)
        {
            placeLow[axis] = Math.Max(0, low[axis] - turn * extent);
            placeHigh[axis] = Math.Min(extent, high[axis] - turn * extent);
            Receive(type, axis + 1, low, high, placeLow, placeHigh);
        }
    }

    private void Receive(ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        _held.FindMissing(low, high, _missing);
        for (int box = 0; box < _missing.Count; box++)
        {
            double volume = 1;
            for (int axis = 0; axis < low.Length; axis++)
            {
                volume *= _missing.High(box)[axis] - _missing.Low(box)[axis];
            }
            _points += volume;
            Owners from = _owner.OwnersOf(_missing.Low(box), _missing.High(box));
            if (from.Count > FewOwners)
            {
                _counted = Math.Max(_counted, from.Count);
                continue;
            }
            foreach (RankId peer in from)
            {
                _owners.Add(peer.Value);
            }
        }
        _held.Append(_missing);
    }

    private void Hold(ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        _held.FindMissing(low, high, _missing);
        _held.Append(_missing);
    }

    private static bool Contains(ReadOnlySpan<long> low, ReadOnlySpan<long> high, ReadOnlySpan<long> otherLow, ReadOnlySpan<long> otherHigh)
    {
        for (int axis = 0; axis < low.Length; axis++)
        {
            if (otherLow[axis] < low[axis] || otherHigh[axis] > high[axis])
            {
                return false;
            }
        }
        return true;
    }
}
