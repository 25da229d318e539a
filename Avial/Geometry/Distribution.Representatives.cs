using System.Collections.Immutable;

namespace Avial.Geometry;

internal sealed partial class Distribution
{
    /// <summary>
    /// Ranks that stand for all, ascending: every combination of the first, a middle and the last part that is not empty along each axis
    /// and one of each class of weights, one rank of each class of weights, and one that owns nothing, where there is one. Of many classes
    /// some are taken, the lightest and the heaviest among them, so that there are at most thousands of ranks however many there are.
    /// </summary>
    public ImmutableArray<RankId> Representatives()
    {
        var chosen = new SortedSet<int>();
        switch (Kind)
        {
            case DistributionKind.Everywhere:
                chosen.Add(0);
                break;
            case DistributionKind.OnOne:
                chosen.Add(Root.Value);
                AddIfRank(chosen, Root.Value == 0 ? 1 : 0);
                break;
            default:
                AddBlocks(chosen);
                break;
        }
        return [.. chosen.Select(r => new RankId(r))];
    }

    private void AddBlocks(SortedSet<int> chosen)
    {
        AddIfRank(chosen, Cells);
        if (Space.IsEmpty)
        {
            chosen.Add(0);
            return;
        }
        IEnumerable<int> places = [0];
        for (int axis = 0; axis < Axes.Length; axis++)
        {
            int parts = Grid[axis];
            SortedSet<int> along = Typical(Axes[axis]);
            places = [.. places.SelectMany(p => along.Select(k => p * parts + k))];
        }
        chosen.UnionWith(places);
        foreach (int run in RunsOfClasses(Weights, 64))
        {
            if (Weights!.FirstOf(run) < Cells)
            {
                chosen.Add(Weights.FirstOf(run));
            }
        }
    }

    private static SortedSet<int> Typical(AxisCut cut)
    {
        int first = cut.PartOf(cut.Low);
        int last = cut.PartOf(cut.High - 1);
        var along = new SortedSet<int> { first, last, Filled(cut, first + (last - first) / 2) };
        foreach (int run in RunsOfClasses(cut.Weights, 4))
        {
            int middle = cut.Weights!.FirstOf(run) + cut.Weights.Runs[run].Count / 2;
            along.Add(cut.Weights.Runs[run].Weight == 0 ? middle : Filled(cut, middle));
        }
        if (cut.NonEmpty(0, cut.Parts) < cut.Parts)
        {
            along.Add(AnEmpty(cut));
        }
        return along;
    }

    // The first run of each weight; of more than the limit, spread evenly from the lightest to the heaviest.
    private static int[] RunsOfClasses(RankWeights? weights, int limit)
    {
        if (weights is null)
        {
            return [];
        }
        int[] runs = [.. Enumerable.Range(0, weights.Runs.Length).DistinctBy(r => weights.Runs[r].Weight).OrderBy(r => weights.Runs[r].Weight)];
        return runs.Length <= limit ? runs : [.. Enumerable.Range(0, limit).Select(i => runs[(long)i * (runs.Length - 1) / (limit - 1)])];
    }

    // The part itself, or the next one that is not empty, or the last such.
    private static int Filled(AxisCut cut, int part) => cut.PartOf(Math.Min(cut.Boundary(part), cut.High - 1));

    private static int AnEmpty(AxisCut cut)
    {
        int low = 0;
        int high = cut.Parts;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = cut.NonEmpty(low, middle) < middle - low ? (low, middle) : (middle, high);
        }
        return low;
    }

    private void AddIfRank(SortedSet<int> chosen, int rank)
    {
        if (rank < Ranks)
        {
            chosen.Add(rank);
        }
    }
}
