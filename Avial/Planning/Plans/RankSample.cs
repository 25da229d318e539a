using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>
/// A few ranks by which distributions are judged: the first, a middle and the last part of each, the last along each axis alone (on the diagonal of a square grid a transpose
/// moves nothing), and the lightest and the heaviest rank.
/// </summary>
internal static class RankSample
{
    /// <summary>Adds those of a distribution that are not there yet.</summary>
    public static void Add(Distribution distribution, List<int> ranks)
    {
        switch (distribution.Kind)
        {
            case DistributionKind.Everywhere:
                Add(0, ranks);
                Add(distribution.Ranks - 1, ranks);
                break;
            case DistributionKind.OnOne:
                Add(distribution.Root.Value, ranks);
                break;
            default:
                AddBlocks(distribution, ranks);
                break;
        }
    }

    /// <summary>The slowest rank.</summary>
    public static int Lightest(RankWeights weights)
    {
        int lightest = 0;
        for (int run = 1; run < weights.Runs.Length; run++)
        {
            lightest = weights.Runs[run].Weight < weights.Runs[lightest].Weight ? run : lightest;
        }
        return weights.FirstOf(lightest);
    }

    private static void AddBlocks(Distribution distribution, List<int> ranks)
    {
        int middle = 0;
        for (int axis = 0; axis < distribution.Grid.Length; axis++)
        {
            middle = middle * distribution.Grid[axis] + distribution.Grid[axis] / 2;
        }
        for (int axis = 0, inner = distribution.Cells; axis < distribution.Grid.Length; axis++)
        {
            inner /= distribution.Grid[axis];
            Add((distribution.Grid[axis] - 1) * inner, ranks);
        }
        Add(0, ranks);
        Add(middle, ranks);
        Add(distribution.Cells - 1, ranks);
        if (distribution.Weights is not { } weights)
        {
            return;
        }
        int heaviest = 0;
        for (int run = 1; run < weights.Runs.Length; run++)
        {
            heaviest = weights.Runs[run].Weight > weights.Runs[heaviest].Weight ? run : heaviest;
        }
        Add(Math.Min(distribution.Cells - 1, Lightest(weights)), ranks);
        Add(Math.Min(distribution.Cells - 1, weights.FirstOf(heaviest)), ranks);
    }

    private static void Add(int rank, List<int> ranks)
    {
        if (!ranks.Contains(rank))
        {
            ranks.Add(rank);
        }
    }
}
