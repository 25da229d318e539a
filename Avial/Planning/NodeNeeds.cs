using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;

namespace Avial.Planning;

/// <summary>
/// What a node's kernels read of its inputs, as formulas of the computed part and of symbols. Captured numbers count by their places only, never by their
/// values, so that the needs hold for every node of the same structure. Bases, starts and targets of scatters are not among them.
/// </summary>
internal sealed class NodeNeeds
{
    // The answer for each operation, with the types of the inputs it was found for.
    private static readonly ConditionalWeakTable<Operation, NodeNeeds> s_known = [];

    private readonly ImmutableArray<ArrayType> _types;
    private readonly ImmutableArray<ScalarType> _symbolTypes;
    private readonly ImmutableArray<NeedDomain> _domains;

    private NodeNeeds(Operation operation, ImmutableArray<ArrayType> types, SourceSpan span)
    {
        _types = types;
        if (operation is ViewOperation view)
        {
            operation = CopyKernels.OfView(view, span);
        }
        ImmutableArray<KernelUse> uses = Kernels.UsesOf(operation);
        ImmutableArray<IterationDomain> domains = uses.IsEmpty ? [] : Kernels.DomainsOf(operation);
        var symbols = new SymbolTable();
        foreach (IterationDomain domain in domains)
        {
            symbols.Add(domain);
        }
        foreach (KernelUse use in uses)
        {
            symbols.Add(use);
        }
        Symbols = symbols.Symbols;
        _symbolTypes = symbols.Types;
        _domains = [.. domains.Select(d => new NeedDomain(d.Renumber(symbols.NumberOfInput)))];
        var inputs = ImmutableArray.CreateBuilder<InputNeeds>();
        for (int piece = 0; piece < uses.Length; piece++)
        {
            NeedSolver Solver(bool isBeyond) => new(uses[piece], _domains[piece], Within(operation), types, symbols, isBeyond);
            NeedSolver solver = Solver(isBeyond: false);
            NeedSolver? beyond = null;
            NeedFormula Solve(LoadSite site)
            {
                NeedFormula formula = solver.Solve(site);
                return formula.Symbols.Any(symbols.IsLimited) ? formula.WithBeyond((beyond ??= Solver(isBeyond: true)).Solve(site)) : formula;
            }
            Add(Solve, uses[piece], piece, operation as SweepOperation, inputs);
        }
        Inputs = inputs.ToImmutable();
    }

    /// <summary>The symbols that formulas and domains know of, in order: evaluation takes a value for each.</summary>
    public ImmutableArray<NeedSymbol> Symbols { get; }

    /// <summary>One for each piece and input that its kernel reads as an array.</summary>
    public ImmutableArray<InputNeeds> Inputs { get; }

    /// <summary>The needs of a node; none for what does not run kernels (a view counts as the copy it stands for).</summary>
    public static NodeNeeds Of(Region region, int node)
    {
        GraphNode read = region.Nodes[node];
        return Of(read.Operation, [.. read.Inputs.Select(region.TypeOf)], read.Span);
    }

    /// <summary>The needs of an operation over inputs of the given types.</summary>
    public static NodeNeeds Of(Operation operation, ImmutableArray<ArrayType> types, SourceSpan span)
    {
        if (s_known.TryGetValue(operation, out NodeNeeds? known) && known._types.AsSpan().SequenceEqual(types.AsSpan()))
        {
            return known;
        }
        var found = new NodeNeeds(operation, types, span);
        s_known.AddOrUpdate(operation, found);
        return found;
    }

    /// <summary>The domain of a piece, for the values of the symbols.</summary>
    public Box PieceDomain(int piece, ReadOnlySpan<long> symbols) => _domains[piece].ToBox(symbols);

    /// <summary>The value of a symbol, from the bits of the captured number or of the input's element.</summary>
    public long ValueOf(int symbol, ulong bits) => unchecked((long)IndexEnvironment.Decode(_symbolTypes[symbol], bits)!.Value);

    /// <summary>All values that a symbol may have, as <see cref="ValueOf"/> gives them.</summary>
    public (long Least, long Most) RangeOf(int symbol)
    {
        ScalarType type = _symbolTypes[symbol];
        var range = Interval.OfType(type);
        return type == ScalarType.U64 ? (long.MinValue, long.MaxValue) : ((long)range.Min, (long)range.Max);
    }

    /// <summary>The needs of one input by one piece; null when the piece does not read it.</summary>
    public InputNeeds? Find(int input, int piece = 0)
    {
        foreach (InputNeeds needs in Inputs)
        {
            if (needs.Input == input && needs.Piece == piece)
            {
                return needs;
            }
        }
        return null;
    }

    /// <summary>Where the indices of a domain lie for certain, whatever its symbols are: what a map or a sweep computes is inside its output.</summary>
    private static Box? Within(Operation operation)
    {
        Box box = operation.Outputs.IsEmpty ? new Box([], []) : operation.Outputs[0].Box;
        return operation switch
        {
            MapOperation { Origin: { IsDefaultOrEmpty: false } origin } => new Box([.. box.Low.Zip(origin, (l, o) => l + o)], [.. box.High.Zip(origin, (h, o) => h + o)]),
            MapOperation => box,
            SweepOperation => box,
            _ => null,
        };
    }

    private static void Add(Func<LoadSite, NeedFormula> solve, KernelUse use, int piece, SweepOperation? sweep, ImmutableArray<InputNeeds>.Builder inputs)
    {
        ILookup<(int Input, bool IsSelf), NeedFormula> formulas = KernelStructure.Of(use.Kernel).Loads.ToLookup(
            site => sweep is not null && site.Access.Operand == 0 ? (sweep.Start, true) : (use.Operands[site.Access.Operand], false), solve);
        foreach (IGrouping<(int Input, bool IsSelf), NeedFormula> input in formulas.OrderBy(g => g.Key))
        {
            var distinct = new List<NeedFormula>();
            foreach (NeedFormula formula in input)
            {
                int same = distinct.FindIndex(d => d.IsSame(formula));
                if (same < 0)
                {
                    distinct.Add(formula);
                }
                else
                {
                    distinct[same] = distinct[same].WithSites([.. distinct[same].Sites, .. formula.Sites]);
                }
            }
            inputs.Add(new InputNeeds(input.Key.Input, piece, input.Key.IsSelf, [.. distinct]));
        }
    }
}
