using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>The places between two parallel planes of index space: Low ≤ n·p &lt; High. Along one axis at least the normal n is 1 or -1.</summary>
internal readonly struct Band : IEquatable<Band>
{
    public Band(ImmutableArray<int> normal, long low, long high)
    {
        Normal = normal;
        Low = low;
        High = high;
    }

    public ImmutableArray<int> Normal { get; }

    public long Low { get; }

    public long High { get; }

    /// <summary>True when the planes stand on one axis, so that what the band cuts out of a box is a box.</summary>
    public bool IsStraight => Normal.Count(n => n != 0) == 1;

    /// <summary>The least and the greatest n·p over a box that is not empty.</summary>
    public static (long Least, long Most) Range(ReadOnlySpan<int> normal, Box box)
    {
        (long least, long most) = (0, 0);
        for (int axis = 0; axis < normal.Length; axis++)
        {
            (long low, long high) = (normal[axis] * box.Low[axis], normal[axis] * (box.High[axis] - 1));
            least += Math.Min(low, high);
            most += Math.Max(low, high);
        }
        return (least, most);
    }

    /// <summary>False only when the band holds no place of a box.</summary>
    public bool Meets(Box box)
    {
        if (box.IsEmpty)
        {
            return false;
        }
        (long least, long most) = Range(Normal.AsSpan(), box);
        return least < High && most >= Low;
    }

    /// <summary>The smallest box with all places of a box that lie in the band; exactly these when the band is straight.</summary>
    public Box Hull(Box box)
    {
        bool isShrinking = Meets(box);
        while (isShrinking)
        {
            isShrinking = false;
            for (int axis = 0; axis < box.Rank && !box.IsEmpty; axis++)
            {
                if (Math.Abs(Normal[axis]) != 1)
                {
                    continue;
                }
                // What the other axes leave for n·p along this one.
                (long least, long most) = Range(Normal.SetItem(axis, 0).AsSpan(), box);
                (long low, long high) = (Low - most, High - least);
                (long first, long end) = Normal[axis] > 0 ? (low, high) : (1 - high, 1 - low);
                if (first > box.Low[axis] || end < box.High[axis])
                {
                    box = box.With(axis, Math.Max(first, box.Low[axis]), Math.Min(end, box.High[axis]));
                    isShrinking = true;
                }
            }
        }
        return Meets(box) ? box : Box.Nothing(box.Rank);
    }

    /// <summary>The places of a box that lie in the band, as disjoint boxes: one where the band is straight, else one for each index of the axes it slants along.</summary>
    public IEnumerable<Box> Cut(Box box)
    {
        box = Hull(box);
        if (box.IsEmpty)
        {
            return [];
        }
        int kept = LastUnit();
        for (int axis = 0; axis < box.Rank; axis++)
        {
            if (axis != kept && Normal[axis] != 0 && box.Length(axis) > 1)
            {
                return CutAlong(axis, box);
            }
        }
        return [box];
    }

    public bool Equals(Band other) => Low == other.Low && High == other.High && Normal.AsSpan().SequenceEqual(other.Normal.AsSpan());

    public override bool Equals(object? obj) => obj is Band other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Normal.Length, Low, High);

    public static bool operator ==(Band a, Band b) => a.Equals(b);

    public static bool operator !=(Band a, Band b) => !a.Equals(b);

    public override string ToString() => $"({string.Join(", ", Normal)}) in {Low}..{High}";

    private IEnumerable<Box> CutAlong(int axis, Box box)
    {
        for (long at = box.Low[axis]; at < box.High[axis]; at++)
        {
            foreach (Box cut in Cut(box.With(axis, at, at + 1)))
            {
                yield return cut;
            }
        }
    }

    private int LastUnit()
    {
        for (int axis = Normal.Length - 1; axis >= 0; axis--)
        {
            if (Math.Abs(Normal[axis]) == 1)
            {
                return axis;
            }
        }
        return -1;
    }
}
