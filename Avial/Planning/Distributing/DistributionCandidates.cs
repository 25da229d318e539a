using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Distributing;

/// <summary>A distribution that may be chosen. Slots of one number of axes whose candidates have the same form are cut alike.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Form">Its grid, as text, and what its cuts are multiples of; <c>one</c> and <c>everywhere</c> for the others.</param>
internal readonly record struct DistributionCandidate(Distribution Distribution, string Form);

/// <summary>
/// The distributions that are worth comparing for a slot: a few dozen, however many ranks and grids there are. They come in levels: 0 where as many ranks are used as can be; the
/// higher, the fewer; on the last, two. Those of a level are made when it is asked for, as most searches never come to most levels.
/// </summary>
internal sealed class DistributionCandidates
{
    public const string One = "one";
    public const string All = "everywhere";

    // Of the grids that cut as many axes as they can; of those that cut fewer, the best alone, and all slabs. So there are no more on many ranks than on a few.
    private const int BestOfMostCuts = 2;

    // Leaves of sums have 64 elements; where parts are this long, whole leaves balance well enough.
    private const long Leaf = 64;
    private const long LeastLengthInLeaves = 4 * Leaf;

    private readonly DistributionSlot _slot;
    private readonly int _ranks;
    private readonly RankWeights? _weights;
    private readonly bool _isSummed;

    // The ranks that each level uses, from 1 on.
    private readonly List<int> _used = [];

    /// <param name="slot">The slot.</param>
    /// <param name="ranks">All ranks.</param>
    /// <param name="weights">Their speeds; null when they are equal.</param>
    /// <param name="isSummed">True when a reduction reads the values: cuts between its leaves save messages.</param>
    public DistributionCandidates(DistributionSlot slot, int ranks, RankWeights? weights, bool isSummed)
    {
        (_slot, _ranks, _weights, _isSummed) = (slot, ranks, weights, isSummed);
        if (!slot.MayBeBlocks || Math.Min(ranks, slot.Space.Count) <= 2)
        {
            return;
        }
        for (int used = ranks; used > 3;)
        {
            used /= used > 16 ? 4 : 2;
            _used.Add(used);
        }
        if (!_used.Contains(2))
        {
            _used.Add(2);
        }
    }

    /// <summary>The number of the last level.</summary>
    public int Last => _used.Count;

    /// <summary>The level beyond 0 of the grids with so many parts; 0 when there is none.</summary>
    public int LevelOf(int parts) => _used.IndexOf(parts) + 1;

    /// <summary>Those of a level: of the first, on one rank, on all, then blocks, those with the smallest faces first.</summary>
    public List<DistributionCandidate> At(int level)
    {
        var candidates = new List<DistributionCandidate>();
        if (level == 0)
        {
            candidates.Add(new(Distribution.OnOne(_slot.Space, new RankId(0), _ranks), One));
            candidates.Add(new(Distribution.Everywhere(_slot.Space, _ranks), All));
        }
        if (!_slot.MayBeBlocks)
        {
            return candidates;
        }
        foreach (ImmutableArray<int> grid in level == 0 ? GridsOfMost() : GridsOf(_used[level - 1]))
        {
            string form = string.Join('×', grid);
            candidates.Add(new(_slot.Blocks(grid.AsSpan(), _ranks, _weights), form));
            if (_isSummed && _slot.Snap == 1 && grid[^1] > 1 && _slot.Space.Length(grid.Length - 1) / grid[^1] >= LeastLengthInLeaves)
            {
                candidates.Add(new(InLeaves(grid), $"{form} in leaves"));
            }
        }
        return candidates;
    }

    /// <summary>True when an iteration space may be shared out as an array that is read is: sums then find whole leaves of 64.</summary>
    public static bool MayFollow(DistributionSlot iteration, Distribution read)
    {
        if (!iteration.IsIteration || read.Space.Rank != iteration.Space.Rank || !read.Space.Contains(iteration.Space))
        {
            return false;
        }
        if (read.Kind != DistributionKind.Blocks)
        {
            return true;
        }
        AxisCut last = read.Axes[^1];
        return last.Parts == 1 || last.Snap % iteration.Snap == 0
            || last.Weights is null && last.Low % iteration.Snap == 0 && (last.High - last.Low) % (last.Parts * iteration.Snap) == 0;
    }

    private Distribution InLeaves(ImmutableArray<int> grid)
    {
        var snaps = new long[grid.Length];
        Array.Fill(snaps, 1);
        snaps[^1] = Leaf;
        return Distribution.Blocks(_slot.Space, grid.AsSpan(), _ranks, snaps, _weights);
    }

    private List<ImmutableArray<int>> GridsOfMost()
    {
        var grids = new List<ImmutableArray<int>>();
        AddBest(_ranks, BestOfMostCuts, areSlabsAll: true, grids);
        long elements = _slot.Space.Count;
        if (elements < _ranks)
        {
            AddBest((int)elements, 1, areSlabsAll: true, grids);
        }
        if (_ranks > 3 && Factorisations.IsPrime(_ranks))
        {
            AddBest(_ranks - 1, 1, areSlabsAll: true, grids); // a prime number forms slabs only; one less, blocks
        }
        return grids;
    }

    // Those that the first level has are no others.
    private List<ImmutableArray<int>> GridsOf(int used)
    {
        var grids = new List<ImmutableArray<int>>();
        if (used < _slot.Space.Count)
        {
            AddBest(used, 1, areSlabsAll: false, grids);
        }
        return grids;
    }

    // The best surfaces of each number of axes that are cut, of the largest number several; slabs along every axis where they are asked for.
    private void AddBest(int used, int most, bool areSlabsAll, List<ImmutableArray<int>> grids)
    {
        if (used < 2)
        {
            return;
        }
        var best = new List<(double Surface, int Cuts, ImmutableArray<int> Grid)>();
        int mostCuts = 0;
        foreach (ImmutableArray<int> grid in Factorisations.Of(used, _slot.Space.Rank))
        {
            if (!_slot.Allows(grid.AsSpan()) || !Fits(_slot.Space, grid) || ShapeChooser.LeavesOut(_slot, grid))
            {
                continue;
            }
            int cuts = Cuts(grid);
            mostCuts = Math.Max(mostCuts, cuts);
            double surface = ShapeChooser.Surface(_slot, grid);
            (int place, int better) = (0, 0);
            for (; place < best.Count && best[place].Surface <= surface; place++)
            {
                better += best[place].Cuts == cuts ? 1 : 0;
            }
            if (better < most || cuts == 1 && areSlabsAll)
            {
                best.Insert(place, (surface, cuts, grid));
            }
        }
        var taken = new int[_slot.Space.Rank + 1];
        foreach ((_, int cuts, ImmutableArray<int> grid) in best)
        {
            if (taken[cuts]++ < (cuts == mostCuts ? most : 1) || cuts == 1 && areSlabsAll)
            {
                grids.Add(grid);
            }
        }
    }

    private static int Cuts(ImmutableArray<int> grid)
    {
        int cuts = 0;
        foreach (int parts in grid)
        {
            cuts += parts > 1 ? 1 : 0;
        }
        return cuts;
    }

    private static bool Fits(Box space, ImmutableArray<int> grid)
    {
        for (int axis = 0; axis < grid.Length; axis++)
        {
            if (grid[axis] > space.Length(axis))
            {
                return false;
            }
        }
        return true;
    }
}
