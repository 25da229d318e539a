using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Passes;

/// <summary>
/// Shrinks the domains of maps to what their readers need, found from the results back before anything else changes. Why: halos of temporaries are not computed for
/// nothing, and an element that nobody needs cannot trap.
/// <code>p = map [0..100] …; q = map [0..10] { p[i + 1] }  →  p = map [1..11] …</code>
/// </summary>
internal static class RestrictToDemand
{
    public static Region Apply(Region region) => Apply(region, DemandMap.Of(region, []));

    private static Region Apply(Region region, DemandMap demand)
    {
        var nodes = ImmutableArray.CreateBuilder<GraphNode>(region.Nodes.Length);
        var values = new Dictionary<GraphValue, GraphValue>();
        bool isChanged = false;
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            if (!demand.IsLive(n))
            {
                for (int output = 0; output < node.Operation.Outputs.Length; output++)
                {
                    values[new GraphValue(n, output)] = new GraphValue(nodes.Count, 0);
                    nodes.Add(Undemanded(node, node.Operation.Outputs[output]));
                }
                isChanged = true;
                continue;
            }
            for (int output = 0; output < node.Operation.Outputs.Length; output++)
            {
                values[new GraphValue(n, output)] = new GraphValue(nodes.Count, output);
            }
            if (node.Operation is MapOperation map && map.Pieces.All(p => p.Domain.IsConstant))
            {
                MapOperation shrunk = Shrink(map, NeededOf(demand.Outputs[n]));
                isChanged |= !ReferenceEquals(shrunk, map);
                node = node with { Operation = shrunk };
            }
            nodes.Add(node with { Inputs = [.. node.Inputs.Select(New)] });
        }
        return isChanged ? region with { Nodes = nodes.ToImmutable(), Results = [.. region.Results.Select(New)] } : region;

        GraphValue New(GraphValue value) => value.IsParameter ? value : values[value];
    }

    /// <summary>
    /// Stands for one array of a task of which no element is needed but which is named (a reader with an empty domain, an empty result): memory, computed nowhere.
    /// </summary>
    private static GraphNode Undemanded(GraphNode node, ArrayType output)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, output.Rank).Select(_ => numbers.New(ScalarType.I64))];
        var builder = new BlockBuilder(numbers);
        ImmutableArray<Value> zeros = [.. output.Element.ColumnTypes.Select(type => builder.Constant(type, 0))];
        var use = new KernelUse(new Kernel(indices.Length, [], builder.Finish(indices, zeros)), [], []);
        var nowhere = new IterationDomain([.. indices.Select(_ => new AxisRange(0, 0))]);
        return node with
        {
            Operation = new MapOperation([new MapPiece(nowhere, use)], [], [.. new long[indices.Length]]) { Outputs = [output] },
            Inputs = [],
            Scalars = [],
        };
    }

    /// <summary>What is computed of a task with several results is the hull of what is needed of each.</summary>
    private static Box NeededOf(ImmutableArray<Box?> outputs) => outputs.Where(o => o is not null).Select(o => o!.Value).Aggregate((a, b) => a.Hull(b));

    /// <summary>A map that computes only what is needed.</summary>
    public static MapOperation Shrink(MapOperation map, Box needed)
    {
        Box part = new([.. needed.Low.Select((l, a) => l + map.Origin[a])], [.. needed.High.Select((h, a) => h + map.Origin[a])]);
        if (map.Pieces.All(p => part.Contains(p.Domain.ToBox())))
        {
            return map;
        }
        return map with { Pieces = [.. map.Pieces.Select(p => p with { Domain = Restricted(p.Domain, part) })] };
    }

    private static IterationDomain Restricted(IterationDomain domain, Box part)
    {
        Box box = domain.ToBox().Intersect(part);
        return new IterationDomain([.. domain.Axes.Select((axis, a) => axis with { Low = box.Low[a], High = Math.Max(box.Low[a], box.High[a]) })]);
    }
}
