using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>
/// Cuts every array that may be cut into blocks as cubic as its shape allows, and finds the places of reads that data decides; looks at nothing else.
/// </summary>
internal sealed class ShapeChooser : IDistributionChooser
{
    public ITileChooser Tiles { get; init; } = new FixedTiles(4);

    public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) =>
        InspectionChoice.Decide(region, DistributionSlots.Of(region, sources, ranks).ToMap(slot => Choose(slot, ranks)), static _ => true);

    private static Distribution Choose(DistributionSlot slot, int ranks)
    {
        if (slot.IsMadeAnywhere)
        {
            return Distribution.Everywhere(slot.Space, ranks);
        }
        if (!slot.MayBeBlocks)
        {
            return Distribution.OnOne(slot.Space, new RankId(0), ranks);
        }
        int[]? best = null;
        double least = double.PositiveInfinity;
        foreach (ImmutableArray<int> grid in Factorisations.Of(ranks, slot.Space.Rank))
        {
            double surface = Surface(slot, grid);
            if (slot.Allows(grid.AsSpan()) && surface < least && !LeavesOut(slot, grid))
            {
                (best, least) = ([.. grid], surface);
            }
        }
        return best is null ? Distribution.OnOne(slot.Space, new RankId(0), ranks) : slot.Blocks(best, ranks, null);
    }

    /// <summary>True when some rank would get no part of lines that are scanned, which are cut between leaves only, or no tiles of a sweep are left.</summary>
    public static bool LeavesOut(DistributionSlot slot, ImmutableArray<int> grid) =>
        slot.IsPipelined && !grid.Contains(1) || slot.SnapAxis >= 0 && grid[slot.SnapAxis] > Math.Max(1, slot.Space.Length(slot.SnapAxis) / slot.Snap);

    /// <summary>The elements of the faces of an inner block.</summary>
    public static double Surface(DistributionSlot slot, ImmutableArray<int> grid)
    {
        double surface = 0;
        for (int axis = 0; axis < grid.Length; axis++)
        {
            double face = Math.Min(grid[axis] - 1, 2);
            for (int other = 0; other < grid.Length; other++)
            {
                face *= other == axis ? 1 : Math.Ceiling((double)slot.Space.Length(other) / grid[other]);
            }
            surface += face;
        }
        return surface;
    }
}
