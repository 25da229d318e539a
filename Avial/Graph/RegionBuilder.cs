using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>A region together with what stands for its parameters and captured numbers.</summary>
/// <param name="Region">The program.</param>
/// <param name="Sources">The recorded value of each parameter after the given symbols: materialised arrays, or captures of a loop body.</param>
/// <param name="Scalars">The captured numbers its nodes refer to.</param>
/// <param name="Nodes">The recorded node behind each node of the region.</param>
internal sealed record BuiltRegion(Region Region, ImmutableArray<NodeOutput> Sources, ulong[] Scalars, ImmutableArray<Node> Nodes);

/// <summary>
/// Recorded nodes → region. Walks back from the roots without recursion (a chain may be 100,000 tasks long), stops at what is already in memory and, for a
/// loop body, at what does not depend on the loop; orders nodes as they were recorded.
/// </summary>
internal static class RegionBuilder
{
    /// <summary>The region of an evaluation.</summary>
    public static BuiltRegion OfRoots(ReadOnlySpan<NodeOutput> roots, ReadOnlySpan<NodeOutput> effects) => Build(null, [], roots, effects, []);

    /// <summary>The region of a loop body: parameters are its symbols, then captures. <paramref name="firstScalars"/> open its table.</summary>
    public static BuiltRegion OfBody(LoopBody body, ReadOnlySpan<NodeOutput> symbols, ReadOnlySpan<NodeOutput> results, ReadOnlySpan<NodeOutput> effects, ReadOnlySpan<ulong> firstScalars) =>
        Build(body, symbols, results, effects, firstScalars);

    private static BuiltRegion Build(LoopBody? body, ReadOnlySpan<NodeOutput> symbols, ReadOnlySpan<NodeOutput> roots, ReadOnlySpan<NodeOutput> effects, ReadOnlySpan<ulong> firstScalars)
    {
        var inside = new HashSet<Node>();
        var parameters = new Dictionary<NodeOutput, int>();
        var types = ImmutableArray.CreateBuilder<ArrayType>();
        foreach (NodeOutput symbol in symbols)
        {
            parameters.Add(symbol, parameters.Count);
            types.Add(symbol.Type);
        }

        var sources = ImmutableArray.CreateBuilder<NodeOutput>();
        var pending = new Stack<NodeOutput>();
        PushAll(pending, effects);
        PushAll(pending, roots);
        while (pending.TryPop(out NodeOutput value))
        {
            if (parameters.ContainsKey(value))
            {
                continue;
            }
            if (IsOutside(value, body))
            {
                parameters.Add(value, parameters.Count);
                types.Add(value.Type);
                sources.Add(value);
                continue;
            }
            if (inside.Add(value.Node))
            {
                PushAll(pending, value.Node.Inputs);
            }
        }

        Node[] ordered = [.. inside];
        Array.Sort(ordered, static (a, b) => a.Sequence.CompareTo(b.Sequence));
        return Number(ordered, parameters, types, sources.ToImmutable(), roots, firstScalars);
    }

    private static bool IsOutside(NodeOutput value, LoopBody? body)
    {
        if (body is not null)
        {
            return value.Node.Innermost != body;
        }
        if (value.Node.IsMaterialised(value.Index))
        {
            return true;
        }
        if (value.Node.IsOfAnotherRank)
        {
            throw Throw.ArrayOfAnotherRank(value.Node.Name, value.Node.Recorder!.Rank, value.Node.Span);
        }
        if (value.Node.Innermost is { } innermost)
        {
            throw Throw.EvaluationInsideLoop(value.Node.Name, innermost.Span, value.Node.Span);
        }
        return false;
    }

    private static BuiltRegion Number(Node[] ordered, Dictionary<NodeOutput, int> parameters, ImmutableArray<ArrayType>.Builder types,
        ImmutableArray<NodeOutput> sources, ReadOnlySpan<NodeOutput> roots, ReadOnlySpan<ulong> firstScalars)
    {
        var positions = new Dictionary<Node, int>(ordered.Length);
        for (int i = 0; i < ordered.Length; i++)
        {
            positions.Add(ordered[i], i);
        }
        var scalars = new List<ulong>(firstScalars.ToArray());
        var scalarPositions = new Dictionary<ulong, int>();
        var nodes = ImmutableArray.CreateBuilder<GraphNode>(ordered.Length);
        for (int i = 0; i < ordered.Length; i++)
        {
            Node node = ordered[i];
            var inputs = ImmutableArray.CreateBuilder<GraphValue>(node.Inputs.Length);
            foreach (NodeOutput input in node.Inputs)
            {
                inputs.Add(ValueOf(input, parameters, positions));
            }
            var table = ImmutableArray.CreateBuilder<int>(node.Scalars.Length);
            foreach (ulong bits in node.Scalars)
            {
                // Equal numbers share a position, so that tasks that differ in nothing are recognised as one.
                if (!scalarPositions.TryGetValue(bits, out int position))
                {
                    position = scalars.Count;
                    scalars.Add(bits);
                    scalarPositions.Add(bits, position);
                }
                table.Add(position);
            }
            nodes.Add(new GraphNode(node.Operation, inputs.MoveToImmutable(), table.MoveToImmutable())
            {
                Name = node.Name,
                Span = node.Span,
                Order = i,
                Target = node.Target,
                Precision = node.Precision,
            });
        }
        var results = ImmutableArray.CreateBuilder<GraphValue>(roots.Length);
        foreach (NodeOutput root in roots)
        {
            results.Add(ValueOf(root, parameters, positions));
        }
        var region = new Region(types.ToImmutable(), nodes.MoveToImmutable(), results.MoveToImmutable());
        return new BuiltRegion(region, sources, [.. scalars], [.. ordered]);
    }

    private static GraphValue ValueOf(NodeOutput value, Dictionary<NodeOutput, int> parameters, Dictionary<Node, int> positions) =>
        parameters.TryGetValue(value, out int parameter) ? GraphValue.Parameter(parameter) : new GraphValue(positions[value.Node], value.Index);

    private static void PushAll(Stack<NodeOutput> pending, ReadOnlySpan<NodeOutput> values)
    {
        foreach (NodeOutput value in values)
        {
            pending.Push(value);
        }
    }
}
