using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>
/// Where places of periodic axes lie: an element is kept once in a window, and place −1 may stand for the last one. Windows are at most one turn long, so that an index
/// and the window's corner say which place is meant.
/// </summary>
internal static class PeriodicPlaces
{
    /// <summary>A needed box cut into boxes of the array, each with the shift to where the window keeps it.</summary>
    public static IEnumerable<PeriodicPiece> Of(Box needed, Need need, ArrayType type, Box window) => Of(needed, need.IsWrapping, type, window);

    /// <summary>The same for a read whose wrapping axes are given.</summary>
    public static IEnumerable<PeriodicPiece> Of(Box needed, Func<int, bool> isWrapping, ArrayType type, Box window)
    {
        bool isInside = true;
        bool isAny = false;
        for (int axis = 0; axis < type.Rank; axis++)
        {
            isInside &= needed.Low[axis] >= 0 && needed.High[axis] <= type.Extents[axis];
            isAny |= isWrapping(axis);
        }
        if (isInside && (!isAny || window.Contains(needed)))
        {
            yield return new PeriodicPiece(needed, [.. new long[type.Rank]]);
            yield break;
        }
        foreach (PeriodicPiece piece in PeriodicPiece.Of(needed, type.Extents.AsSpan()))
        {
            foreach (PeriodicPiece placed in Placed(piece.Canonical, isWrapping, type.Extents, window))
            {
                yield return placed;
            }
        }
    }

    private static List<PeriodicPiece> Placed(Box canonical, Func<int, bool> isWrapping, ImmutableArray<long> extents, Box window)
    {
        List<PeriodicPiece> pieces = [new(canonical, [.. new long[extents.Length]])];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (!isWrapping(axis))
            {
                continue;
            }
            long extent = extents[axis];
            var placed = new List<PeriodicPiece>();
            foreach (PeriodicPiece piece in pieces)
            {
                long first = Floor.Divide(window.Low[axis] - piece.Canonical.High[axis] + 1, extent);
                long last = Floor.Divide(window.High[axis] - 1 - piece.Canonical.Low[axis], extent);
                for (long turn = first; turn <= last; turn++)
                {
                    long low = Math.Max(piece.Canonical.Low[axis], window.Low[axis] - turn * extent);
                    long high = Math.Min(piece.Canonical.High[axis], window.High[axis] - turn * extent);
                    if (low < high)
                    {
                        placed.Add(new PeriodicPiece(piece.Canonical.With(axis, low, high), piece.Shift.SetItem(axis, turn * extent)));
                    }
                }
            }
            pieces = placed;
        }
        return pieces;
    }
}
