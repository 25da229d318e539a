using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>How the parts of a sweep follow one another: as a pipeline of tiles, or one by one and why.</summary>
internal static class SweepText
{
    private const int MostDependences = 6;

    public static IEnumerable<string> Lines(BodyPlan body, PlannedSweep sweep, ExchangeTraffic traffic, MachineModel machine)
    {
        NodeParts parts = body.PartsOf(sweep.Node);
        Distribution owner = parts.Owner;
        SweepCuts cuts = SweepCuts.Of(body.Region, body.Region.Nodes[sweep.Node]);
        ImmutableArray<int>? normal = cuts.NormalFor(owner.Grid.AsSpan(), owner.Space, out string? reason);
        if (sweep.Tiles is { } tiles)
        {
            SweepPipeline pipeline = CostTiles.PipelineOf(parts, tiles.Normal, machine);
            string messages = traffic.Messages == 0 ? "" : $"; {traffic.Messages} message{(traffic.Messages == 1 ? "" : "s")}, {Throw.Bytes(traffic.Bytes)} a rank";
            yield return $"pipeline: {tiles.Count} tiles a part, {Planes(tiles.Normal)}{messages}";
            yield return $"  predicted {MachineModel.Time(pipeline.Time(tiles.Count))}; part after part: {MachineModel.Time(pipeline.Time(1))}";
        }
        else
        {
            string messages = traffic.Messages == 0 ? "no message" : $"{traffic.Messages} message{(traffic.Messages == 1 ? "" : "s")}, {Throw.Bytes(traffic.Bytes)} a rank";
            yield return $"part after part: {messages}; {reason ?? (normal is null ? "" : "more tiles would cost more than they gain")}";
        }
        if (!cuts.Dependences.IsEmpty)
        {
            yield return $"  dependences: {string.Join(", ", cuts.Dependences.Take(MostDependences))}{(cuts.Dependences.Length > MostDependences ? $" and {cuts.Dependences.Length - MostDependences} more" : "")}";
        }
    }

    private static string Planes(ImmutableArray<int> normal)
    {
        int[] axes = [.. Enumerable.Range(0, normal.Length).Where(a => normal[a] != 0)];
        return axes.Length == 1 ? $"cut along axis {axes[0]}" : $"cut along ({string.Join(", ", normal)})";
    }
}
