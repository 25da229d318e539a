using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>Decides how the values of a program are distributed. Any decision that keeps to the slots gives a correct plan; this is about speed alone. Deterministic.</summary>
internal interface IDistributionChooser
{
    DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks);

    /// <summary>Decides in how many tiles sweeps run: in one unless a chooser knows better.</summary>
    ITileChooser Tiles => FixedTiles.One;
}
