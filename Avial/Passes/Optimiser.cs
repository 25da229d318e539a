using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Passes;

/// <summary>The table of contents of the graph's optimisation: each pass takes a region and gives a region with the same results, bit for bit.</summary>
internal static class Optimiser
{
    private static readonly (string Name, Func<Region, bool, Region> Apply)[] s_passes =
    [
        ("place tasks", static (region, _) => PlaceTasks.Apply(region)),
        ("restrict to demand", static (region, _) => RestrictToDemand.Apply(region)),
        ("merge common tasks", static (region, _) => MergeCommonTasks.Apply(region)),
        ("remove dead tasks", static (region, _) => RemoveDeadTasks.Apply(region)),
        ("fold views", static (region, _) => FoldViews.Apply(region)),
        ("fuse producers", FuseProducers.Apply),
    ];

    /// <summary>The passes that every plan needs even when tasks must stay apart, so that a trap can be named.</summary>
    private static readonly (string Name, Func<Region, bool, Region> Apply)[] s_unfused =
    [
        ("place tasks", static (region, _) => PlaceTasks.Apply(region)),
        ("restrict to demand", static (region, _) => RestrictToDemand.Apply(region)),
        ("remove dead tasks", static (region, _) => RemoveDeadTasks.Apply(region)),
        ("fold views", static (region, _) => FoldViews.Apply(region)),
        ("separate elements", static (region, _) => SeparateElements.Apply(region)),
    ];

    public static Region Optimise(Region region, bool isFusing, Action<string, Region>? observe) => Optimise(region, isFusing, !RegionEdit.HasCallsInLoops(region), observe);

    private static Region Optimise(Region region, bool isFusing, bool fusesTraps, Action<string, Region>? observe)
    {
        foreach ((string name, Func<Region, bool, Region> apply) in isFusing ? s_passes : s_unfused)
        {
            region = apply(region, fusesTraps);
            observe?.Invoke(name, region);
        }
        if (!region.Nodes.Any(n => n.Operation is LoopOperation))
        {
            return region;
        }
        return region with
        {
            Nodes = [.. region.Nodes.Select(n => n.Operation is LoopOperation loop
            ? n with { Operation = loop with { Body = Optimise(loop.Body, isFusing, fusesTraps, observe) } }
            : n)]
        };
    }
}
