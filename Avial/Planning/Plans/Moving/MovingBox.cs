using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans.Moving;

/// <summary>A box that a formula gives anew at each step of a loop: what the steps of a rank's plan are made from.</summary>
internal abstract class MovingBox(int rank)
{
    public int Rank => rank;

    /// <summary>Where its low ends are among the numbers of all such boxes; its high ends follow.</summary>
    public int Offset { get; set; }

    /// <summary>Writes the box of the scope's step; false for nothing. Allocates nothing. <paramref name="numbers"/>: those of the boxes before it.</summary>
    public abstract bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high);
}

/// <summary>The part of a node's piece that a rank computes.</summary>
internal sealed class MovingPart(NodeParts parts, int piece, Box own) : MovingBox(parts.RankOf(piece))
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        parts.OfOwn(own.Low.AsSpan(), own.High.AsSpan(), piece, scope, isExact: true, low, high);
        return true;
    }
}

/// <summary>A part in the indices of what is written.</summary>
internal sealed class MovingImage(MovingBox part, ImmutableArray<long> origin) : MovingBox(part.Rank)
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        for (int axis = 0; axis < Rank; axis++)
        {
            low[axis] = numbers[part.Offset + axis] - origin[axis];
            high[axis] = numbers[part.Offset + Rank + axis] - origin[axis];
        }
        return true;
    }
}

/// <summary>What an access reads over a part.</summary>
internal sealed class MovingRead(NodeParts parts, NeedFormula formula, MovingBox part) : MovingBox(formula.Rank)
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        ReadOnlySpan<long> partLow = numbers.Slice(part.Offset, part.Rank);
        ReadOnlySpan<long> partHigh = numbers.Slice(part.Offset + part.Rank, part.Rank);
        for (int axis = 0; axis < part.Rank; axis++)
        {
            if (partHigh[axis] <= partLow[axis])
            {
                return false;
            }
        }
        return parts.TryEvaluate(formula, partLow, partHigh, scope, isExact: true, low, high);
    }
}

/// <summary>What a rank needs of a value.</summary>
internal sealed class MovingNeed(Need need, int rank, Box own) : MovingBox(rank)
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high) =>
        need.TryOfOwn(own.Low.AsSpan(), own.High.AsSpan(), scope, low, high);
}
