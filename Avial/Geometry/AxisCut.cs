namespace Avial.Geometry;

/// <summary>
/// One axis, Low ≤ i &lt; High, cut into parts by formula: part k begins at Low + ⌊(High − Low) × weight of the parts before it / total⌋,
/// rounded down to a multiple of Snap, except at High: parts without weight stay empty. Without weights, and when none has any, all parts
/// count the same. With more parts than indices or multiples of Snap, some are empty.
/// </summary>
internal sealed class AxisCut : IEquatable<AxisCut>
{
    public AxisCut(long low, long high, int parts, long snap = 1, RankWeights? weights = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(snap, 1);
        if (weights is not null && weights.Ranks != parts)
        {
            throw new ArgumentException($"{parts} parts have {weights.Ranks} weights.", nameof(weights));
        }
        Low = low;
        High = Math.Max(low, high);
        Parts = parts;
        Snap = parts == 1 ? 1 : snap;
        Weights = weights is null || weights.IsEqual ? null : weights;
    }

    public long Low { get; }

    public long High { get; }

    public int Parts { get; }

    /// <summary>Inner boundaries are multiples of this, counted from index 0.</summary>
    public long Snap { get; }

    /// <summary>Null when all parts weigh the same.</summary>
    public RankWeights? Weights { get; }

    public bool IsEmpty => High == Low;

    /// <summary>Where a part begins; for the number of parts: where the last one ends.</summary>
    public long Boundary(int part)
    {
        if (part <= 0)
        {
            return Low;
        }
        if (part >= Parts)
        {
            return High;
        }
        long cut = Low + (Weights is null ? ScaleDown(High - Low, part, Parts) : ScaleDown(High - Low, Weights.Cumulative(part), Weights.TotalWeight));
        return Snap == 1 || cut == High ? cut : Math.Max(Low, Floor(cut) * Snap);
    }

    public (long Low, long High) Of(int part) => (Boundary(part), Boundary(part + 1));

    /// <summary>The part that holds an index of the axis.</summary>
    public int PartOf(long index)
    {
        if (index < Low || index >= High)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The axis is {Low}..{High}.");
        }
        // Part k begins at or before the index when ⌊length × before(k) / total⌋ ≤ last, that is before(k) < (last + 1) × total / length.
        long aligned = Floor(index) * Snap;
        long last = (High - aligned <= Snap ? High - 1 : aligned + Snap - 1) - Low;
        long total = Weights?.TotalWeight ?? Parts;
        long before = (long)(((Int128)(last + 1) * total - 1) / (High - Low));
        return Weights is null ? (int)before : Weights.LastWithin(before);
    }

    /// <summary>The parts that a range of indices touches, First ≤ k &lt; End; those at both ends hold some of it.</summary>
    public (int First, int End) PartsOf(long low, long high)
    {
        low = Math.Max(low, Low);
        high = Math.Min(high, High);
        return low >= high ? (0, 0) : (PartOf(low), PartOf(high - 1) + 1);
    }

    /// <summary>How many of the parts First ≤ k &lt; End are not empty.</summary>
    public int NonEmpty(int first, int end)
    {
        if (IsEmpty || first >= end)
        {
            return 0;
        }
        int holdsLast = PartOf(High - 1);
        int inner = Math.Min(end, holdsLast);
        int count = first <= holdsLast && holdsLast < end ? 1 : 0;
        if (Weights is null)
        {
            return count + NonEmpty(first, inner, 1, Parts);
        }
        while (first < inner)
        {
            int run = Weights.RunOf(first);
            int next = Math.Min(inner, Weights.FirstOf(run) + Weights.Runs[run].Count);
            count += NonEmpty(first, next, Weights.Runs[run].Weight, Weights.TotalWeight);
            first = next;
        }
        return count;
    }

    // Of parts of one weight, all before the one that holds the last index. Steps of at least Snap leave none empty; smaller ones leave out
    // no multiple of Snap, so that each multiple passed over is the end of one part.
    private int NonEmpty(int first, int end, long weight, long total)
    {
        if (first >= end)
        {
            return 0;
        }
        return (Int128)(High - Low) * weight >= (Int128)Snap * total ? end - first : (int)(Floor(Boundary(end)) - Floor(Boundary(first)));
    }

    private long Floor(long index)
    {
        long quotient = index / Snap;
        return quotient * Snap > index ? quotient - 1 : quotient;
    }

    /// <summary>⌊length × numerator / denominator⌋, whatever the size of the product.</summary>
    private static long ScaleDown(long length, long numerator, long denominator)
    {
        long high = Math.BigMul(length, numerator, out long low);
        return high == 0 && low >= 0 ? low / denominator : (long)((Int128)length * numerator / denominator);
    }

    public bool Equals(AxisCut? other) =>
        other is not null && Low == other.Low && High == other.High && Parts == other.Parts && Snap == other.Snap && Equals(Weights, other.Weights);

    public override bool Equals(object? obj) => Equals(obj as AxisCut);

    public override int GetHashCode() => HashCode.Combine(Low, High, Parts, Snap, Weights);

    public override string ToString() =>
        $"{Low}..{High} in {Parts}{(Snap > 1 ? $" snapped to {Snap}" : "")}{(Weights is null ? "" : $" weighted {Weights}")}";
}
