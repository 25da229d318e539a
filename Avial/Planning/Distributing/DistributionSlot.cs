using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Distributing;

/// <summary>One decision: values that have one distribution (the outputs of a task, what a loop carries), or how the domain of a reduction over all axes, or of a scatter, is shared out.</summary>
internal sealed class DistributionSlot(int number, Box space, GraphNode? node)
{
    public int Number { get; } = number;

    /// <summary>The indices to share out.</summary>
    public Box Space { get; } = space;

    /// <summary>The task that makes the values; null for parameters.</summary>
    public GraphNode? Node { get; } = node;

    /// <summary>The only distribution there is, or null.</summary>
    public Distribution? Fixed { get; init; }

    /// <summary>True for the domain of a reduction over all axes, whose result every rank gets, and of a scatter.</summary>
    public bool IsIteration { get; init; }

    /// <summary>The axes that may be cut; none: the values are whole, on one rank or on all.</summary>
    public ImmutableArray<bool> MayCut { get; init; } = [];

    /// <summary>What cuts of one axis are multiples of: 64 where floats are summed in leaves of 64, 256 where they are scanned.</summary>
    public long Snap { get; init; } = 1;

    /// <summary>The axis that <see cref="Snap"/> applies to; -1 is the last.</summary>
    public int SnapAxis { get; init; } = -1;

    /// <summary>True when each rank can make any part for itself, without messages (fills, files).</summary>
    public bool IsMadeAnywhere { get; init; }

    /// <summary>True for a sweep whose parts depend on one another: they run at the same time as tiles along an axis that is not cut.</summary>
    public bool IsPipelined { get; init; }

    public bool MayBeBlocks => MayCut.Contains(true) && !Space.IsEmpty;

    /// <summary>Blocks of a grid, with what cuts of this slot must keep to.</summary>
    public Distribution Blocks(ReadOnlySpan<int> grid, int ranks, RankWeights? weights)
    {
        var snaps = new long[Space.Rank];
        Array.Fill(snaps, 1);
        snaps[SnapAxis < 0 ? ^1 : SnapAxis] = Snap;
        return Distribution.Blocks(Space, grid, ranks, snaps, weights);
    }

    /// <summary>True when a grid cuts only axes that may be cut.</summary>
    public bool Allows(ReadOnlySpan<int> grid)
    {
        for (int axis = 0; axis < grid.Length; axis++)
        {
            if (grid[axis] > 1 && !MayCut[axis])
            {
                return false;
            }
        }
        return true;
    }
}
