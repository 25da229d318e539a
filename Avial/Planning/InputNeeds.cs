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

    /// <summary>
    /// A box that holds what all accesses read over a part; null when nothing is read. Periodic accesses count by their unwrapped places.
    /// </summary>
    public Box? Hull(Box part, ReadOnlySpan<long> symbols)
    {
        Box? hull = null;
        foreach (NeedFormula access in Accesses)
        {
            if (access.Evaluate(part, symbols) is { } box)
            {
                hull = hull?.Hull(box) ?? box;
            }
        }
        return hull;
    }
}
