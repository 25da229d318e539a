using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Passes;

/// <summary>
/// Makes readers read through views, so that slices and transposes move nothing. A view that somebody needs in memory (a result, a base, the state of a
/// loop, the input of a call, a read with a border, a read checked while it runs against less than all elements) becomes a copying map.
/// <code>v = view x (i → i + 1); y = map i { v[i] }  →  y = map i { x[i + 1] }</code>
/// </summary>
internal static class FoldViews
{
    public static Region Apply(Region region)
    {
        if (!region.Nodes.Any(n => n.Operation is ViewOperation))
        {
            return region;
        }
        bool[] isCopied = NeededInMemory(region);
        GraphNode[] nodes = [.. region.Nodes];
        // Where nobody needs a copy, what it shows need not have been computed.
        DemandMap? demand = isCopied.Contains(true) ? DemandMap.Of(region, []) : null;
        for (int n = 0; n < nodes.Length; n++)
        {
            if (nodes[n].Operation is ViewOperation view && isCopied[n])
            {
                MapOperation copy = CopyKernels.OfView(view, nodes[n].Span);
                nodes[n] = nodes[n] with { Operation = demand!.Outputs[n][0] is { } needed ? RestrictToDemand.Shrink(copy, needed) : copy };
            }
        }
        for (int n = 0; n < nodes.Length; n++)
        {
            nodes[n] = FusedNode.Build(region, nodes, nodes[n], value => !value.IsParameter && nodes[value.Node].Operation is ViewOperation);
        }
        return RegionEdit.Prune(region, [.. nodes], static value => value);
    }

    private static bool[] NeededInMemory(Region region)
    {
        var needed = new bool[region.Nodes.Length];
        foreach (GraphValue result in region.Results)
        {
            Mark(result);
        }
        foreach (GraphNode node in region.Nodes)
        {
            if (node.Operation is ViewOperation)
            {
                continue;
            }
            foreach (int position in InputPositions.Whole(node.Operation, node.Inputs.Length))
            {
                Mark(node.Inputs[position]);
            }
            foreach (KernelUse use in Kernels.UsesOf(node.Operation))
            {
                foreach (LoadInstruction load in Kernels.All(use.Kernel.Body).OfType<LoadInstruction>())
                {
                    GraphValue value = node.Inputs[use.Operands[load.Access.Operand]];
                    if (load.Access.Border != BorderKind.None || load.Access.Proof != BoundsProof.Proven && HidesElements(region, value))
                    {
                        Mark(value);
                    }
                }
            }
        }
        return needed;

        void Mark(GraphValue value)
        {
            if (!value.IsParameter)
            {
                needed[value.Node] = true;
            }
        }
    }

    // Outside a part there are other elements of the whole, or elements that were never computed: a check against the whole would let a wrong read pass.
    private static bool HidesElements(Region region, GraphValue value)
    {
        for (; !value.IsParameter && region.Nodes[value.Node] is { Operation: ViewOperation view } node; value = node.Inputs[0])
        {
            if (!IsPermutation(view, region.TypeOf(node.Inputs[0])))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsPermutation(ViewOperation view, ArrayType whole) =>
        view.Maps.All(map => map.Terms is [{ Coefficient: 1 or -1 }]) && view.Maps.DistinctBy(map => map.Terms[0].Atom.Id).Count() == view.Outputs[0].Rank
        && view.Maps.Select(map => view.Outputs[0].Extents[map.Terms[0].Atom.Id]).SequenceEqual(whole.Extents);
}
