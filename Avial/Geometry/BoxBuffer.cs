namespace Avial.Geometry;

/// <summary>A set of points as boxes that do not overlap, as <see cref="BoxList"/> is, in memory that is used again: once there is enough of it, nothing is allocated.</summary>
internal sealed class BoxBuffer
{
    // Of each box the low corner, then the high one.
    private long[] _corners = [];
    private int _rank;

    /// <summary>The number of boxes.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<long> Low(int box) => _corners.AsSpan(2 * box * _rank, _rank);

    public ReadOnlySpan<long> High(int box) => _corners.AsSpan((2 * box + 1) * _rank, _rank);

    /// <summary>Takes all boxes out; those to come have so many axes.</summary>
    public void Clear(int rank) => (_rank, Count) = (rank, 0);

    /// <summary>Adds a box that is not empty and that no other overlaps.</summary>
    public void Append(ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        int end = 2 * Count * _rank;
        if (_corners.Length < end + 2 * _rank)
        {
            Array.Resize(ref _corners, 2 * (end + 2 * _rank));
        }
        low.CopyTo(_corners.AsSpan(end));
        high.CopyTo(_corners.AsSpan(end + _rank));
        Count++;
    }

    /// <summary>Adds the boxes of another, which overlap none.</summary>
    public void Append(BoxBuffer other)
    {
        for (int box = 0; box < other.Count; box++)
        {
            Append(other.Low(box), other.High(box));
        }
    }

    /// <summary>Makes <paramref name="missing"/> the points of a box that are not here.</summary>
    public void FindMissing(ReadOnlySpan<long> low, ReadOnlySpan<long> high, BoxBuffer missing)
    {
        missing.Clear(_rank);
        if (!Meet(low, high, low, high))
        {
            return;
        }
        missing.Append(low, high);
        for (int box = 0; box < Count && missing.Count > 0; box++)
        {
            missing.Subtract(Low(box), High(box));
        }
    }

    // What a cut leaves is put behind the others, where it is not looked at again.
    private void Subtract(ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        Span<long> restLow = stackalloc long[_rank];
        Span<long> restHigh = stackalloc long[_rank];
        for (int box = Count - 1; box >= 0; box--)
        {
            if (!Meet(Low(box), High(box), low, high))
            {
                continue;
            }
            Low(box).CopyTo(restLow);
            High(box).CopyTo(restHigh);
            RemoveAt(box);
            for (int axis = 0; axis < _rank; axis++)
            {
                (long first, long end) = (restLow[axis], restHigh[axis]);
                if (first < low[axis])
                {
                    restHigh[axis] = low[axis];
                    Append(restLow, restHigh);
                }
                if (high[axis] < end)
                {
                    (restLow[axis], restHigh[axis]) = (high[axis], end);
                    Append(restLow, restHigh);
                }
                (restLow[axis], restHigh[axis]) = (Math.Max(first, low[axis]), Math.Min(end, high[axis]));
            }
        }
    }

    private void RemoveAt(int box)
    {
        Count--;
        _corners.AsSpan(2 * Count * _rank, 2 * _rank).CopyTo(_corners.AsSpan(2 * box * _rank));
    }

    private static bool Meet(ReadOnlySpan<long> low, ReadOnlySpan<long> high, ReadOnlySpan<long> otherLow, ReadOnlySpan<long> otherHigh)
    {
        for (int axis = 0; axis < low.Length; axis++)
        {
            if (Math.Max(low[axis], otherLow[axis]) >= Math.Min(high[axis], otherHigh[axis]))
            {
                return false;
            }
        }
        return true;
    }
}
