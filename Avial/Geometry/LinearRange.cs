using System.Diagnostics.CodeAnalysis;

namespace Avial.Geometry;

/// <summary>The places Low ≤ i &lt; High of an array seen flat, in row-major order.</summary>
internal readonly record struct LinearRange(long Low, long High)
{
    public long Length => Math.Max(0, High - Low);

    public bool IsEmpty => High <= Low;

    /// <summary>From the first to the last element of a box within an array; all between belong to it when <see cref="IsContiguous"/>.</summary>
    public static LinearRange Of(Box box, ReadOnlySpan<long> extents)
    {
        if (box.IsEmpty)
        {
            return default;
        }
        long low = 0;
        long last = 0;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            low = checked(low * extents[axis] + box.Low[axis]);
            last = checked(last * extents[axis] + box.High[axis] - 1);
        }
        return new(low, last + 1);
    }

    /// <summary>The places of whole rows Low ≤ i &lt; High along the first axis, with <paramref name="inner"/> elements each.</summary>
    public static LinearRange OfSlab(long low, long high, long inner) => new(checked(low * inner), checked(high * inner));

    /// <summary>True when a box is one piece of memory: some axis is cut, all before it have one index, all after it are whole.</summary>
    public static bool IsContiguous(Box box, ReadOnlySpan<long> extents) => Of(box, extents).Length == box.Count;

    /// <summary>The smallest slab of whole rows that holds the range.</summary>
    public (long Low, long High) Rows(long inner) => IsEmpty ? (0, 0) : (Low / inner, (High - 1) / inner + 1);

    /// <summary>
    /// The distribution of an array's elements in row-major order, when each part is one range of them: with the first axis cut only, its
    /// cuts are those of the flat array, multiplied by the elements of a row.
    /// </summary>
    public static bool TryFlatten(Distribution distribution, [NotNullWhen(true)] out Distribution? flat)
    {
        flat = null;
        Box space = distribution.Space;
        long inner = 1;
        for (int axis = 1; axis < space.Rank; axis++)
        {
            inner = checked(inner * space.Length(axis));
            if (space.Low[axis] != 0 || !distribution.Grid.IsEmpty && distribution.Grid[axis] > 1)
            {
                return false;
            }
        }
        LinearRange all = space.Rank == 0 ? new(0, 1) : OfSlab(space.Low[0], space.High[0], inner);
        var line = new Box([all.Low], [all.High]);
        flat = distribution.Kind switch
        {
            DistributionKind.Everywhere => Distribution.Everywhere(line, distribution.Ranks),
            DistributionKind.OnOne => Distribution.OnOne(line, distribution.Root, distribution.Ranks),
            _ when space.Rank == 0 => Distribution.Blocks(line, [1], distribution.Ranks, default, distribution.Weights),
            _ => Distribution.Blocks(
                line, [distribution.Grid[0]], distribution.Ranks, [Math.Max(1, checked(distribution.Axes[0].Snap * inner))], distribution.Weights),
        };
        return true;
    }

    /// <summary>
    /// The reverse: the distribution along the first axis of an array of these extents, when every cut of the flat one falls between rows.
    /// </summary>
    public static bool TryUnflatten(Distribution flat, ReadOnlySpan<long> extents, [NotNullWhen(true)] out Distribution? distribution)
    {
        distribution = null;
        Box space = Box.OfExtents(extents);
        if (flat.Space.Rank != 1 || flat.Space.Low[0] != 0 || flat.Space.High[0] != space.Count)
        {
            return false;
        }
        if (flat.Kind != DistributionKind.Blocks)
        {
            distribution = flat.Kind == DistributionKind.Everywhere
                ? Distribution.Everywhere(space, flat.Ranks) : Distribution.OnOne(space, flat.Root, flat.Ranks);
            return true;
        }
        long inner = extents.IsEmpty || extents[0] == 0 ? 1 : space.Count / extents[0];
        AxisCut cut = flat.Axes[0];
        var grid = new int[extents.Length];
        var snaps = new long[extents.Length];
        Array.Fill(grid, 1);
        Array.Fill(snaps, 1);
        if (cut.Parts > 1 && inner > 0)
        {
            if (extents.IsEmpty || cut.Snap % inner != 0 && !CutsBetweenRows(cut, inner))
            {
                return false;
            }
            grid[0] = cut.Parts;
            snaps[0] = Math.Max(1, cut.Snap / inner);
        }
        distribution = Distribution.Blocks(space, grid, flat.Ranks, snaps, flat.Weights);
        return true;
    }

    // Equal parts of a whole number of rows each.
    private static bool CutsBetweenRows(AxisCut cut, long inner) =>
        cut.Snap == 1 && cut.Weights is null && (cut.High - cut.Low) % ((Int128)cut.Parts * inner) == 0;
}
