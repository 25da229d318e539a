using System.Text.RegularExpressions;
using Avial.IR;
using Avial.IR.Text;

namespace Avial.Graph;

/// <summary>
/// A region as text, which <see cref="GraphParser"/> reads back. In it <c>@1</c> is a parameter of the region, <c>%2</c> a node (<c>%2.1</c> its
/// second output), <c>$0</c> a position in a node's inputs, <c>#3</c> a captured number, <c>s0</c> a position in a node's captured numbers. Kernels
/// stand where they are used; those used twice are named once ahead.
/// </summary>
internal sealed partial class GraphPrinter
{
    private readonly InstructionPrinter _text;
    private readonly CallNames _calls;
    private readonly bool _withSpans;
    private readonly Dictionary<ElementLayout, string> _types = [];
    private readonly Dictionary<Kernel, string> _kernels = new(ReferenceEqualityComparer.Instance);

    private GraphPrinter(CallNames calls, bool withSpans)
    {
        _text = new InstructionPrinter(withSpans);
        _calls = calls;
        _withSpans = withSpans;
    }

    /// <summary>
    /// The text. With <paramref name="withSpans"/> it also says where everything came from and holds the tasks fused into others.
    /// </summary>
    public static string Print(Region region, bool withSpans = false, CallNames? calls = null)
    {
        return Begin(region, withSpans, calls).Writer.ToString();
    }

    /// <summary>Writes the graph; what comes behind it may name its types.</summary>
    public static GraphPrinter Begin(Region region, bool withSpans = false, CallNames? calls = null)
    {
        var printer = new GraphPrinter(calls ?? new CallNames(), withSpans);
        printer._text.Write("graph {").Indent();
        printer.Declare([.. printer.NodesOf(region)], printer.TypesOf(region));
        printer.Contents(region);
        printer._text.Outdent().NewLine().Write("}");
        return printer;
    }

    public InstructionPrinter Writer => _text;

    /// <summary>One node without its number.</summary>
    public static string Print(GraphNode node)
    {
        var printer = new GraphPrinter(new CallNames(), withSpans: false);
        printer.Node(node, node.Order);
        return printer._text.ToString();
    }

    private IEnumerable<GraphNode> NodesOf(Region region) => region.Nodes.SelectMany(NodesOf);

    private IEnumerable<GraphNode> NodesOf(GraphNode node) =>
    [
        node,
        .. node.Operation is LoopOperation loop ? NodesOf(loop.Body) : [],
        .. _withSpans ? node.Fused.SelectMany(NodesOf) : [],
    ];

    private IEnumerable<ArrayType> TypesOf(Region region) =>
        region.Parameters.Concat(NodesOf(region).SelectMany(n => n.Operation.Outputs.Concat(n.Operation is LoopOperation loop ? loop.Body.Parameters : [])));

    /// <summary>Names the element types that are not plain primitives, and the kernels used more than once.</summary>
    private void Declare(GraphNode[] nodes, IEnumerable<ArrayType> types)
    {
        foreach (ElementLayout layout in types.Select(t => t.Element).Distinct().Where(l => !l.IsAnonymous && l != PlainLayout(l)))
        {
            string name = $"{new string([.. layout.Type.Name.Where(char.IsAsciiLetterOrDigit)])}";
            _types[layout] = _types.ContainsValue(name) || !TextScanner.IsIdentifier(name) ? $"{name}_{_types.Count}" : name;
            _text.NewLine().Write($"type {_types[layout]} = {layout} from {TextScanner.Quote(NameOf(layout.Type))}");
        }
        foreach (var uses in nodes.SelectMany(n => GraphWords.Kernels(n.Operation)).GroupBy(k => k, (k, all) => (Kernel: k, Count: all.Count()), KernelIdentity.Instance))
        {
            if (uses.Count > 1)
            {
                string name = $"k{_kernels.Count}";
                _text.NewLine().Write($"{name} = ");
                Kernel(uses.Kernel);
                _kernels[uses.Kernel] = name;
            }
        }
    }

    /// <summary>The name that finds the type again, without the versions of the assemblies.</summary>
    private static string NameOf(Type type) => VersionOfAssembly().Replace($"{type.FullName}, {type.Assembly.GetName().Name}", "");

    [GeneratedRegex(@", Version=[^,\]]*, Culture=[^,\]]*, PublicKeyToken=[^,\]]*")]
    private static partial Regex VersionOfAssembly();

    private static ElementLayout? PlainLayout(ElementLayout layout) => layout.IsPrimitive ? ElementLayout.Of(layout.Columns[0].Type.ClrType()) : null;

    /// <summary>Parameters, nodes and results, a line each.</summary>
    private void Contents(Region region)
    {
        for (int i = 0; i < region.Parameters.Length; i++)
        {
            _text.NewLine().Write($"@{i}: {Text(region.Parameters[i])}");
        }
        for (int i = 0; i < region.Nodes.Length; i++)
        {
            _text.NewLine().Write($"%{i} = ");
            Node(region.Nodes[i], i);
        }
        if (!region.Results.IsEmpty)
        {
            _text.NewLine().Write($"return {string.Join(", ", region.Results)}");
        }
    }

    private void Node(GraphNode node, int position)
    {
        string scalars = string.Join(", ", node.Scalars.Select(s => $"#{s}"));
        _text.Write($"{GraphWords.Of(node.Operation)} ({string.Join(", ", node.Inputs)}{(scalars.Length == 0 ? "" : $"; {scalars}")})");
        _text.Write(node.Operation.Outputs.IsEmpty ? "" : $" : {string.Join(", ", node.Operation.Outputs.Select(Text))}");
        _text.Write(string.IsNullOrEmpty(node.Name) ? "" : $" named {TextScanner.Quote(node.Name)}");
        _text.Write(node.Target == Targets.Auto ? "" : $" on {node.Target}");
        _text.Write(node.Precision == Precision.Fast ? " fast" : "");
        _text.Write(node.Order == position ? "" : $" order {node.Order}");
        _text.Span(node.Span);
        bool hasFused = _withSpans && !node.Fused.IsEmpty;
        if (!hasFused && node.Operation is SourceOperation or SymbolOperation or FillOperation or ReshapeOperation)
        {
            return;
        }
        _text.Write(" {").Indent();
        Attributes(node.Operation);
        foreach (GraphNode fused in hasFused ? node.Fused : [])
        {
            _text.NewLine().Write("fused ");
            Node(fused, 0);
        }
        _text.Outdent().NewLine().Write("}");
    }

    public string Text(ArrayType type)
    {
        string element = _types.TryGetValue(type.Element, out string? name) ? name : $"{type.Element}";
        return type.Rank == 0 ? element : $"{element}[{type.Shape}]";
    }

    private void Kernel(Kernel kernel)
    {
        if (_kernels.TryGetValue(kernel, out string? name))
        {
            _text.Write(name);
            return;
        }
        KernelPrinter.Print(_text, kernel);
    }

    /// <summary>Kernels are the same when they are one object.</summary>
    private sealed class KernelIdentity : IEqualityComparer<Kernel>
    {
        public static KernelIdentity Instance { get; } = new();

        public bool Equals(Kernel? a, Kernel? b) => ReferenceEquals(a, b);

        public int GetHashCode(Kernel kernel) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(kernel);
    }
}
