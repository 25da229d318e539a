using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;

namespace Avial.Planning;

/// <summary>
/// Whether a node may write over an array that it also reads. An element must be read before it is written, so every read is of
/// <list type="bullet">
/// <item>the element that its own point writes: points read first and write last, or</item>
/// <item>an element that no point of this launch writes.</item>
/// </list>
/// In <c>Run((t + 1..n, t + 1..n), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a)</c> the first read is of the one kind, the others are of the other: column t and
/// row t lie outside the box for every t. That is proved over all points, inductions and steps at once, by showing that no solution is left of: the read is executed at p, what
/// it reads lies in a box that is written, and it is not p's own.
/// </summary>
internal static class InPlaceReads
{
    // Bounds depend on the steps of loops, which count from 0.
    private const long MostSteps = 1L << 40;

    /// <summary>
    /// True when the node (a map over a base, or a sweep) may write the output that starts from this input over the input's memory. True too where it
    /// does not read it at all. That nobody else needs the input any more is for the caller to know.
    /// </summary>
    /// <param name="region">The node's region.</param>
    /// <param name="node">The node, its reads as they will be executed: after fusion.</param>
    /// <param name="input">The position among the node's inputs of a base of a map or the start of a sweep.</param>
    public static bool MayOverwrite(Region region, GraphNode node, int input)
    {
        GraphValue memory = OwnerOf(region, node.Inputs[input]);
        bool[] isShown = [.. node.Inputs.Select(value => OwnerOf(region, value) == memory)];
        ImmutableArray<KernelUse> uses = Kernels.UsesOf(node.Operation);
        int starts = StartsOf(node.Operation).Count(start => isShown[start]);
        if (starts != 1 || uses.Any(use => use.Arguments.Any(a => a.Kind == ArgumentKind.Input && isShown[a.Position])))
        {
            // Another output would show this one's elements; parameters are read again by every launch.
            return false;
        }
        foreach (KernelUse use in uses)
        {
            for (int operand = FirstOperand(node.Operation); operand < use.Operands.Length; operand++)
            {
                // Shown in another shape, elements have other indices.
                if (isShown[use.Operands[operand]] && node.Inputs[use.Operands[operand]] != node.Inputs[input])
                {
                    return false;
                }
            }
        }
        ImmutableArray<IterationDomain> domains = Kernels.DomainsOf(node.Operation);
        ImmutableArray<long> origin = node.Operation is MapOperation map ? map.Origin : [];
        for (int piece = 0; piece < uses.Length; piece++)
        {
            if (!IsSafe(region, node, isShown, piece, uses[piece], domains, origin))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsSafe(Region region, GraphNode node, bool[] isShown, int piece, KernelUse use, ImmutableArray<IterationDomain> domains, ImmutableArray<long> origin)
    {
        KernelStructure structure = KernelStructure.Of(use.Kernel);
        LoadSite[] sites = [.. structure.Loads.Where(l => l.Access.Operand >= FirstOperand(node.Operation) && isShown[use.Operands[l.Access.Operand]])];
        if (sites.Length == 0)
        {
            return true;
        }
        var facts = new IndexFacts(structure, IndexEnvironment.Of(new BoundsQuery
        {
            Use = use,
            Domain = domains[piece],
            Inputs = (ArrayType[])[.. node.Inputs.Select(region.TypeOf)],
            Symbols = SymbolsOf(region, node, domains),
        }));
        if (facts.IsDomainEmpty)
        {
            return true;
        }
        AffineForm[] own = [.. Enumerable.Range(0, use.Kernel.Rank).Select(axis => AffineForm.OfVariable(axis) - (origin.IsEmpty ? 0 : origin[axis]))];
        return sites.All(site => domains.All(written => IsApart(new AccessModel(facts, site), own, written, origin)));
    }

    /// <summary>True when what the access reads is its point's own element or lies outside what is written.</summary>
    private static bool IsApart(AccessModel model, AffineForm[] own, IterationDomain written, ImmutableArray<long> origin)
    {
        var places = new AffineForm?[own.Length];
        var forms = new List<AffineForm>(own);
        var inside = new List<AffineForm>();
        for (int axis = 0; axis < own.Length; axis++)
        {
            places[axis] = PlaceOf(model, axis);
            long shift = origin.IsEmpty ? 0 : origin[axis];
            if (places[axis] is { } place)
            {
                AddIf(model.Facts.FormOf(written.Axes[axis].Low), low => place + shift - low);
                AddIf(model.Facts.FormOf(written.Axes[axis].High), high => high - place - shift - 1);
            }
        }
        AffineSystem system = model.System.With([.. model.Facts.SystemFor([.. forms]).Conditions, .. inside]);
        for (int axis = 0; axis < own.Length; axis++)
        {
            if (places[axis] is not { } place)
            {
                if (!system.IsInfeasible())
                {
                    return false;
                }
            }
            else if (!system.With(place - own[axis] - 1).IsInfeasible() || !system.With(own[axis] - place - 1).IsInfeasible())
            {
                return false;
            }
        }
        return true;

        void AddIf(AffineForm? bound, Func<AffineForm, AffineForm> condition)
        {
            if (bound is not null)
            {
                forms.Add(bound);
                inside.Add(condition(bound));
            }
        }
    }

    /// <summary>The place along an axis that an access reads; null when it may be another than the index says, or is not known.</summary>
    private static AffineForm? PlaceOf(AccessModel model, int axis)
    {
        if (model.Indices[axis] is not { } index)
        {
            return null;
        }
        Interval shown = model.Site.Access.Border is BorderKind.Wrap or BorderKind.Clamp ? new Interval(0, model.Extents[axis] - 1) : Interval.Long;
        return shown.Contains(index.Range) ? index.Form : null;
    }

    /// <summary>The steps of loops, which bounds depend on, and other whole numbers that bodies are given.</summary>
    public static SymbolRange[] SymbolsOf(Region region, GraphNode node, ImmutableArray<IterationDomain> domains)
    {
        var steps = new HashSet<int>(domains.SelectMany(d => d.Axes).SelectMany(a => a.Low.Terms.Concat(a.High.Terms)).Select(t => t.Input));
        var symbols = new List<SymbolRange>();
        for (int input = 0; input < node.Inputs.Length; input++)
        {
            ArrayType type = region.TypeOf(node.Inputs[input]);
            if (steps.Contains(input))
            {
                symbols.Add(new SymbolRange(input, 0, MostSteps, IsCertain: false));
            }
            else if (type.Rank == 0 && type.Element.ColumnTypes is [ScalarType.I64])
            {
                symbols.Add(new SymbolRange(input, long.MinValue, long.MaxValue, IsCertain: false));
            }
        }
        return [.. symbols];
    }

    private static ImmutableArray<int> StartsOf(Operation operation) => operation switch
    {
        MapOperation map => map.Bases,
        SweepOperation sweep => [sweep.Start],
        _ => [],
    };

    /// <summary>Operand 0 of a sweep is the array as it is written: in place in any case.</summary>
    private static int FirstOperand(Operation operation) => FusedNode.IsSelf(operation, 0) ? 1 : 0;

    /// <summary>The value whose memory a value shows: a reshape its input's.</summary>
    private static GraphValue OwnerOf(Region region, GraphValue value)
    {
        while (!value.IsParameter && region.Nodes[value.Node] is { Operation: ReshapeOperation } reshape)
        {
            value = reshape.Inputs[0];
        }
        return value;
    }
}
