using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>What a node that computes point by point reads, as needs of every rank.</summary>
internal static class KernelNeeds
{
    /// <summary>Adds what a node's kernels read, by input; gives what a sweep over several ranks reads of its own array, where it is written.</summary>
    /// <param name="parts">How the node's work is shared out.</param>
    /// <param name="needs">By input.</param>
    /// <param name="inspected">The inputs, as bits, whose places are found when the plan runs where data decides them.</param>
    public static ImmutableArray<Need> Add(NodeParts parts, List<Need>[] needs, ulong inspected = 0)
    {
        BodyPlan body = parts.Body;
        GraphNode node = body.Region.Nodes[parts.Node];
        if (body.NeedsOf(parts.Node) is not { } formulas)
        {
            return [];
        }
        var self = ImmutableArray.CreateBuilder<Need>();
        foreach (InputNeeds input in formulas.Inputs)
        {
            foreach (NeedFormula access in input.Accesses)
            {
                bool isInspected = input.Input < 64 && (inspected >> input.Input & 1) != 0 && InspectedRead.IsOf(access);
                var need = new AccessNeed(parts, input.Piece, access, isInspected) { Reader = node, Span = access.Span, Columns = ColumnMask.Of(access.Columns) };
                if (!input.IsSelf)
                {
                    (needs[input.Input] ??= []).Add(need);
                }
                else if (parts.Owner.Kind == DistributionKind.Blocks)
                {
                    self.Add(need);
                }
            }
        }
        foreach (KernelUse use in Kernels.UsesOf(node.Operation))
        {
            foreach (KernelArgument argument in use.Arguments)
            {
                if (argument.Kind == ArgumentKind.Input)
                {
                    (needs[argument.Position] ??= []).Add(Scalar(body, node, argument.Position));
                }
            }
        }
        foreach (IterationDomain domain in Kernels.DomainsOf(node.Operation))
        {
            foreach (BoundTerm term in domain.Axes.SelectMany(a => a.Low.Terms.Concat(a.High.Terms)))
            {
                (needs[term.Input] ??= []).Add(Scalar(body, node, term.Input));
            }
        }
        return self.ToImmutable();
    }

    /// <summary>For each output the input whose elements show where nothing is computed; -1 for none.</summary>
    public static int[] StartsFrom(Operation operation) => operation switch
    {
        MapOperation { Bases.Length: > 0 } map => [.. map.Bases],
        ScatterOperation scatter => [scatter.Into],
        SweepOperation sweep => [sweep.Start],
        _ => [.. Enumerable.Repeat(-1, operation.Outputs.Length)],
    };

    private static OwnNeed Scalar(BodyPlan body, GraphNode node, int input) =>
        new(Distribution.Everywhere(body.Region.TypeOf(node.Inputs[input]).Box, body.Ranks)) { Reader = node, Span = node.Span };
}
