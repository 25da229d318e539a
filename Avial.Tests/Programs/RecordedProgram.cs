using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;

namespace Avial.Tests.Programs;

/// <summary>A generated program as recorded nodes.</summary>
internal sealed class RecordedProgram
{
    private readonly Node[] _effects;

    /// <summary>The evaluated roots, each in one piece.</summary>
    public Storage[] Values() => [.. Roots.Select(r => r.Node.ValueOf(r.Index)!.Assemble(r.Node.Name))];

    public RecordedProgram(GeneratedProgram program)
    {
        Region region = program.Region;
        NodeOutput[] sources = [.. region.Parameters.Select((type, k) =>
        {
            var source = new Node(new SourceOperation { Outputs = [type] }, [], [], SourceSpan.None);
            source.Materialise(0, new PlacedArray(program.Sources[k]));
            return new NodeOutput(source, 0);
        })];
        var nodes = new List<Node>();
        foreach (GraphNode node in region.Nodes)
        {
            nodes.Add(new Node(OperationTable.Intern(node.Operation), [.. node.Inputs.Select(ValueOf)], [.. node.Scalars.Select(s => program.Scalars[s])], node.Span)
            {
                GivenName = node.Name,
                Target = node.Target,
                Precision = node.Precision,
            });
        }
        Roots = [.. region.Results.Select(ValueOf)];
        _effects = [.. nodes.Where(n => n.Operation is CallOperation { IsEffect: true })];

        NodeOutput ValueOf(GraphValue value) => value.IsParameter ? sources[value.Output] : new NodeOutput(nodes[value.Node], value.Output);
    }

    public ImmutableArray<NodeOutput> Roots { get; }

    public Node[] TakeEffects() => _effects;
}
