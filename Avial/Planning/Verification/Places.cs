using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Verification;

/// <summary>
/// Places of a window and the elements they stand for: a place outside the array is that inside which differs by a multiple of the extents.
/// </summary>
internal static class Places
{
    /// <summary>The box as boxes that each stand for one box of elements, with what to add to a place to get its element.</summary>
    public static List<(Box Box, ImmutableArray<long> Shift)> Images(Box box, ImmutableArray<long> extents)
    {
        List<(Box, ImmutableArray<long>)> images = [(box, [.. new long[box.Rank]])];
        for (int axis = 0; axis < box.Rank; axis++)
        {
            long extent = extents[axis];
            if (box.Low[axis] >= 0 && box.High[axis] <= extent || extent == 0)
            {
                continue;
            }
            var cut = new List<(Box, ImmutableArray<long>)>();
            foreach ((Box image, ImmutableArray<long> shift) in images)
            {
                for (long low = image.Low[axis]; low < image.High[axis];)
                {
                    long turn = Floor.Divide(low, extent);
                    long high = Math.Min(image.High[axis], (turn + 1) * extent);
                    cut.Add((image.With(axis, low, high), shift.SetItem(axis, -turn * extent)));
                    low = high;
                }
            }
            images = cut;
        }
        return images;
    }

    public static Box Shift(Box box, ImmutableArray<long> by, int sign = 1)
    {
        if (by.IsDefaultOrEmpty)
        {
            return box;
        }
        var low = new long[box.Rank];
        var high = new long[box.Rank];
        for (int axis = 0; axis < low.Length; axis++)
        {
            low[axis] = box.Low[axis] + sign * by[axis];
            high[axis] = box.High[axis] + sign * by[axis];
        }
        return new([.. low], [.. high]);
    }

    /// <summary>Where the window holds the elements that a periodic read at indices first ≤ i ≤ last finds: one range of places, or two.</summary>
    public static ImmutableArray<(long Low, long High)> OfWrapped(Int128 first, Int128 last, long corner, long extent)
    {
        if (last - first + 1 >= extent)
        {
            return [(corner, corner + extent)];
        }
        long low = corner + (long)(((first - corner) % extent + extent) % extent);
        long high = low + (long)(last - first) + 1;
        return high <= corner + extent ? [(low, high)] : [(corner, high - extent), (low, corner + extent)];
    }

    /// <summary>What is left of a box without others.</summary>
    public static List<Box> Without(Box box, IEnumerable<Box> holes)
    {
        List<Box> rest = box.IsEmpty ? [] : [box];
        foreach (Box hole in holes)
        {
            if (rest.Count == 0)
            {
                break;
            }
            var next = new List<Box>();
            foreach (Box part in rest)
            {
                next.AddRange(part.Subtract(hole));
            }
            rest = next;
        }
        return rest;
    }
}
