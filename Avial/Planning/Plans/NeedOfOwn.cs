using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>What is needed of an own part: on periodic axes, where any place stands for one of it, all of it. Who needs something is searched with this.</summary>
/// <param name="need">The need.</param>
/// <param name="scope">The numbers that it is evaluated with.</param>
/// <param name="own">The own part.</param>
/// <param name="type">The type of the array.</param>
internal readonly struct NeedOfOwn(Need need, SymbolScope scope, Box own, ArrayType type) : INeed
{
    public bool TryEvaluate(scoped ReadOnlySpan<long> partLow, scoped ReadOnlySpan<long> partHigh, scoped Span<long> low, scoped Span<long> high)
    {
        if (!TryUnwrapped(partLow, partHigh, low, high))
        {
            return false;
        }
        for (int axis = 0; axis < low.Length; axis++)
        {
            if (need.IsWrapping(axis))
            {
                long extent = type.Extents[axis];
                long turn = Floor.Divide(low[axis] - own.High[axis], extent) + 1;
                bool isMet = own.Low[axis] + turn * extent < high[axis];
                (low[axis], high[axis]) = isMet ? (own.Low[axis], own.High[axis]) : (own.High[axis], own.High[axis]);
            }
        }
        return true;
    }

    private bool TryUnwrapped(scoped ReadOnlySpan<long> partLow, scoped ReadOnlySpan<long> partHigh, scoped Span<long> low, scoped Span<long> high)
    {
        if (need.IsEvaluatedInPlace)
        {
            return need.TryOfOwn(partLow, partHigh, scope, low, high, isUnwrapped: true);
        }
        if (need.OfOwnUnwrapped(new Box([.. partLow], [.. partHigh]), scope) is not { } box)
        {
            return false;
        }
        box.Low.CopyTo(low);
        box.High.CopyTo(high);
        return true;
    }
}
