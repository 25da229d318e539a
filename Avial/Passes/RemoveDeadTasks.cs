using Avial.Graph;

namespace Avial.Passes;

/// <summary>
/// Drops tasks whose results nobody needs: results of the region and effects keep what they read. Why: a recorded task costs nothing until used.
/// <code>a = map …; b = map …; return a  →  a = map …; return a</code>
/// </summary>
internal static class RemoveDeadTasks
{
    public static Region Apply(Region region) => RegionEdit.Prune(region, region.Nodes, static value => value);
}
