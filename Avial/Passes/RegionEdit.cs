using System.Collections.Immutable;
using Avial.Graph;

namespace Avial.Passes;

/// <summary>Rewrites of whole regions that passes share.</summary>
internal static class RegionEdit
{
    /// <summary>The region with some nodes gone: every use of a value is first sent to its replacement, and what nobody then needs is dropped.</summary>
    /// <param name="region">The region.</param>
    /// <param name="nodes">Its nodes, possibly rebuilt.</param>
    /// <param name="replace">Where uses of a value go instead.</param>
    public static Region Prune(Region region, ImmutableArray<GraphNode> nodes, Func<GraphValue, GraphValue> replace)
    {
        var isNeeded = new bool[nodes.Length];
        var pending = new Stack<int>();
        foreach (GraphValue result in region.Results)
        {
            Need(replace(result));
        }
        for (int n = 0; n < nodes.Length; n++)
        {
            if (HasEffect(nodes[n].Operation))
            {
                Need(new GraphValue(n, 0));
            }
        }
        while (pending.TryPop(out int needed))
        {
            foreach (GraphValue input in nodes[needed].Inputs)
            {
                Need(replace(input));
            }
        }

        var position = new int[nodes.Length];
        var kept = ImmutableArray.CreateBuilder<GraphNode>();
        for (int n = 0; n < nodes.Length; n++)
        {
            if (isNeeded[n])
            {
                position[n] = kept.Count;
                kept.Add(nodes[n] with { Inputs = [.. nodes[n].Inputs.Select(Renumber)] });
            }
        }
        return new Region(region.Parameters, kept.ToImmutable(), [.. region.Results.Select(Renumber)]);

        void Need(GraphValue value)
        {
            if (!value.IsParameter && !isNeeded[value.Node])
            {
                isNeeded[value.Node] = true;
                pending.Push(value.Node);
            }
        }

        GraphValue Renumber(GraphValue value)
        {
            GraphValue target = replace(value);
            return target.IsParameter ? target : target with { Node = position[target.Node] };
        }
    }

    /// <summary>True when the body of some loop has a call.</summary>
    public static bool HasCallsInLoops(Region region) => region.Nodes.Any(n => n.Operation is LoopOperation loop
        && (loop.Body.Nodes.Any(inner => inner.Operation is CallOperation) || HasCallsInLoops(loop.Body)));

    /// <summary>True for what runs even when nobody needs its result.</summary>
    public static bool HasEffect(Operation operation) => operation switch
    {
        CallOperation call => call.IsEffect,
        LoopOperation loop => loop.Body.Nodes.Any(n => HasEffect(n.Operation)),
        _ => false,
    };
}
