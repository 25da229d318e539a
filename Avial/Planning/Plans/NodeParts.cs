using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;

namespace Avial.Planning.Plans;

/// <summary>Which part of a node's domain each rank computes (the owner of an element computes it), and what its formulas give there.</summary>
internal sealed class NodeParts
{
    // Steps lie below 2^40 when nothing is known of them: far beyond any extent, and far from overflow.
    private const long Far = 1L << 40;

    private readonly GraphNode _node;
    private readonly Distribution _owner;
    private readonly ImmutableArray<IterationDomain> _domains;
    private readonly NodeNeeds? _needs;

    public NodeParts(BodyPlan body, int node)
        : this(body, node, body.Map.Iterations[node] ?? body.Map.Outputs[node][0])
    {
    }

    /// <summary>The parts if the node's work were shared out like this.</summary>
    public NodeParts(BodyPlan body, int node, Distribution owner)
    {
        Body = body;
        Node = node;
        _node = body.Region.Nodes[node];
        _owner = owner;
        _domains = Kernels.DomainsOf(_node.Operation);
        _needs = body.NeedsOf(node);
        IsConstant = _domains.All(d => d.IsConstant);
    }

    public BodyPlan Body { get; }

    public int Node { get; }

    /// <summary>How the iteration is shared out.</summary>
    public Distribution Owner => _owner;

    public int Pieces => _domains.Length;

    /// <summary>True when no domain depends on a step.</summary>
    public bool IsConstant { get; }

    /// <summary>The part of a piece's domain that a rank computes, perhaps empty; null when it owns nothing. Not exact: for all values that unknown numbers might have.</summary>
    public Box? Of(RankId rank, int piece, SymbolScope scope, bool isExact = true) => _owner.TryOwn(rank, out Box own) ? OfOwn(own, piece, scope, isExact) : null;

    /// <summary>The part for an own part of the owner's space.</summary>
    public Box OfOwn(Box own, int piece, SymbolScope scope, bool isExact)
    {
        Span<long> low = stackalloc long[_domains[piece].Rank];
        Span<long> high = stackalloc long[low.Length];
        OfOwn(own.Low.AsSpan(), own.High.AsSpan(), piece, scope, isExact, low, high);
        return new Box([.. low], [.. high]);
    }

    /// <summary>How many points of a piece's domain a rank computes, as estimates take it.</summary>
    public double VolumeOf(RankId rank, int piece, SymbolScope scope)
    {
        Span<long> ownLow = stackalloc long[_owner.Space.Rank];
        Span<long> ownHigh = stackalloc long[ownLow.Length];
        if (!_owner.TryOwn(rank, ownLow, ownHigh))
        {
            return 0;
        }
        Span<long> low = stackalloc long[_domains[piece].Rank];
        Span<long> high = stackalloc long[low.Length];
        OfOwn(ownLow, ownHigh, piece, scope, isExact: true, low, high);
        double volume = 1;
        for (int axis = 0; axis < low.Length; axis++)
        {
            volume *= Math.Max(0, high[axis] - low[axis]);
        }
        return volume;
    }

    /// <summary>The axes of a piece's domain.</summary>
    public int RankOf(int piece) => _domains[piece].Rank;

