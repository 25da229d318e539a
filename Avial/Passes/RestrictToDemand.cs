using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
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
        GraphNode[] nodes = [.. region.Nodes];
        bool isChanged = false;
        for (int n = 0; n < nodes.Length; n++)
        {
            if (nodes[n].Operation is MapOperation map && demand.IsLive(n) && map.Pieces.All(p => p.Domain.IsConstant))
            {
                MapOperation shrunk = Shrink(map, NeededOf(demand.Outputs[n]));
                isChanged |= !ReferenceEquals(shrunk, map);
                nodes[n] = nodes[n] with { Operation = shrunk };
            }
        }
        return isChanged ? region with { Nodes = [.. nodes] } : region;
    }

    /// <summary>What is computed of a task with several results is the hull of what is needed of each.</summary>
    private static Box NeededOf(ImmutableArray<Box?> outputs) => outputs.Where(o => o is not null).Select(o => o!.Value).Aggregate((a, b) => a.Hull(b));

    private static MapOperation Shrink(MapOperation map, Box needed)
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
