using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Inspecting;

/// <summary>Decides, once values are distributed, which reads at places that data decides are worth to be found before.</summary>
internal static class InspectionChoice
{
    /// <summary>A read that an inspection is possible for.</summary>
    /// <param name="Region">The region of the reader.</param>
    /// <param name="Node">The reader.</param>
    /// <param name="Read">What it reads.</param>
    /// <param name="Owner">How the value is distributed.</param>
    /// <param name="Reader">How the reader's work is shared out.</param>
    /// <param name="IsInLoop">True in a loop's body.</param>
    /// <param name="IsKept">True when nothing that decides changes from step to step, or, outside loops, when it is all given to the program.</param>
    internal readonly record struct Candidate(Region Region, int Node, InspectedRead Read, Distribution Owner, Distribution Reader, bool IsInLoop, bool IsKept)
    {
        public ArrayType Type => Region.TypeOf(Region.Nodes[Node].Inputs[Read.Input]);
    }

    /// <summary>The map with what is decided, in loops' bodies too. <paramref name="carried"/>: for a loop's body how many values go round; else -1.</summary>
    public static DistributionMap Decide(Region region, DistributionMap map, Func<Candidate, bool> pays, int carried = -1)
    {
        var inspected = new ulong[region.Nodes.Length];
        var bodies = new DistributionMap?[region.Nodes.Length];
        bool isAny = false;
        for (int n = 0; n < inspected.Length; n++)
        {
            bodies[n] = map.Bodies[n];
            if (region.Nodes[n].Operation is LoopOperation loop)
            {
                bodies[n] = Decide(loop.Body, map.Bodies[n]!, pays, loop.Carried);
                isAny |= !ReferenceEquals(bodies[n], map.Bodies[n]);
                continue;
            }
            foreach (Candidate candidate in Candidates(region, n, map, carried))
            {
                inspected[n] |= pays(candidate) ? 1UL << candidate.Read.Input : 0;
            }
            isAny |= inspected[n] != 0;
        }
        return isAny ? map with { Bodies = [.. bodies], Inspected = [.. inspected] } : map;
    }

    /// <summary>An input of a node of a plan; null when no inspection is possible for it.</summary>
    public static Candidate? CandidateOf(BodyPlan body, int node, int input, Distribution owner)
    {
        int carried = body.LoopNode?.Operation is LoopOperation loop ? loop.Carried : -1;
        return InspectedReads.Of(body.Region, node).Inputs.FirstOrDefault(read => read.Input == input) is not { } read ? null
            : new Candidate(body.Region, node, read, owner, body.PartsOf(node).Owner, carried >= 0, IsKept(body.Region.Nodes[node], read, carried));
    }

    /// <summary>True when nothing that decides is computed in the body.</summary>
    public static bool IsKept(GraphNode node, InspectedRead read, int carried) =>
        read.Operands.All(operand => node.Inputs[operand] is { IsParameter: true, Output: int parameter } && parameter > carried);

    private static IEnumerable<Candidate> Candidates(Region region, int n, DistributionMap map, int carried)
    {
        GraphNode node = region.Nodes[n];
        if (node.Operation.Outputs.IsEmpty || Passes.Kernels.UsesOf(node.Operation).IsEmpty)
        {
            yield break;
        }
        Distribution reader = map.Iterations[n] ?? map.Outputs[n][0];
        if (reader.Kind != DistributionKind.Blocks || !node.Inputs.Any(input => map.Of(input).Kind == DistributionKind.Blocks))
        {
            yield break;
        }
        foreach (InspectedRead read in InspectedReads.Of(region, n).Inputs)
        {
            Distribution owner = map.Of(node.Inputs[read.Input]);
            if (read.Input < 64 && owner.Kind == DistributionKind.Blocks)
            {
                yield return new Candidate(region, n, read, owner, reader, carried >= 0, IsKept(node, read, carried));
            }
        }
    }
}
