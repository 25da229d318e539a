using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning;

/// <summary>What the kernel of one piece of a node reads of one input.</summary>
/// <param name="Input">The position in the node's inputs.</param>
/// <param name="Piece">The piece (of a map; 0 for other nodes).</param>
/// <param name="IsSelf">True for a sweep's reads of the swept array itself, which shows new values at points that precede; the input is then its start.</param>
/// <param name="Accesses">The formulas, each once, in program order.</param>
internal sealed record InputNeeds(int Input, int Piece, bool IsSelf, ImmutableArray<NeedFormula> Accesses)
{
    /// <summary>True when data decides some place that is read.</summary>
    public bool IsIndirect => Accesses.Any(a => a.IsIndirect.Contains(true));

    /// <summary>True when some formula depends on a symbol.</summary>
    public bool DependsOnSymbols => Accesses.Any(a => a.DependsOnSymbols);

    /// <summary>A box that holds what all accesses read over a part; null when nothing is read.</summary>
    public Box? Hull(Box part, ReadOnlySpan<long> symbols)
    {
        var low = new long[Accesses[0].Rank];
        var high = new long[Accesses[0].Rank];
        return TryHull(part.Low.AsSpan(), part.High.AsSpan(), symbols, symbols, low, high) ? new Box([.. low], [.. high]) : null;
    }

    /// <summary>
    /// A box that holds what all accesses read over a part while the symbols take values between two, both included; false when nothing is read. On an axis with a
    /// periodic read it is one run of unwrapped places, as for <see cref="NeedFormula.TryHull"/>.
    /// </summary>
    public bool TryHull(
        ReadOnlySpan<long> partLow, ReadOnlySpan<long> partHigh, ReadOnlySpan<long> symbolsLeast, ReadOnlySpan<long> symbolsMost, Span<long> low, Span<long> high)
    {
        int rank = Accesses[0].Rank;
        Span<long> oneLow = stackalloc long[rank];
        Span<long> oneHigh = stackalloc long[rank];
        bool isAny = false;
        bool isWrapping = false;
        foreach (NeedFormula access in Accesses)
        {
            if (!access.TryHull(partLow, partHigh, symbolsLeast, symbolsMost, oneLow, oneHigh, isUnwrapped: true))
            {
                continue;
            }
            for (int axis = 0; axis < rank; axis++)
            {
                low[axis] = isAny ? Math.Min(low[axis], oneLow[axis]) : oneLow[axis];
                high[axis] = isAny ? Math.Max(high[axis], oneHigh[axis]) : oneHigh[axis];
            }
            isAny = true;
            isWrapping |= access.IsWrapping.AsSpan().Contains(true);
        }
        for (int axis = 0; isAny && isWrapping && axis < rank; axis++)
        {
            (low[axis], high[axis]) = NeedFormula.Wrapped(low[axis], high[axis], Accesses[0].Extents[axis]);
        }
        return isAny;
    }
}
