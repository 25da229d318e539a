using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>How ranks walk their parts of a sweep: in tiles between parallel planes, the same for all ranks.</summary>
/// <param name="Normal">The normal of the planes: n·p grows from tile to tile.</param>
/// <param name="Count">Into how many tiles a part of ordinary size falls.</param>
internal sealed record SweepTiles(ImmutableArray<int> Normal, int Count)
{
    /// <summary>More would make plans long and messages short.</summary>
    public const int Most = 64;

    /// <summary>True when what a tile takes of a box is no box.</summary>
    public bool IsSlanted => Normal.Count(n => n != 0) > 1;

    /// <summary>The planes for a domain.</summary>
    public TileCuts Over(ReadOnlySpan<long> low, ReadOnlySpan<long> high, Distribution owner)
    {
        long least = 0;
        // The values of n·p in a part of ordinary size.
        long span = 1;
        for (int axis = 0; axis < Normal.Length; axis++)
        {
            if (high[axis] <= low[axis])
            {
                return new TileCuts(Normal, 0, 1);
            }
            least += Math.Min(Normal[axis] * low[axis], Normal[axis] * (high[axis] - 1));
            long length = Math.Min(high[axis] - low[axis], (owner.Space.Length(axis) + owner.Grid[axis] - 1) / owner.Grid[axis]);
            span += Math.Abs(Normal[axis]) * (length - 1);
        }
        return new TileCuts(Normal, least, (span + Count - 1) / Count);
    }
}

/// <summary>The planes between the tiles of one sweep: tile k holds Origin + k·Width ≤ n·p &lt; Origin + (k + 1)·Width.</summary>
internal readonly record struct TileCuts(ImmutableArray<int> Normal, long Origin, long Width)
{
    /// <summary>For planes that stand on one axis: where, in the order of the axis, a tile begins and the next one does.</summary>
    public (long Low, long High) OnAxis(int axis, long tile)
    {
        Band band = this[tile];
        return Normal[axis] > 0 ? (band.Low, band.High) : (1 - band.High, 1 - band.Low);
    }

    public Band this[long tile] => new(Normal, Origin + tile * Width, Origin + (tile + 1) * Width);

    /// <summary>The tiles that hold places of a box.</summary>
    public (long First, long Last) Of(Box box)
    {
        (long least, long most) = Band.Range(Normal.AsSpan(), box);
        return (Floor.Divide(least - Origin, Width), Floor.Divide(most - Origin, Width));
    }
}
