using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>What the slabs of a reshaped array are made of: whole rows of the array before, as the elements of both follow one another in the same order.</summary>
/// <param name="consumer">How the reshaped array is distributed: along its first axis.</param>
/// <param name="reshaped">Its extents.</param>
/// <param name="extents">Those of the array before.</param>
internal sealed class ReshapeNeed(Distribution consumer, ImmutableArray<long> reshaped, ImmutableArray<long> extents) : Need
{
    public override Distribution Consumer => consumer;

    public override Box? OfOwn(Box own, SymbolScope scope, bool isExact)
    {
        Box whole = Box.OfExtents(extents.AsSpan());
        if (own.IsEmpty || extents.IsEmpty)
        {
            return own.IsEmpty ? null : whole;
        }
        (long low, long high) = LinearRange.Of(own, reshaped.AsSpan()).Rows(whole.Count / extents[0]);
        return whole.With(0, low, high);
    }
}
