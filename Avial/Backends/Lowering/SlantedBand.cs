using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Narrows the loops of a sweep to a slanted band that each launch names, BandLow ≤ n·p &lt; BandHigh: the innermost of the axes that the normal has is walked only as far as the
/// indices of the others leave.
/// </summary>
/// <param name="function">The function that is built.</param>
/// <param name="normal">The normal; the last of its axes has 1 or -1.</param>
internal sealed class SlantedBand(FunctionBuilder function, ImmutableArray<int> normal)
{
    private readonly int _axis = Enumerable.Range(0, normal.Length).Last(a => normal[a] != 0);

    private Value Low => function.Scalar(new ScalarBinding(ScalarSource.BandLow, 0));

    private Value High => function.Scalar(new ScalarBinding(ScalarSource.BandHigh, 0));

    /// <summary>True when tiles that are skewed like this along the narrowed axis run along the band.</summary>
    public bool IsAlong(ImmutableArray<ImmutableArray<int>> skews, IterationDomain domain) =>
        Enumerable.Range(0, _axis).All(a => skews[_axis][a] == (domain.Axes[a].IsReversed ? -normal[a] : normal[a]));

    /// <summary>How far from the part's first place, along the narrowed axis, the band begins.</summary>
    public Value Begin(IterationDomain domain) => function.Max(function.Subtract(Low, First(domain)), function.Constant(0));

    /// <summary>True for the axis whose loop the band narrows.</summary>
    public bool Narrows(int axis) => axis == _axis;

    /// <summary>The indices of that axis when those of the axes around are known.</summary>
    public (Value From, Value To) Of(ImmutableArray<Value> outer, Value low, Value high)
    {
        Value taken = SumOf(outer);
        (Value from, Value to) = normal[_axis] > 0
            ? (function.Subtract(Low, taken), function.Subtract(High, taken))
            : (function.Add(function.Subtract(taken, High), 1), function.Add(function.Subtract(taken, Low), 1));
        return (function.Max(low, from), function.Min(high, to));
    }

    /// <summary>The same in places, counted from the part's first index in the sweep's direction.</summary>
    public (Value From, Value To) OfPlaces(ImmutableArray<Value> outer, IterationDomain domain, Value low, Value high)
    {
        Value first = First(domain);
        for (int axis = 0; axis < outer.Length; axis++)
        {
            int factor = domain.Axes[axis].IsReversed ? -normal[axis] : normal[axis];
            first = factor == 0 ? first : function.Add(first, function.Multiply(outer[axis], factor));
        }
        return (function.Max(low, function.Subtract(Low, first)), function.Min(high, function.Subtract(High, first)));
    }

    // n·p at the part's first place.
    private Value First(IterationDomain domain) => SumOf([.. normal.Select((_, axis) => domain.Axes[axis].IsReversed
        ? function.Add(function.Scalar(new ScalarBinding(ScalarSource.PartHigh, 0, axis)), -1)
        : function.Scalar(new ScalarBinding(ScalarSource.PartLow, 0, axis)))]);

    private Value SumOf(ImmutableArray<Value> indices)
    {
        Value sum = function.Constant(0);
        for (int axis = 0; axis < indices.Length; axis++)
        {
            sum = normal[axis] == 0 ? sum : function.Add(sum, function.Multiply(indices[axis], normal[axis]));
        }
        return sum;
    }
}
