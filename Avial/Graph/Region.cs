using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>A value of a region: output <paramref name="Output"/> of node <paramref name="Node"/>, or, with Node = -1, parameter <paramref name="Output"/>.</summary>
internal readonly record struct GraphValue(int Node, int Output)
{
    public static GraphValue Parameter(int index) => new(-1, index);

    public bool IsParameter => Node < 0;

    public override string ToString() => IsParameter ? $"@{Output}" : Output == 0 ? $"%{Node}" : $"%{Node}.{Output}";
}

/// <summary>
/// One node: an operation applied to values of the region.
/// <paramref name="Scalars"/> are positions in the table of captured numbers of its region: the table handed to a run for the outermost region, the
/// loop node's own scalars (in order) for the body of a loop.
/// </summary>
internal sealed record GraphNode(Operation Operation, ImmutableArray<GraphValue> Inputs, ImmutableArray<int> Scalars)
{
    /// <summary>The task's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it was recorded.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;

    /// <summary>The recorded order: the number by which the lowest trap wins. For a fused node, its consumer's.</summary>
    public int Order { get; init; }

    /// <summary>The requested kind of device.</summary>
    public Target Target { get; init; } = Targets.Auto;

    /// <summary>How strictly floating-point operations keep their order.</summary>
    public Precision Precision { get; init; }

    /// <summary>Other tasks whose lambdas were fused into this one, for explanations.</summary>
    public ImmutableArray<GraphNode> Fused { get; init; } = [];

    public override string ToString() => GraphPrinter.Print(this);
}

/// <summary>Parameters, nodes in an order where inputs come first, results. The whole graph is a region whose parameters are its sources.</summary>
internal sealed record Region(ImmutableArray<ArrayType> Parameters, ImmutableArray<GraphNode> Nodes, ImmutableArray<GraphValue> Results)
{
    private RegionKey? _key;

    /// <summary>What makes two regions the same program; computed once.</summary>
    public RegionKey Key => _key ??= RegionKey.Of(this);

    /// <summary>The type of a value of this region.</summary>
    public ArrayType TypeOf(GraphValue value) => value.IsParameter ? Parameters[value.Output] : Nodes[value.Node].Operation.Outputs[value.Output];

    public override string ToString() => GraphPrinter.Print(this);
}
