using System.Collections.Immutable;
using System.Globalization;
using Avial.Diagnostics;
using Avial.IR;
using Avial.IR.Text;

namespace Avial.Graph;

/// <summary>Reads a region's text back.</summary>
internal sealed partial class GraphParser
{
    private readonly TextScanner _text;
    private readonly CallNames _calls;
    private readonly Func<string, Type?> _findType;
    private readonly Dictionary<string, ElementLayout> _types = [];
    private readonly Dictionary<string, Kernel> _kernels = [];

    private GraphParser(string text, CallNames calls, Func<string, Type?> findType)
    {
        _text = new TextScanner(text);
        _calls = calls;
        _findType = findType;
    }

    /// <summary>The region, not verified; <see cref="FormatException"/> with line and column where the text is none.</summary>
    /// <param name="text">What <see cref="GraphPrinter"/> writes.</param>
    /// <param name="calls">The code of calls by name; without it they cannot run.</param>
    /// <param name="findType">The .NET type of a name; the default asks the runtime. Elements of types it does not know are anonymous columns.</param>
    public static Region Parse(string text, CallNames? calls = null, Func<string, Type?>? findType = null)
    {
        GraphParser parser = Begin(text, out Region region, calls, findType);
        return parser._text.IsAtEnd ? region : throw parser._text.Error("the end of the text");
    }

    /// <summary>Reads the graph that a text begins with; the parser then stands behind it and knows its types.</summary>
    public static GraphParser Begin(string text, out Region region, CallNames? calls = null, Func<string, Type?>? findType = null)
    {
        var parser = new GraphParser(text, calls ?? new CallNames(), findType ?? (name => Type.GetType(name, throwOnError: false)));
        parser._text.Take("graph");
        parser._text.Take("{");
        parser.Declarations();
        region = parser.Contents();
        return parser;
    }

    public TextScanner Scanner => _text;

    private void Declarations()
    {
        while (_text.TryTake("type"))
        {
            string name = _text.TakeIdentifier();
            _text.Take("=");
            ElementLayout columns = Element();
            _text.Take("from");
            ElementLayout? known = _findType(_text.TakeString()) is { } type ? ElementLayout.Of(type) : null;
            bool isSame = known is not null && GraphEquality.HaveSameColumns(known, columns);
            _types[name] = isSame ? known! : ElementLayout.Anonymous([.. columns.Columns.Select(c => (c.Path, c.Type))]);
        }
        while (_text.PeekIdentifier() && !_text.Peek("return"))
        {
            string name = _text.TakeIdentifier();
            _text.Take("=");
            _kernels[name] = KernelParser.Parse(_text);
        }
    }

    /// <summary>Parameters, nodes and results, up to the closing brace.</summary>
    private Region Contents()
    {
        var parameters = ImmutableArray.CreateBuilder<ArrayType>();
        while (_text.TryTake("@"))
        {
            RequireNext(parameters.Count);
            _text.Take(":");
            parameters.Add(ArrayType());
        }
        var nodes = ImmutableArray.CreateBuilder<GraphNode>();
        while (_text.TryTake("%"))
        {
            RequireNext(nodes.Count);
            _text.Take("=");
            nodes.Add(Node(nodes.Count));
        }
        ImmutableArray<GraphValue> results = _text.TryTake("return") ? List(Value) : [];
        _text.Take("}");
        return new Region(parameters.ToImmutable(), nodes.ToImmutable(), results);
    }

    private GraphNode Node(int position)
    {
        string word = _text.TakeIdentifier();
        if (GraphWords.Operations.All(r => r.Word != word))
        {
            throw _text.Refuse($"'{word}' is no operation");
        }
        _text.Take("(");
        ImmutableArray<GraphValue> inputs = _text.Peek("@") || _text.Peek("%") ? List(Value) : [];
        ImmutableArray<int> scalars = _text.TryTake(";") ? List(() => Numbered("#")) : [];
        _text.Take(")");
        ImmutableArray<ArrayType> outputs = _text.TryTake(":") ? List(ArrayType) : [];
        string name = _text.TryTake("named") ? _text.TakeString() : "";
        Target target = _text.TryTake("on") ? Target() : Targets.Auto;
        Precision precision = _text.TryTake("fast") ? Precision.Fast : Precision.Strict;
        int order = _text.TryTake("order") ? checked((int)_text.TakeLong()) : position;
        SourceSpan span = _text.TryTake("@") ? SpanText.Parse(_text) : SourceSpan.None;
        var fused = ImmutableArray.CreateBuilder<GraphNode>();
        bool hasBraces = _text.TryTake("{");
        Operation operation = Operation(word, outputs);
        if (hasBraces)
        {
            while (_text.TryTake("fused"))
            {
                fused.Add(Node(0));
            }
            _text.Take("}");
        }
        return new GraphNode(operation, inputs, scalars)
        {
            Name = name,
            Target = target,
            Precision = precision,
            Order = order,
            Span = span,
            Fused = fused.ToImmutable(),
        };
    }

    private Target Target()
    {
        string word = _text.TakeIdentifier();
        return GraphWords.Targets.FirstOrDefault(t => t.ToString() == word) ?? throw _text.Refuse($"'{word}' is no target");
    }

    /// <summary><c>@1</c>, <c>%3</c>, <c>%3.1</c>.</summary>
    private GraphValue Value()
    {
        if (_text.TryTake("@"))
        {
            return GraphValue.Parameter(_text.TakeInt());
        }
        int node = Numbered("%");
        return new GraphValue(node, _text.TryTake(".") ? _text.TakeInt() : 0);
    }

    /// <summary><c>f32[4096×4096]</c>; <c>x</c> may stand for ×.</summary>
    public ArrayType ArrayType()
    {
        ElementLayout element = Element();
        if (!_text.TryTake("["))
        {
            return new ArrayType(element, []);
        }
        var extents = ImmutableArray.CreateBuilder<long>();
        do
        {
            extents.Add(_text.TakeLong());
        }
        while (_text.TryTake("×") || _text.TryTakeLetter('x'));
        _text.Take("]");
        return new ArrayType(element, extents.ToImmutable());
    }

    /// <summary>A primitive, a declared name, or columns in braces.</summary>
    private ElementLayout Element()
    {
        if (_text.TryTake("{"))
        {
            ImmutableArray<(string, ScalarType)> columns = List(() =>
            {
                string path = _text.PeekIdentifier() ? _text.TakeIdentifier() : _text.TakeString();
                _text.Take(":");
                return (path, Scalar(_text.TakeIdentifier()));
            });
            _text.Take("}");
            return ElementLayout.Anonymous(columns);
        }
        string name = _text.TakeIdentifier();
        return _types.TryGetValue(name, out ElementLayout? layout) ? layout : ElementLayout.Of(Scalar(name).ClrType());
    }

    private ScalarType Scalar(string name) => ScalarTypes.Parse(name) ?? throw _text.Refuse($"'{name}' is no type");

    private int Numbered(string sign)
    {
        _text.Take(sign);
        return _text.TakeInt();
    }

    private int Numbered(char letter)
    {
        string name = _text.TakeIdentifier();
        return name[0] == letter && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : throw _text.Refuse($"'{name}' is not {letter} with a number");
    }

    private void RequireNext(int number)
    {
        if (_text.TakeInt() != number)
        {
            throw _text.Refuse($"number {number} comes next");
        }
    }

    private ImmutableArray<T> List<T>(Func<T> take)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(take());
        }
        while (_text.TryTake(","));
        return items.ToImmutable();
    }
}
