using System.Runtime.CompilerServices;

namespace Avial.Geometry;

/// <summary>The grid coordinates First ≤ k &lt; End.</summary>
internal readonly record struct PartRange(int First, int End);

/// <summary>A range of grid coordinates per axis, without allocation.</summary>
[InlineArray(Capacity)]
internal struct AxisRanges
{
    /// <summary>Arrays have at most 4 axes; a reduction's iteration space adds the summed ones.</summary>
    public const int Capacity = 8;

    private PartRange _first;
}

/// <summary>A grid coordinate per axis, without allocation.</summary>
[InlineArray(AxisRanges.Capacity)]
internal struct AxisCoordinates
{
    private int _first;
}

/// <summary>An index per axis, without allocation.</summary>
[InlineArray(AxisRanges.Capacity)]
internal struct AxisBounds
{
    private long _first;
}
