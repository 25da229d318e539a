using Avial.Graph;

namespace Avial.Passes;

/// <summary>
/// Gives every task that leaves the choice open a kind of device. With processors alone there is nothing to weigh: they get the CPU, so that they can be fused
/// with tasks that name it.
/// <code>map … on auto  →  map … on cpu</code>
/// </summary>
internal static class PlaceTasks
{
    public static Region Apply(Region region) => region.Nodes.All(n => n.Target != Targets.Auto) ? region
        : region with { Nodes = [.. region.Nodes.Select(n => n.Target == Targets.Auto ? n with { Target = Targets.Cpu } : n)] };
}
