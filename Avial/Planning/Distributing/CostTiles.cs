using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>As many tiles as balance the time until all ranks work against what messages cost.</summary>
/// <param name="machine">The machine, the same on all ranks.</param>
internal sealed class CostTiles(Func<MachineModel> machine) : ITileChooser
{
    public int Count(NodeParts parts, ImmutableArray<int> normal)
    {
        MachineModel model = machine();
        return PipelineOf(parts, normal, model.Ranks == parts.Owner.Ranks ? model : model with { Ranks = parts.Owner.Ranks }).BestTiles(MostTiles(parts, normal));
    }

    /// <summary>What a sweep costs as a pipeline; loops are taken to be in the middle of their steps.</summary>
    public static SweepPipeline PipelineOf(NodeParts parts, ImmutableArray<int> normal, MachineModel machine) =>
        SweepPipeline.Of(parts, normal, new PointWork(parts.Body, parts.Node, machine), new SymbolScope([], null, null), machine);

    /// <summary>More tiles than a part has places along the normal would be empty.</summary>
    public static int MostTiles(NodeParts parts, ImmutableArray<int> normal)
    {
        Box part = parts.Owner.Own(new RankId(0));
        if (part.IsEmpty)
        {
            return 1;
        }
        (long least, long most) = Band.Range(normal.AsSpan(), part);
        return (int)Math.Min(SweepTiles.Most, most - least + 1);
    }
}
