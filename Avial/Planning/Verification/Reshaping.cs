using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>Where the elements of a window are when its memory is seen with other extents.</summary>
internal static class Reshaping
{
    // More runs than this are forgotten: what is not known to be there is only reported when it is read.
    private const int MaxRuns = 4096;

    /// <summary>
    /// True when each place of one window stands for the element, by row-major number, that the same memory stands for in the other: both windows are
    /// runs of the same numbers, or differ only in axes of length 1.
    /// </summary>
    public static bool IsSame(RankBuffer from, RankBuffer to) =>
        to.Window.IsEmpty || HaveSameAxes(from, to) || RunOf(from) is { } run && RunOf(to) == run;

    /// <summary>A box of the old window as boxes of the new one.</summary>
    public static List<Box> Map(Box box, RankBuffer from, RankBuffer to)
    {
        var boxes = new List<Box>();
        if (HaveSameAxes(from, to))
        {
            int[] axes = LongAxes(from.Type.Extents);
            Box mapped = to.Type.Box;
            int[] targets = LongAxes(to.Type.Extents);
            for (int n = 0; n < axes.Length; n++)
            {
                mapped = mapped.With(targets[n], box.Low[axes[n]], box.High[axes[n]]);
            }
            boxes.Add(mapped);
            return boxes;
        }
        ImmutableArray<long> extents = from.Type.Extents;
        int inner = box.Rank - 1;
        while (inner > 0 && box.Length(inner) == extents[inner])
        {
            inner--;
        }
        long runs = 1;
        for (int axis = 0; axis < inner; axis++)
        {
            runs *= box.Length(axis);
        }
        if (runs > MaxRuns || box.IsEmpty)
        {
            return boxes;
        }
        long[] at = [.. box.Low];
        for (long run = 0; run < runs; run++)
        {
            long first = 0;
            long stride = 1;
            for (int axis = box.Rank - 1; axis >= 0; axis--)
            {
                first += at[axis] * stride;
                stride *= extents[axis];
            }
            AddRun(boxes, first, first + Inner(box, extents, inner), to.Type.Extents, 0, []);
            for (int axis = inner - 1; axis >= 0 && ++at[axis] == box.High[axis]; axis--)
            {
                at[axis] = box.Low[axis];
            }
        }
        return boxes;
    }

    private static long Inner(Box box, ImmutableArray<long> extents, int inner)
    {
        long length = box.Rank == 0 ? 1 : box.Length(inner);
        for (int axis = inner + 1; axis < box.Rank; axis++)
        {
            length *= extents[axis];
        }
        return length;
    }

    private static void AddRun(List<Box> boxes, long first, long end, ImmutableArray<long> extents, int axis, ImmutableArray<long> prefix)
    {
        if (first >= end)
        {
            return;
        }
        if (axis == extents.Length)
        {
            boxes.Add(new Box(prefix, [.. prefix.Select(p => p + 1)]));
            return;
        }
        long stride = 1;
        for (int later = axis + 1; later < extents.Length; later++)
        {
            stride *= extents[later];
        }
        long low = (first + stride - 1) / stride;
        long high = end / stride;
        if (low > high)
        {
            // All within one index of this axis.
            AddRun(boxes, first - high * stride, end - high * stride, extents, axis + 1, prefix.Add(high));
            return;
        }
        if (low < high)
        {
            boxes.Add(new Box([.. prefix, low, .. new long[extents.Length - axis - 1]], [.. prefix.Select(p => p + 1), high, .. extents[(axis + 1)..]]));
        }
        if (first < low * stride)
        {
            AddRun(boxes, first - (low - 1) * stride, stride, extents, axis + 1, prefix.Add(low - 1));
        }
        if (end > high * stride)
        {
            AddRun(boxes, 0, end - high * stride, extents, axis + 1, prefix.Add(high));
        }
    }

    private static bool HaveSameAxes(RankBuffer from, RankBuffer to)
    {
        int[] a = LongAxes(from.Type.Extents);
        int[] b = LongAxes(to.Type.Extents);
        return a.Length == b.Length && a.Zip(b).All(p => from.Type.Extents[p.First] == to.Type.Extents[p.Second]
                && from.Window.Low[p.First] == to.Window.Low[p.Second] && from.Window.High[p.First] == to.Window.High[p.Second])
            && HoldsUnits(from, a) && HoldsUnits(to, b);
    }

    private static bool HoldsUnits(RankBuffer buffer, int[] longAxes) =>
        Enumerable.Range(0, buffer.Window.Rank).Except(longAxes).All(a => buffer.Window.Low[a] == 0 && buffer.Window.High[a] == 1);

    private static int[] LongAxes(ImmutableArray<long> extents) => [.. Enumerable.Range(0, extents.Length).Where(a => extents[a] != 1)];

    /// <summary>The row-major numbers that a window holds, when they are one run.</summary>
    private static (long First, long Count)? RunOf(RankBuffer buffer)
    {
        Box window = buffer.Window;
        ImmutableArray<long> extents = buffer.Type.Extents;
        if (window.IsEmpty || !buffer.Type.Box.Contains(window))
        {
            return null;
        }
        int axis = 0;
        while (axis < window.Rank && window.Length(axis) == 1)
        {
            axis++;
        }
        long first = 0;
        for (int n = 0; n < window.Rank; n++)
        {
            if (n > axis && window.Length(n) != extents[n])
            {
                return null;
            }
            first = first * extents[n] + window.Low[n];
        }
        return (first, window.Count);
    }
}
