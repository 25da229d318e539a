using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning;

/// <summary>The iteration domain of one piece, its bounds as forms over a node's symbols.</summary>
internal sealed class NeedDomain
{
    private readonly ImmutableArray<LinearBound> _low;
    private readonly ImmutableArray<LinearBound> _high;

    /// <summary>A domain whose terms are numbers of symbols.</summary>
    public NeedDomain(IterationDomain domain)
    {
        Domain = domain;
        _low = [.. domain.Axes.Select(a => a.Low)];
        _high = [.. domain.Axes.Select(a => a.High)];
        IsConstant = domain.IsConstant;
    }

    /// <summary>The domain, its terms numbers of symbols.</summary>
    public IterationDomain Domain { get; }

    public int Rank => _low.Length;

    public bool IsConstant { get; }

    /// <summary>The box for given values of the symbols.</summary>
    public Box ToBox(ReadOnlySpan<long> symbols)
    {
        var low = new long[Rank];
        var high = new long[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            low[axis] = Bound(_low[axis], symbols, symbols, false);
            high[axis] = Bound(_high[axis], symbols, symbols, true);
        }
        return new Box([.. low], [.. high]);
    }

    /// <summary>
    /// The part of a box that lies in the domain for some values of the symbols, as first and last index per axis in turn; false when nothing does.
    /// </summary>
    public bool TryClip(ReadOnlySpan<long> low, ReadOnlySpan<long> high, ReadOnlySpan<long> symbolsLeast, ReadOnlySpan<long> symbolsMost, Span<long> ends)
    {
        for (int axis = 0; axis < Rank; axis++)
        {
            long from = Math.Max(low[axis], Bound(_low[axis], symbolsLeast, symbolsMost, false));
            long to = Math.Min(high[axis], Bound(_high[axis], symbolsLeast, symbolsMost, true));
            if (to <= from)
            {
                return false;
            }
            ends[2 * axis] = from;
            ends[2 * axis + 1] = to - 1;
        }
        return true;
    }

    private static long Bound(LinearBound bound, ReadOnlySpan<long> least, ReadOnlySpan<long> most, bool isHighest)
    {
        Int128 sum = bound.Constant;
        foreach (BoundTerm term in bound.Terms)
        {
            sum += (Int128)term.Coefficient * (term.Coefficient > 0 == isHighest ? most[term.Input] : least[term.Input]);
        }
        return (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
    }
}
