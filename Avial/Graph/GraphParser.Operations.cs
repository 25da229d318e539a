using System.Collections.Immutable;
using Avial.IR;
using Avial.IR.Text;

namespace Avial.Graph;

/// <summary>What stands in the braces of a node.</summary>
internal sealed partial class GraphParser
{
    private Operation Operation(string word, ImmutableArray<ArrayType> outputs)
    {
        switch (word)
        {
            case "source":
                return new SourceOperation { Outputs = outputs };
            case "symbol":
                return new SymbolOperation { Outputs = outputs };
            case "fill":
                return new FillOperation { Outputs = outputs };
            case "reshape":
                return new ReshapeOperation { Outputs = outputs };
            case "file":
                _text.Take("path");
                return new FileOperation(_text.TakeString()) { Outputs = outputs };
            case "map":
                ImmutableArray<int> bases = _text.TryTake("over") ? List(() => Numbered("$")) : [];
                ImmutableArray<long> origin = _text.TryTake("origin") ? List(_text.TakeLong) : [];
                return new MapOperation(Pieces(), bases, origin) { Outputs = outputs };
            case "reduce":
                IterationDomain reduced = Domain();
                ImmutableArray<int> axes = _text.TryTake("axes") ? List(_text.TakeInt) : [];
                return new ReduceOperation(reduced, Use(), axes, Combiner()) { Outputs = outputs };
            case "scan":
                IterationDomain scanned = Domain();
                _text.Take("axis");
                int axis = _text.TakeInt();
                bool isExclusive = _text.TryTake("exclusive");
                return new ScanOperation(scanned, Use(), axis, isExclusive, Combiner()) { Outputs = outputs };
            case "scatter":
                IterationDomain scattered = Domain();
                _text.Take("into");
                int into = Numbered("$");
                return new ScatterOperation(scattered, Use(), into, Combiner()) { Outputs = outputs };
            case "sweep":
                IterationDomain swept = Domain();
                _text.Take("start");
                int start = Numbered("$");
                return new SweepOperation(swept, Use(), start) { Outputs = outputs };
            case "view":
                return View(outputs);
            case "loop":
                return Loop(outputs);
            case "call":
                _text.Take("code");
                CallBody body = _calls.BodyOf(_text.TakeString());
                return new CallOperation(body, _text.TryTake("effect")) { Outputs = outputs };
            default:
                throw new Diagnostics.InternalErrorException($"The operation '{word}' is not read.");
        }
    }

    private ImmutableArray<MapPiece> Pieces()
    {
        var pieces = ImmutableArray.CreateBuilder<MapPiece>();
        do
        {
            IterationDomain domain = Domain();
            pieces.Add(new MapPiece(domain, Use()));
        }
        while (_text.Peek("domain"));
        return pieces.ToImmutable();
    }

    private LoopOperation Loop(ImmutableArray<ArrayType> outputs)
    {
        _text.Take("carried");
        int carried = _text.TakeInt();
        bool hasUntil = _text.TryTake("until");
        _text.Take("every");
        long every = _text.TakeLong();
        _text.Take("body");
        _text.Take("{");
        return new LoopOperation(Contents(), carried, hasUntil, every) { Outputs = outputs };
    }

    private ViewOperation View(ImmutableArray<ArrayType> outputs)
    {
        _text.Take("maps");
        ImmutableArray<AffineIndex> maps = Parenthesised(() => AffineIndex.Of(
            _text.TakeSum(_text.PeekIdentifier, () => new Value(Numbered('d'), ScalarType.I64), out long constant)
                .Select(t => new AffineTerm(t.Atom, t.Coefficient)), constant));
        ImmutableArray<LinearBound> offsets = _text.TryTake("offsets") ? Parenthesised(Bound) : [.. new LinearBound[maps.Length]];
        return new ViewOperation(maps, offsets) { Outputs = outputs };
    }

    /// <summary><c>domain [0..8, 1..$2 + 1 reversed]</c>.</summary>
    private IterationDomain Domain()
    {
        _text.Take("domain");
        _text.Take("[");
        if (_text.TryTake("]"))
        {
            return IterationDomain.Scalar;
        }
        ImmutableArray<AxisRange> axes = List(() =>
        {
            LinearBound low = Bound();
            _text.Take("..");
            LinearBound high = Bound();
            return new AxisRange(low, high, _text.TryTake("reversed"));
        });
        _text.Take("]");
        return new IterationDomain(axes);
    }

    private LinearBound Bound()
    {
        ImmutableArray<BoundTerm> terms = [.. _text.TakeSum(() => _text.Peek("$"), () => Numbered("$"), out long constant).Select(t => new BoundTerm(t.Atom, t.Coefficient))];
        return terms.IsEmpty ? constant : new LinearBound(constant, terms);
    }

    private KernelUse Use()
    {
        ImmutableArray<int> operands = _text.TryTake("reads") ? List(() => Numbered("$")) : [];
        ImmutableArray<KernelArgument> arguments = _text.TryTake("with") ? List(Argument) : [];
        return new KernelUse(Kernel(), operands, arguments);
    }

    private KernelArgument Argument()
    {
        if (!_text.Peek("$"))
        {
            return new KernelArgument(ArgumentKind.Scalar, Numbered('s'));
        }
        int input = Numbered("$");
        return new KernelArgument(ArgumentKind.Input, input, _text.TryTake(".") ? _text.TakeInt() : 0);
    }

    private Kernel Kernel()
    {
        if (_text.Peek("kernel"))
        {
            return KernelParser.Parse(_text);
        }
        string name = _text.TakeIdentifier();
        return _kernels.TryGetValue(name, out Kernel? kernel) ? kernel : throw _text.Refuse($"'{name}' is no kernel named before");
    }

    private Combiner Combiner()
    {
        _text.Take("by");
        string word = _text.TakeIdentifier();
        if (!Enum.TryParse(word, ignoreCase: true, out CombinerKind kind))
        {
            throw _text.Refuse($"'{word}' is no way to combine");
        }
        Kernel? fold = kind == CombinerKind.Fold ? Kernel() : null;
        if (!_text.TryTake("identity"))
        {
            return new Combiner(kind, fold);
        }
        ImmutableArray<ScalarType> types = fold?.ResultTypes ?? [];
        int column = 0;
        return new Combiner(kind, fold, Parenthesised(() => Literal.Parse(_text, column < types.Length ? types[column++] : ScalarType.U64)));
    }

    /// <summary>A list in parentheses, which may be empty.</summary>
    private ImmutableArray<T> Parenthesised<T>(Func<T> take)
    {
        _text.Take("(");
        if (_text.TryTake(")"))
        {
            return [];
        }
        ImmutableArray<T> items = List(take);
        _text.Take(")");
        return items;
    }
}
