using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>What every rank needs of a value for one consumer: a box as a function of the rank and of the scope's numbers.</summary>
internal abstract class Need
{
    /// <summary>The columns needed.</summary>
    public ulong Columns { get; init; } = Piece.AllColumns;

    /// <summary>The consumer, for explanations.</summary>
    public required GraphNode? Reader { get; init; }

    /// <summary>The read that asks for it.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;

    /// <summary>How the consumer's work is shared out.</summary>
    public abstract Distribution Consumer { get; }

    /// <summary>True when the box changes with the step of the body's own loop.</summary>
    public virtual bool IsMoving => false;

    /// <summary>True when the places within the box are found when the plan runs, and only these are brought.</summary>
    public virtual bool IsInspected => false;

    /// <summary>True for an axis on which places stand for those a multiple of the extent away.</summary>
    public virtual bool IsWrapping(int axis) => false;

    /// <summary>True when parts that differ only in their place on this axis of the consumer's grid need the same, or nothing.</summary>
    public virtual bool IsAlikeAlong(int axis) => false;

    /// <summary>Where that is so, the places on the axis of the parts that need something; false when they are not a range. Allocates nothing.</summary>
    public virtual bool TryReadersAlong(int axis, SymbolScope scope, out PartRange places)
    {
        places = default;
        return false;
    }

    /// <summary>
    /// The needed box, perhaps with unwrapped places, of a rank that has this own part of the consumer; null for nothing. It grows with the own part.
    /// <paramref name="isExact"/> false: for all values that the scope's numbers might have.
    /// </summary>
    public abstract Box? OfOwn(Box own, SymbolScope scope, bool isExact);

    /// <summary>The same with places exactly as indices are computed, however many turns away on periodic axes.</summary>
    public virtual Box? OfOwnUnwrapped(Box own, SymbolScope scope) => OfOwn(own, scope, isExact: true);

    /// <summary>True when <see cref="TryOfOwn"/> works.</summary>
    public virtual bool IsEvaluatedInPlace => false;

    /// <summary>The exact <see cref="OfOwn"/>, or <see cref="OfOwnUnwrapped"/>, without allocation; false for nothing.</summary>
    public virtual bool TryOfOwn(ReadOnlySpan<long> ownLow, ReadOnlySpan<long> ownHigh, SymbolScope scope, Span<long> low, Span<long> high, bool isUnwrapped = false) =>
        throw new InternalErrorException($"{GetType().Name} is not evaluated in place.");

    /// <summary>The needed box of a rank; null for nothing.</summary>
    public Box? Of(RankId rank, SymbolScope scope, bool isExact) => Consumer.TryOwn(rank, out Box own) ? OfOwn(own, scope, isExact) : null;

    /// <summary>The exact <see cref="Of"/>, without allocation where <see cref="IsEvaluatedInPlace"/>; false for nothing.</summary>
    public bool TryOf(RankId rank, SymbolScope scope, Span<long> low, Span<long> high)
    {
        Span<long> ownLow = stackalloc long[Consumer.Space.Rank];
        Span<long> ownHigh = stackalloc long[ownLow.Length];
        if (!Consumer.TryOwn(rank, ownLow, ownHigh))
        {
            return false;
        }
        if (IsEvaluatedInPlace)
        {
            return TryOfOwn(ownLow, ownHigh, scope, low, high);
        }
        if (OfOwn(new Box([.. ownLow], [.. ownHigh]), scope, isExact: true) is not { } box)
        {
            return false;
        }
        box.Low.CopyTo(low);
        box.High.CopyTo(high);
        return true;
    }
}

/// <summary>The own part under some distribution (a redistribution, a gather, a base).</summary>
internal sealed class OwnNeed(Distribution distribution) : Need
{
    public override Distribution Consumer => distribution;

    public override bool IsEvaluatedInPlace => true;

    public override Box? OfOwn(Box own, SymbolScope scope, bool isExact) => own;

    public override bool TryOfOwn(ReadOnlySpan<long> ownLow, ReadOnlySpan<long> ownHigh, SymbolScope scope, Span<long> low, Span<long> high, bool isUnwrapped = false)
    {
        ownLow.CopyTo(low);
        ownHigh.CopyTo(high);
        return true;
    }
}

/// <summary>What one access of a node's kernel reads while the rank computes its part.</summary>
internal sealed class AccessNeed(NodeParts parts, int piece, NeedFormula formula, bool isInspected = false) : Need
{
    public override bool IsInspected => isInspected;

    /// <summary>Why all that may be read is brought where data decides what is.</summary>
    public WholeReason Whole { get; set; }

    public NodeParts Parts => parts;

