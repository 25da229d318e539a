using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Passes;

/// <summary>The table of contents of the graph's optimisation: each pass takes a region and gives a region with the same results, bit for bit.</summary>
internal static class Optimiser
{
    private static readonly (string Name, Func<Region, Region> Apply)[] s_passes =
    [
        ("place tasks", PlaceTasks.Apply),
        ("restrict to demand", RestrictToDemand.Apply),
        ("merge common tasks", MergeCommonTasks.Apply),
        ("remove dead tasks", RemoveDeadTasks.Apply),
        ("fold views", FoldViews.Apply),
        ("fuse producers", FuseProducers.Apply),
    ];

    /// <summary>The passes that every plan needs even when tasks must stay apart, so that a trap can be named.</summary>
    private static readonly (string Name, Func<Region, Region> Apply)[] s_unfused =
    [
        ("place tasks", PlaceTasks.Apply),
        ("restrict to demand", RestrictToDemand.Apply),
        ("remove dead tasks", RemoveDeadTasks.Apply),
        ("fold views", FoldViews.Apply),
    ];

    public static Region Optimise(Region region, bool isFusing, Action<string, Region>? observe)
    {
        foreach ((string name, Func<Region, Region> apply) in isFusing ? s_passes : s_unfused)
        {
            region = apply(region);
            observe?.Invoke(name, region);
        }
        if (!region.Nodes.Any(n => n.Operation is LoopOperation))
        {
            return region;
        }
        return region with
        {
            Nodes = [.. region.Nodes.Select(n => n.Operation is LoopOperation loop
            ? n with { Operation = loop with { Body = Optimise(loop.Body, isFusing, observe) } }
            : n)]
        };
    }
}
