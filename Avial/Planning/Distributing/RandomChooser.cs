using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>Decides by a seed, to try plans that no cost model would choose.</summary>
internal sealed class RandomChooser(int seed) : IDistributionChooser
{
    public ITileChooser Tiles { get; } = new RandomTiles(seed);

    public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks)
    {
        var random = new Random(seed);
        DistributionSlots slots = DistributionSlots.Of(region, sources, ranks);
        var chosen = slots.Slots.Select(slot => slot.Fixed ?? Choose(slot, ranks, random)).ToArray();
        return InspectionChoice.Decide(region, slots.ToMap(slot => chosen[slot.Number]), _ => random.Next(4) > 0);
    }

    private static Distribution Choose(DistributionSlot slot, int ranks, Random random)
    {
        int kind = random.Next(8);
        if (kind == 0)
        {
            return Distribution.Everywhere(slot.Space, ranks);
        }
        if (kind == 1 || !slot.MayBeBlocks)
        {
            return Distribution.OnOne(slot.Space, new RankId(random.Next(ranks)), ranks);
        }
        int used = random.Next(4) == 0 ? random.Next(1, ranks + 1) : ranks;
        ImmutableArray<ImmutableArray<int>> grids = [.. Factorisations.Of(used, slot.Space.Rank).Where(g => slot.Allows(g.AsSpan()))];
        RankWeights? weights = random.Next(4) == 0 ? RankWeights.OfEach([.. Enumerable.Range(0, ranks).Select(_ => (long)random.Next(1, 5))]) : null;
        return grids.IsEmpty ? Distribution.OnOne(slot.Space, new RankId(0), ranks) : slot.Blocks([.. grids[random.Next(grids.Length)]], ranks, weights);
    }
}
