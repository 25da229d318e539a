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
    public TileCuts Over(Box domain, Distribution owner)
    {
        if (domain.IsEmpty)
        {
            return new TileCuts(Normal, 0, 1);
        }
        (long least, _) = Band.Range(Normal.AsSpan(), domain);
        return new TileCuts(Normal, least, (Span(domain, owner) + Count - 1) / Count);
    }

    /// <summary>The values of n·p in a part of ordinary size.</summary>
    private long Span(Box domain, Distribution owner)
    {
        long span = 1;
        for (int axis = 0; axis < Normal.Length; axis++)
        {
            long length = Math.Min(domain.Length(axis), (owner.Space.Length(axis) + owner.Grid[axis] - 1) / owner.Grid[axis]);
            span += Math.Abs(Normal[axis]) * (length - 1);
        }
        return span;
    }
}

/// <summary>The planes between the tiles of one sweep: tile k holds Origin + k·Width ≤ n·p &lt; Origin + (k + 1)·Width.</summary>
internal readonly record struct TileCuts(ImmutableArray<int> Normal, long Origin, long Width)
{
    public Band this[long tile] => new(Normal, Origin + tile * Width, Origin + (tile + 1) * Width);

    /// <summary>The tiles that hold places of a box.</summary>
    public (long First, long Last) Of(Box box)
    {
        (long least, long most) = Band.Range(Normal.AsSpan(), box);
        return (Floor.Divide(least - Origin, Width), Floor.Divide(most - Origin, Width));
    }
}
