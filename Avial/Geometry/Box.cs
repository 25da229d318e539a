using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>A half-open box of index space, Low ≤ i &lt; High per axis. Rank 0 holds one point. Empty when any axis is.</summary>
internal readonly struct Box : IEquatable<Box>
{
    public Box(ImmutableArray<long> low, ImmutableArray<long> high)
    {
        Low = low;
        High = high;
    }

    public ImmutableArray<long> Low { get; }

    public ImmutableArray<long> High { get; }

    public int Rank => Low.Length;

    public bool IsEmpty
    {
        get
        {
            for (int axis = 0; axis < Rank; axis++)
            {
                if (High[axis] <= Low[axis])
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>The number of points.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            for (int axis = 0; axis < Rank; axis++)
            {
                count = checked(count * Math.Max(0, High[axis] - Low[axis]));
            }
            return count;
        }
    }

    /// <summary>The number of points as estimates take it: it cannot overflow.</summary>
    public double Volume
    {
        get
        {
            double volume = 1;
            for (int axis = 0; axis < Rank; axis++)
            {
                volume *= Length(axis);
            }
            return volume;
        }
    }

    public long Length(int axis) => Math.Max(0, High[axis] - Low[axis]);

    /// <summary>No point of a space with axes; without axes, where every box is a point, that point.</summary>
    public static Box Nothing(int rank) => OfExtents(new long[rank]);

    /// <summary>[0, extent) per axis.</summary>
    public static Box OfExtents(ReadOnlySpan<long> extents) => new([.. new long[extents.Length]], [.. extents]);

    /// <summary>What both hold; an axis that they do not share ends where it begins, or before.</summary>
    public Box Intersect(Box other)
    {
        Span<long> low = stackalloc long[Rank];
        Span<long> high = stackalloc long[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            low[axis] = Math.Max(Low[axis], other.Low[axis]);
            high[axis] = Math.Min(High[axis], other.High[axis]);
        }
        return new([.. low], [.. high]);
    }

    /// <summary>True when there is a point in both.</summary>
    public bool Meets(Box other)
    {
        for (int axis = 0; axis < Rank; axis++)
        {
            if (Math.Max(Low[axis], other.Low[axis]) >= Math.Min(High[axis], other.High[axis]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The smallest box that holds both; an empty box adds nothing.</summary>
    public Box Hull(Box other)
    {
        if (IsEmpty)
        {
            return other;
        }
        if (other.IsEmpty)
        {
            return this;
        }
        Span<long> low = stackalloc long[Rank];
        Span<long> high = stackalloc long[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            low[axis] = Math.Min(Low[axis], other.Low[axis]);
            high[axis] = Math.Max(High[axis], other.High[axis]);
        }
        return new([.. low], [.. high]);
    }

    public bool Contains(Box other)
    {
        if (other.IsEmpty)
        {
            return true;
        }
        for (int axis = 0; axis < Rank; axis++)
        {
            if (other.Low[axis] < Low[axis] || other.High[axis] > High[axis])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The same box moved along every axis.</summary>
    public Box Shift(ReadOnlySpan<long> offsets)
    {
        Span<long> low = stackalloc long[Rank];
        Span<long> high = stackalloc long[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            low[axis] = Low[axis] + offsets[axis];
            high[axis] = High[axis] + offsets[axis];
        }
        return new([.. low], [.. high]);
    }

    /// <summary>This box without the other, as at most 2 × rank disjoint boxes.</summary>
    public ImmutableArray<Box> Subtract(Box other)
    {
        Box hole = Intersect(other);
        if (hole.IsEmpty)
        {
            return IsEmpty ? [] : [this];
        }
        var parts = ImmutableArray.CreateBuilder<Box>();
        Box rest = this;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (rest.Low[axis] < hole.Low[axis])
            {
                parts.Add(rest.With(axis, rest.Low[axis], hole.Low[axis]));
            }
            if (hole.High[axis] < rest.High[axis])
            {
                parts.Add(rest.With(axis, hole.High[axis], rest.High[axis]));
            }
            rest = rest.With(axis, hole.Low[axis], hole.High[axis]);
        }
        return parts.ToImmutable();
    }

    /// <summary>The same box with one axis replaced.</summary>
    public Box With(int axis, long low, long high) => new(Low.SetItem(axis, low), High.SetItem(axis, high));

    public bool Equals(Box other) => Low.AsSpan().SequenceEqual(other.Low.AsSpan()) && High.AsSpan().SequenceEqual(other.High.AsSpan());

    public override bool Equals(object? obj) => obj is Box other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (int axis = 0; axis < Rank; axis++)
        {
            hash.Add(Low[axis]);
            hash.Add(High[axis]);
        }
        return hash.ToHashCode();
    }

    public static bool operator ==(Box a, Box b) => a.Equals(b);

    public static bool operator !=(Box a, Box b) => !a.Equals(b);

    /// <summary><c>[0..4, 1..8]</c>.</summary>
    public override string ToString()
    {
        Box self = this;
        return $"[{string.Join(", ", Enumerable.Range(0, Rank).Select(a => $"{self.Low[a]}..{self.High[a]}"))}]";
    }
}
