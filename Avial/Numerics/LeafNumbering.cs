namespace Avial.Numerics;

/// <summary>
/// Numbers the leaves of a domain: each row is cut at absolute multiples of 64 of the last axis, and the leaves are counted in
/// row-major order from the domain's corner.
/// </summary>
/// <remarks>
/// The leaf with the domain's first element is number 0, so a fold's tree depends on the domain alone: on its extents, and on where
/// its last axis lies relative to the multiples of 64. A cut at those multiples, or between rows, never splits a leaf.
/// </remarks>
internal readonly struct LeafNumbering
{
    public const int Length = 64;

    private readonly long[] _lo;
    private readonly long[] _hi;
    private readonly long _firstInRow;

    public LeafNumbering(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi)
    {
        _lo = lo.ToArray();
        _hi = hi.ToArray();
        if (lo.Length == 0)
        {
            LeavesPerRow = 1;
            return;
        }

        _firstInRow = lo[^1] >> 6;
        LeavesPerRow = hi[^1] > lo[^1] ? ((hi[^1] - 1) >> 6) - _firstInRow + 1 : 0;
    }

    /// <summary>How many leaves each row has.</summary>
    public long LeavesPerRow { get; }

    /// <summary>The number of the leaf that holds an element.</summary>
    public long NumberOf(ReadOnlySpan<long> index)
    {
        if (index.Length == 0)
        {
            return 0;
        }

        long row = 0;
        for (int axis = 0; axis < index.Length - 1; axis++)
        {
            row = row * (_hi[axis] - _lo[axis]) + (index[axis] - _lo[axis]);
        }

        return row * LeavesPerRow + ((index[^1] >> 6) - _firstInRow);
    }
}