    public NeedFormula Formula => formula;

    public override Distribution Consumer => parts.Owner;

    public override bool IsMoving => parts.Body.IsMoving(parts.Node, formula);

    public override bool IsWrapping(int axis) => formula.IsWrapping[axis];

    public override bool IsAlikeAlong(int axis) => !isInspected && !formula.IsWrapping.Contains(true) && parts.IsAlikeAlong(formula, axis);

    public override bool TryReadersAlong(int axis, SymbolScope scope, out PartRange places)
    {
        places = default;
        return IsAlikeAlong(axis) && parts.TryComputing(piece, axis, scope, out places);
    }

    public override Box? OfOwn(Box own, SymbolScope scope, bool isExact) =>
        parts.OfOwn(own, piece, scope, isExact) is { IsEmpty: false } part ? parts.Evaluate(formula, part, scope, isExact) : null;

    public override bool IsEvaluatedInPlace => true;

    public override bool TryOfOwn(ReadOnlySpan<long> ownLow, ReadOnlySpan<long> ownHigh, SymbolScope scope, Span<long> low, Span<long> high, bool isUnwrapped = false)
    {
        Span<long> partLow = stackalloc long[parts.RankOf(piece)];
        Span<long> partHigh = stackalloc long[partLow.Length];
        parts.OfOwn(ownLow, ownHigh, piece, scope, isExact: true, partLow, partHigh);
        for (int axis = 0; axis < partLow.Length; axis++)
        {
            if (partHigh[axis] <= partLow[axis])
            {
                return false;
            }
        }
        return parts.TryEvaluate(formula, partLow, partHigh, scope, isExact: true, low, high, isUnwrapped);
    }

    public override Box? OfOwnUnwrapped(Box own, SymbolScope scope) =>
        parts.OfOwn(own, piece, scope, isExact: true) is { IsEmpty: false } part ? parts.Evaluate(formula, part, scope, isExact: true, isUnwrapped: true) : null;
}

/// <summary>What a loop's body needs of a value captured from outside.</summary>
internal sealed class InnerNeed(BodyPlan body, Need inner) : Need
{
    /// <summary>The need inside.</summary>
    public Need Inner => inner;

    public override Distribution Consumer => inner.Consumer;

    public override bool IsWrapping(int axis) => inner.IsWrapping(axis);

    public override bool IsAlikeAlong(int axis) => inner.IsAlikeAlong(axis);

    public override bool TryReadersAlong(int axis, SymbolScope scope, out PartRange places) => inner.TryReadersAlong(axis, scope.InsideAnyStep(body.LoopNode!), out places);

    public override bool IsEvaluatedInPlace => inner.IsEvaluatedInPlace;

    public override bool TryOfOwn(ReadOnlySpan<long> ownLow, ReadOnlySpan<long> ownHigh, SymbolScope scope, Span<long> low, Span<long> high, bool isUnwrapped = false) =>
        inner.TryOfOwn(ownLow, ownHigh, scope.InsideAnyStep(body.LoopNode!), low, high, isUnwrapped);

    public override Box? OfOwn(Box own, SymbolScope scope, bool isExact) => inner.OfOwn(own, isExact ? scope.Inside(body.LoopNode!, null) : scope, isExact);

    public override Box? OfOwnUnwrapped(Box own, SymbolScope scope) => inner.OfOwnUnwrapped(own, scope.Inside(body.LoopNode!, null));
}

/// <summary>A need of an array that the rank has, or makes, itself: no place is outside the array; what wraps around takes the whole axis.</summary>
internal sealed class CanonicalNeed(Need inner, ImmutableArray<long> extents) : Need
{
    public override Distribution Consumer => inner.Consumer;

    public override bool IsEvaluatedInPlace => inner.IsEvaluatedInPlace;

    public override bool TryOfOwn(ReadOnlySpan<long> ownLow, ReadOnlySpan<long> ownHigh, SymbolScope scope, Span<long> low, Span<long> high, bool isUnwrapped = false)
    {
        if (!inner.TryOfOwn(ownLow, ownHigh, scope, low, high))
        {
            return false;
        }
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (low[axis] < 0 || high[axis] > extents[axis])
            {
                (low[axis], high[axis]) = (0, extents[axis]);
            }
        }
        return true;
    }

    public override Box? OfOwn(Box own, SymbolScope scope, bool isExact)
    {
        if (inner.OfOwn(own, scope, isExact) is not { } box)
        {
            return null;
        }
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (box.Low[axis] < 0 || box.High[axis] > extents[axis])
            {
                box = box.With(axis, 0, extents[axis]);
            }
        }
        return box;
    }
}
