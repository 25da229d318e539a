using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>The symbols of a node while its needs are found: numbered in the order they were added.</summary>
internal sealed class SymbolTable
{
    // Bounds depend on the steps of loops, which count from 0.
    private static readonly Interval s_steps = new(0, 1L << 40);

    private readonly List<(NeedSymbol Symbol, ScalarType Type, Interval Assumed)> _symbols = [];

    public ImmutableArray<NeedSymbol> Symbols => [.. _symbols.Select(s => s.Symbol)];

    public ImmutableArray<ScalarType> Types => [.. _symbols.Select(s => s.Type)];

    public int Count => _symbols.Count;

    /// <summary>What index analysis may take for granted of each symbol.</summary>
    public ImmutableArray<SymbolRange> Ranges => [.. _symbols.Select((s, n) => new SymbolRange(n, (long)s.Assumed.Min, (long)s.Assumed.Max))];

    /// <summary>True for a symbol that may have values beyond those taken for granted; a step that bounds depend on has none.</summary>
    public bool IsLimited(int symbol) => _symbols[symbol].Assumed != s_steps && _symbols[symbol].Assumed != Interval.OfType(_symbols[symbol].Type);

    /// <summary>The symbols of a domain's bounds.</summary>
    public void Add(IterationDomain domain)
    {
        foreach (AxisRange axis in domain.Axes)
        {
            foreach (BoundTerm term in axis.Low.Terms.Concat(axis.High.Terms))
            {
                Add(new NeedSymbol(ArgumentKind.Input, term.Input, 0), ScalarType.I64, s_steps);
            }
        }
    }

    /// <summary>The integer parameters that decide where a kernel reads.</summary>
    public void Add(KernelUse use)
    {
        foreach (int parameter in ShapeParameters.Of(use.Kernel))
        {
            ScalarType type = use.Kernel.Parameters[parameter].Type;
            if (!type.IsFloat())
            {
                Add(SymbolOf(use.Arguments[parameter]), type, NeedSymbol.Assumed(type));
            }
        }
    }

    /// <summary>The number of the symbol of a kernel's argument; -1 when it is none.</summary>
    public int NumberOf(KernelArgument argument) => _symbols.FindIndex(s => s.Symbol == SymbolOf(argument));

    /// <summary>The number of the symbol that is a rank-0 input.</summary>
    public int NumberOfInput(int input) => _symbols.FindIndex(s => s.Symbol == new NeedSymbol(ArgumentKind.Input, input, 0));

    private static NeedSymbol SymbolOf(KernelArgument argument) => new(argument.Kind, argument.Position, argument.Column);

    private void Add(NeedSymbol symbol, ScalarType type, Interval assumed)
    {
        if (!_symbols.Exists(s => s.Symbol == symbol))
        {
            _symbols.Add((symbol, type, assumed));
        }
    }
}
