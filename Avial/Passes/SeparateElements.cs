using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Passes;

/// <summary>
/// In a plan whose tasks stay apart so that a trap can be named: the values of a reduction or scan that may trap are computed by a map of their own. Why: reductions
/// and scans walk their domain in the order that suits them, a map stops at the lowest index.
/// <code>r = reduce sum { 7 / d[i] }  →  e = map { 7 / d[i] }; r = reduce sum { e[i] }</code>
/// </summary>
internal static class SeparateElements
{
    public static Region Apply(Region region)
    {
        if (!region.Nodes.Any(n => IsSeparated(n.Operation)))
        {
            return region;
        }
        var nodes = ImmutableArray.CreateBuilder<GraphNode>();
        var moved = new int[region.Nodes.Length];
        for (int n = 0; n < moved.Length; n++)
        {
            GraphNode node = region.Nodes[n] with { Inputs = [.. region.Nodes[n].Inputs.Select(Moved)] };
            if (IsSeparated(node.Operation))
            {
                nodes.Add(ElementsOf(node));
                node = Reading(node, new GraphValue(nodes.Count - 1, 0), nodes[^1].Operation.Outputs[0]);
            }
            moved[n] = nodes.Count;
            nodes.Add(node);
        }
        return new Region(region.Parameters, nodes.ToImmutable(), [.. region.Results.Select(Moved)]);

        GraphValue Moved(GraphValue value) => value.IsParameter ? value : value with { Node = moved[value.Node] };
    }

    private static bool IsSeparated(Operation operation) => operation is ReduceOperation or ScanOperation
        && Kernels.DomainsOf(operation)[0] is { IsConstant: true, Rank: > 0 } && Kernels.CanTrap(Kernels.UsesOf(operation)[0].Kernel);

    private static GraphNode ElementsOf(GraphNode node)
    {
        IterationDomain domain = Kernels.DomainsOf(node.Operation)[0];
        KernelUse use = Kernels.UsesOf(node.Operation)[0];
        Geometry.Box box = domain.ToBox();
        ElementLayout element = ElementLayout.Anonymous([.. use.Kernel.ResultTypes.Select((type, column) => ($"F{column}", type))]);
        var forward = new IterationDomain([.. domain.Axes.Select(a => a with { IsReversed = false })]);
        var map = new MapOperation([new MapPiece(forward, use)], [], box.Low)
        {
            Outputs = [new ArrayType(element, [.. Enumerable.Range(0, box.Rank).Select(box.Length)])],
        };
        return InputPositions.Compact(node with { Operation = map });
    }

    private static GraphNode Reading(GraphNode node, GraphValue elements, ArrayType type)
    {
        KernelUse copy = CopyKernels.Shifted(type.Element, Kernels.DomainsOf(node.Operation)[0].ToBox().Low);
        int position = node.Inputs.Length;
        return InputPositions.Compact(node with
        {
            Operation = Kernels.WithUses(node.Operation, [copy with { Operands = [position] }]),
            Inputs = node.Inputs.Add(elements),
        });
    }
}
