using System.Collections.Immutable;
using System.Globalization;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;

namespace Avial.Planning.Plans;

/// <summary>
/// Gives reads that go different ways through an array in blocks operands of their own, so that each is brought for itself: one window around
/// <code>a[i, j] - a[i, k] * a[k, j]</code>
/// would hold most of the array, where a part of a column and one of a row beside the own part are enough. Reads a constant way off stay together.
/// </summary>
internal static class SplitOperands
{
    // More ways than these through one array are hardly told apart.
    private const int MostWays = 6;

    // Constant places nearer than this share a window.
    private const int Near = 8;

    /// <summary>The region with its reads split, its loops' bodies too.</summary>
    public static Region Apply(Region region, DistributionMap map)
    {
        GraphNode[] nodes = [.. region.Nodes];
        bool isSplit = false;
        for (int n = 0; n < nodes.Length; n++)
        {
            nodes[n] = nodes[n].Operation is LoopOperation loop && Apply(loop.Body, map.Bodies[n]!) is { } body
                ? ReferenceEquals(body, loop.Body) ? nodes[n] : nodes[n] with { Operation = loop with { Body = body } }
                : Split(nodes[n], map);
            isSplit |= !ReferenceEquals(nodes[n], region.Nodes[n]);
        }
        return isSplit ? new Region(region.Parameters, [.. nodes], region.Results) : region;
    }

    private static GraphNode Split(GraphNode node, DistributionMap map)
    {
        ImmutableArray<KernelUse> uses = Kernels.UsesOf(node.Operation);
        if (uses.IsEmpty || !node.Inputs.Any(i => map.Of(i).Kind == DistributionKind.Blocks))
        {
            return node;
        }
        var whole = new HashSet<int>(InputPositions.Whole(node.Operation, node.Inputs.Length));
        var inputs = new List<GraphValue>(node.Inputs);
        var positions = new Dictionary<(int Input, string Way), int>();
        KernelUse[] split = [.. uses];
        for (int use = 0; use < split.Length; use++)
        {
            for (int operand = FusedNode.IsSelf(node.Operation, 0) ? 1 : 0; operand < uses[use].Operands.Length; operand++)
            {
                int input = uses[use].Operands[operand];
                if (map.Of(node.Inputs[input]).Kind == DistributionKind.Blocks)
                {
                    split[use] = Split(split[use], operand, whole.Contains(input), (way) => PositionOf(input, way));
                }
            }
        }
        return inputs.Count == node.Inputs.Length ? node : node with { Operation = Kernels.WithUses(node.Operation, [.. split]), Inputs = [.. inputs] };

        // Pieces that go the same way share what is brought.
        int PositionOf(int input, string way)
        {
            if (!positions.TryGetValue((input, way), out int position))
            {
                position = inputs.Count;
                inputs.Add(node.Inputs[input]);
                positions.Add((input, way), position);
            }
            return position;
        }
    }

    /// <param name="use">The kernel.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="isWhole">True when the array is more than read here: it shows where nothing is computed.</param>
    /// <param name="positionOf">The input for reads that go another way than those that stay.</param>
    private static KernelUse Split(KernelUse use, int operand, bool isWhole, Func<string, int> positionOf)
    {
        KernelStructure structure = KernelStructure.Of(use.Kernel);
        var ways = new Dictionary<LoadInstruction, string>(ReferenceEqualityComparer.Instance);
        foreach (LoadSite site in structure.Loads)
        {
            if (site.Access.Operand != operand)
            {
                continue;
            }
            // What is read through data is inspected, or brought whole: with all else.
            if (site.Access.Indices.Any(index => index.Terms.Any(t => structure[t.Atom].Kind is DefinitionKind.Result or DefinitionKind.Carried)))
            {
                return use;
            }
            ways[site.Load] = WayOf(structure, site.Access);
        }
        string own = string.Join(", ", Enumerable.Range(0, use.Kernel.Operands[operand].Rank).Select(axis => $"1 i{axis}"));
        string[] all = [.. ways.Values.Distinct().Order(StringComparer.Ordinal)];
        string? stays = all.Contains(own) ? own : isWhole ? null : all.FirstOrDefault();
        if (all.Length > MostWays || all.All(way => way == stays))
        {
            return use;
        }
        var operands = use.Kernel.Operands.ToBuilder();
        var inputs = use.Operands.ToBuilder();
        var numbers = new Dictionary<string, int>();
        foreach (string way in all)
        {
            if (way != stays)
            {
                numbers.Add(way, operands.Count);
                operands.Add(use.Kernel.Operands[operand]);
                inputs.Add(positionOf(way));
            }
        }
        Kernel kernel = KernelRewriter.WithOperands(use.Kernel, load => ways.TryGetValue(load, out string? way) && numbers.TryGetValue(way, out int number) ? number : load.Access.Operand);
        return use with { Kernel = kernel with { Operands = operands.ToImmutable(), Identity = 0 }, Operands = inputs.ToImmutable() };
    }

    /// <summary>What the indices of a read depend on, axis by axis, without constants; where an axis depends on nothing, roughly where it is.</summary>
    private static string WayOf(KernelStructure structure, Access access) => string.Join(", ", access.Indices.Select(index => index.Terms.IsEmpty
        ? string.Create(CultureInfo.InvariantCulture, $"at {index.Constant / Near}")
        : string.Join(" + ", index.Terms.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Coefficient} {NameOf(structure[t.Atom])}")).Order(StringComparer.Ordinal))));

    private static string NameOf(Definition atom) => atom.Kind switch
    {
        DefinitionKind.Index => string.Create(CultureInfo.InvariantCulture, $"i{atom.Number}"),
        DefinitionKind.Parameter => string.Create(CultureInfo.InvariantCulture, $"p{atom.Number}"),
        _ => "k",
    };
}