    /// <summary>The same without allocation.</summary>
    public void OfOwn(ReadOnlySpan<long> ownLow, ReadOnlySpan<long> ownHigh, int piece, SymbolScope scope, bool isExact, Span<long> low, Span<long> high)
    {
        IterationDomain domain = _domains[piece];
        int kept = 0;
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            (long lowLeast, long lowMost) = RangeOf(domain.Axes[axis].Low, scope, isExact);
            (_, long highMost) = RangeOf(domain.Axes[axis].High, scope, isExact);
            (low[axis], high[axis]) = (lowLeast, highMost);
            int output = OutputAxis(axis, ref kept);
            if (output >= 0)
            {
                (long shiftLeast, long shiftMost) = Shift(output, lowLeast, lowMost);
                low[axis] = Math.Max(low[axis], ownLow[output] + shiftLeast);
                high[axis] = Math.Min(high[axis], ownHigh[output] + shiftMost);
            }
        }
    }

    /// <summary>True when what a formula gives changes with no part's place on this axis of the owner's grid.</summary>
    public bool IsAlikeAlong(NeedFormula formula, int axis) => DomainAxis(axis) is not int along || !formula.DependsOnAxis(along);

    /// <summary>The places on an axis of the owner's grid of the parts that compute some of a piece, as far as this axis says; false when some between compute nothing.</summary>
    public bool TryComputing(int piece, int axis, SymbolScope scope, out PartRange places)
    {
        AxisCut cut = _owner.Axes[axis];
        (long low, long high) = (cut.Low, cut.High);
        if (DomainAxis(axis) is int along)
        {
            AxisRange range = _domains[piece].Axes[along];
            (long lowLeast, long lowMost) = RangeOf(range.Low, scope, isExact: true);
            (_, long highMost) = RangeOf(range.High, scope, isExact: true);
            (long least, long most) = Shift(axis, lowLeast, lowMost);
            if (least != most)
            {
                places = default;
                return false;
            }
            (low, high) = (lowLeast - least, highMost - least);
        }
        (int first, int end) = cut.PartsOf(low, high);
        places = new PartRange(first, end);
        return cut.NonEmpty(first, end) == end - first;
    }

    // The axis of the domain that runs along an axis of the owner's space; null where every rank runs all of it.
    private int? DomainAxis(int axis)
    {
        int kept = 0;
        for (int along = 0; along < _domains[0].Rank; along++)
        {
            if (OutputAxis(along, ref kept) == axis)
            {
                return along;
            }
        }
        return null;
    }

    /// <summary>What a formula gives on a part; null for nothing.</summary>
    public Box? Evaluate(NeedFormula formula, Box part, SymbolScope scope, bool isExact, bool isUnwrapped = false)
    {
        Span<long> low = stackalloc long[formula.Rank];
        Span<long> high = stackalloc long[formula.Rank];
        return TryEvaluate(formula, part.Low.AsSpan(), part.High.AsSpan(), scope, isExact, low, high, isUnwrapped) ? new Box([.. low], [.. high]) : null;
    }

    /// <summary>The same without allocation; false for nothing.</summary>
    public bool TryEvaluate(
        NeedFormula formula, ReadOnlySpan<long> partLow, ReadOnlySpan<long> partHigh, SymbolScope scope, bool isExact, Span<long> low, Span<long> high, bool isUnwrapped = false)
    {
        int count = _needs!.Symbols.Length;
        Span<long> least = stackalloc long[count];
        Span<long> most = stackalloc long[count];
        for (int s = 0; s < count; s++)
        {
            (least[s], most[s]) = isExact && Body.ValueOf(Node, s, scope) is { } value ? (value, value)
                : IsStep(s) ? (0, Far) : _needs.RangeOf(s);
        }
        return formula.TryHull(partLow, partHigh, least, most, low, high, isUnwrapped);
    }

    // Steps count from 0.
    private bool IsStep(int symbol) => _needs!.Symbols[symbol] is { Kind: ArgumentKind.Input } source && Body.IsStep(_node.Inputs[source.Position]);

    // The axis of the owner's space that an axis of the domain runs along; -1 where every rank runs all of it.
    private int OutputAxis(int axis, ref int kept) => _node.Operation switch
    {
        ReduceOperation reduce when Body.Map.Iterations[Node] is null => reduce.Axes.Contains(axis) ? -1 : kept++,
        ScatterOperation when Body.Map.Iterations[Node] is null => -1,
        _ => axis,
    };

    // What is added to an index of the owner's space to get the domain's.
    private (long Least, long Most) Shift(int axis, long lowLeast, long lowMost) => _node.Operation switch
    {
        MapOperation map => axis < map.Origin.Length ? (map.Origin[axis], map.Origin[axis]) : (0, 0),
        ReduceOperation when Body.Map.Iterations[Node] is not null => (0, 0),
        ReduceOperation or ScanOperation => (lowLeast, lowMost),
        _ => (0, 0),
    };

    private (long Least, long Most) RangeOf(LinearBound bound, SymbolScope scope, bool isExact)
    {
        long least = bound.Constant;
        long most = bound.Constant;
        foreach (BoundTerm term in bound.Terms)
        {
            long? step = isExact ? Body.StepValue(_node.Inputs[term.Input], scope) : null;
            (long min, long max) = step is { } known ? (known, known) : (0, Far);
            least += term.Coefficient * (term.Coefficient > 0 ? min : max);
            most += term.Coefficient * (term.Coefficient > 0 ? max : min);
        }
        return (least, most);
    }
}
