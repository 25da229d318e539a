using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>A box within the extents and where a periodic window sees it: each index of the window is the canonical one + Shift.</summary>
internal readonly record struct PeriodicPiece(Box Canonical, ImmutableArray<long> Shift)
{
    /// <summary>The piece in the window's indices.</summary>
    public Box Unwrapped => Canonical.Shift(Shift.AsSpan());

    /// <summary>
    /// Cuts a box that may reach out of the extents at their multiples: index −1 stands for extent − 1. Axes that are not periodic (default:
    /// all are) are clipped.
    /// </summary>
    public static ImmutableArray<PeriodicPiece> Of(Box unwrapped, ReadOnlySpan<long> extents, ReadOnlySpan<bool> periodic = default)
    {
        List<PeriodicPiece> pieces = [new(unwrapped, [.. new long[extents.Length]])];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long extent = extents[axis];
            if (extent <= 0 || unwrapped.IsEmpty)
            {
                return [];
            }
            bool wraps = periodic.IsEmpty || periodic[axis];
            long first = wraps ? Floor.Divide(unwrapped.Low[axis], extent) : 0;
            long last = wraps ? Floor.Divide(unwrapped.High[axis] - 1, extent) : 0;
            var cut = new List<PeriodicPiece>();
            foreach (PeriodicPiece piece in pieces)
            {
                for (long turn = first; turn <= last; turn++)
                {
                    long low = Math.Max(0, unwrapped.Low[axis] - turn * extent);
                    long high = Math.Min(extent, unwrapped.High[axis] - turn * extent);
                    if (low < high)
                    {
                        cut.Add(new PeriodicPiece(piece.Canonical.With(axis, low, high), piece.Shift.SetItem(axis, turn * extent)));
                    }
                }
            }
            pieces = cut;
        }
        return [.. pieces];
    }
}
