using Avial.Geometry;

namespace Avial.Explaining;

/// <summary>Distributions for people.</summary>
internal static class DistributionText
{
    /// <summary><c>blocks 2×2, 32×32 each</c>; the largest part where they differ.</summary>
    public static string Describe(Distribution distribution)
    {
        if (distribution.Kind != DistributionKind.Blocks)
        {
            return distribution.ToString();
        }
        var largest = new long[distribution.Axes.Length];
        bool isEven = true;
        for (int axis = 0; axis < largest.Length; axis++)
        {
            (largest[axis], bool isSame) = Parts(distribution.Axes[axis]);
            isEven &= isSame;
        }
        return $"{distribution}, {(isEven ? "" : "at most ")}{string.Join('×', largest)} each";
    }

    /// <summary>The extents of a box: <c>1×32</c>.</summary>
    public static string Shape(Box box) => box.Rank == 0 ? "1" : string.Join("×", Enumerable.Range(0, box.Rank).Select(box.Length));

    // Of very many parts, some say enough.
    private static (long Largest, bool IsSame) Parts(AxisCut cut)
    {
        long largest = 0;
        long smallest = long.MaxValue;
        for (int part = 0; part < Math.Min(cut.Parts, 1024); part++)
        {
            (long low, long high) = cut.Of(part);
            largest = Math.Max(largest, high - low);
            smallest = Math.Min(smallest, high - low);
        }
        return (largest, largest == smallest);
    }
}
