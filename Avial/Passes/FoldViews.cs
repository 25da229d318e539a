using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Passes;

/// <summary>
/// Makes readers read through views, so that slices and transposes move nothing. A view that somebody needs in memory (a result, a base, the state of a
/// loop, the input of a call, a read with a border) becomes a copying map.
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
        for (int n = 0; n < nodes.Length; n++)
        {
            if (nodes[n].Operation is ViewOperation view && isCopied[n])
            {
                nodes[n] = AsCopy(nodes[n], view);
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
                    if (load.Access.Border != BorderKind.None)
                    {
                        Mark(node.Inputs[use.Operands[load.Access.Operand]]);
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

    private static GraphNode AsCopy(GraphNode node, ViewOperation view)
    {
        ArrayType type = view.Outputs[0];
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, type.Rank).Select(_ => numbers.New(ScalarType.I64))];
        var parameters = new List<Value>();
        var arguments = new List<KernelArgument>();
        var place = ImmutableArray.CreateBuilder<AffineIndex>();
        for (int axis = 0; axis < view.Maps.Length; axis++)
        {
            AffineIndex index = view.Maps[axis].Substitute(atom => AffineIndex.Of(indices[atom.Id])) + view.Offsets[axis].Constant;
            foreach (BoundTerm term in view.Offsets[axis].Terms)
            {
                parameters.Add(numbers.New(ScalarType.I64));
                arguments.Add(new KernelArgument(ArgumentKind.Input, term.Input));
                index += AffineIndex.Of(parameters[^1]) * term.Coefficient;
            }
            place.Add(index);
        }
        var builder = new BlockBuilder(numbers);
        var results = ImmutableArray.CreateBuilder<Value>();
        for (int column = 0; column < type.Element.Columns.Length; column++)
        {
            BoundsProof proof = arguments.Count == 0 ? BoundsProof.Proven : BoundsProof.CheckRange;
            var access = new Access(0, column, place.ToImmutable(), BorderKind.None, null, [], true, proof, node.Span);
            results.Add(builder.Pure(type.Element.ColumnTypes[column], r => new LoadInstruction(r, access)));
        }
        var kernel = new Kernel(type.Rank, [type.Element.Operand[view.Maps.Length]], builder.Finish([.. indices, .. parameters], results.ToImmutable()));
        var map = new MapOperation([new MapPiece(Elementwise.DomainOf(type), new KernelUse(kernel, [0], [.. arguments]))], [], [.. new long[type.Rank]]) { Outputs = [type] };
        return node with { Operation = map };
    }
}
