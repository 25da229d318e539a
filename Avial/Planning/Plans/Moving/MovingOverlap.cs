using Avial.Geometry;

namespace Avial.Planning.Plans.Moving;

/// <summary>How far a part may begin later, and end earlier, for a read that reaches over the own part not to.</summary>
internal sealed class MovingReach(MovingBox part, MovingBox read, Box own) : MovingBox(part.Rank)
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        for (int axis = 0; axis < Rank; axis++)
        {
            long first = numbers[read.Offset + axis];
            long end = numbers[read.Offset + Rank + axis];
            if (end <= first)
            {
                return false;
            }
            low[axis] = numbers[part.Offset + axis] + own.Low[axis] - first;
            high[axis] = numbers[part.Offset + Rank + axis] + own.High[axis] - end;
        }
        return true;
    }
}

/// <summary>The part that is computed while messages travel: what every reach leaves of it.</summary>
internal sealed class MovingInterior(MovingBox part, MovingReach[] reaches) : MovingBox(part.Rank)
{
    public MovingBox Part => part;

    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        numbers.Slice(part.Offset, Rank).CopyTo(low);
        numbers.Slice(part.Offset + Rank, Rank).CopyTo(high);
        foreach (MovingReach reach in reaches)
        {
            // Both ends are 0 on every axis of a reach of nothing.
            if (IsNothing(numbers.Slice(reach.Offset, 2 * Rank)))
            {
                continue;
            }
            for (int axis = 0; axis < Rank; axis++)
            {
                low[axis] = Math.Max(low[axis], numbers[reach.Offset + axis]);
                high[axis] = Math.Min(high[axis], numbers[reach.Offset + Rank + axis]);
            }
        }
        return true;
    }

    private static bool IsNothing(ReadOnlySpan<long> numbers) => numbers.IndexOfAnyExcept(0) < 0;
}

/// <summary>What remains of a part on one side of its interior, as <see cref="Box.Subtract"/> cuts it.</summary>
internal sealed class MovingEdge(MovingInterior interior, int side) : MovingBox(interior.Rank)
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        ReadOnlySpan<long> innerLow = numbers.Slice(interior.Offset, Rank);
        ReadOnlySpan<long> innerHigh = numbers.Slice(interior.Offset + Rank, Rank);
        for (int axis = 0; axis < Rank; axis++)
        {
            if (innerHigh[axis] <= innerLow[axis])
            {
                return false;
            }
            (low[axis], high[axis]) = axis < side / 2 ? (innerLow[axis], innerHigh[axis])
                : (numbers[interior.Part.Offset + axis], numbers[interior.Part.Offset + Rank + axis]);
        }
        if (side % 2 == 0)
        {
            high[side / 2] = innerLow[side / 2];
        }
        else
        {
            low[side / 2] = innerHigh[side / 2];
        }
        return low[side / 2] < high[side / 2];
    }
}
