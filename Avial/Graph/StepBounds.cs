using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>Where a view that moves with the step of a loop can be, and whether that is inside its array.</summary>
internal static class StepBounds
{
    /// <summary>
    /// True when [start, start + length) of an axis is inside the array at every step; false when a step that may never come would leave it; an error when
    /// a step that certainly comes does.
    /// </summary>
    public static bool IsInside(NodeOutput array, int axis, Bound start, long length, string range)
    {
        if (start.IsConstant || length == 0)
        {
            return true;
        }
        Int128 extent = array.Type.Extents[axis];
        (Int128 least, Int128 most, bool isCertain) = RangeOf(start);
        if (least > most || (least >= 0 && most + length <= extent))
        {
            return true;
        }
        bool isFirstOutside = start.Constant < 0 || start.Constant + (Int128)length > extent;
        return isCertain || isFirstOutside ? throw Throw.SliceOutside(axis, range, array.Type, array.Node.Name) : false;
    }

    /// <summary>The lowest and highest value over all steps (lowest above highest: no step at all), and whether both are certainly taken.</summary>
    private static (Int128 Least, Int128 Most, bool IsCertain) RangeOf(Bound bound)
    {
        Int128 least = bound.Constant;
        Int128 most = bound.Constant;
        bool isCertain = true;
        foreach ((NodeOutput step, long coefficient) in bound.Terms)
        {
            LoopBody? body = step.Node.Innermost;
            if (body is null)
            {
                return (long.MinValue, long.MaxValue, false);
            }
            if (body.MostSteps == 0)
            {
                return (1, 0, true);
            }
            Int128 last = (Int128)coefficient * (body.MostSteps - 1);
            least += Int128.Min(0, last);
            most += Int128.Max(0, last);
            isCertain &= body.IsCountCertain;
        }
        return (least, most, isCertain);
    }
}
