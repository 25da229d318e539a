using System.Runtime.CompilerServices;

namespace Avial.Numerics;

/// <summary>
/// The sum of one leaf: up to 64 elements of a row between two multiples of 64, added in ascending order to lane
/// <c>index mod 8</c>, the lanes then combined as <c>((0+1)+(2+3))+((4+5)+(6+7))</c>.
/// </summary>
/// <remarks>
/// A lane without elements is skipped: a sum of which one side has no elements is the other side. Lanes start at -0, which is the
/// same: x + -0 is x for every x, of either sign of zero. Masked and vector code may pad with -0 for the same reason, never with +0.
/// </remarks>
internal struct LeafSum64
{
    public const int Length = 64;
    public const int Lanes = 8;

    private LaneArray _lanes;

    /// <summary>Starts a leaf without elements.</summary>
    public void Begin() => ((Span<double>)_lanes).Fill(-0.0);

    /// <summary>Adds the element at an absolute index, which may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long index, double x) => _lanes[(int)index & (Lanes - 1)] += x;

    /// <summary>The sum; -0 if the leaf has no elements.</summary>
    public readonly double Total() => Combine(_lanes);

    /// <summary>The fixed tree over eight lanes, for lanes kept elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Combine(ReadOnlySpan<double> lanes) =>
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));

    [InlineArray(Lanes)]
    private struct LaneArray
    {
        private double _element;
    }
}
