using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Distributing;

/// <summary>A distribution that may be chosen. Slots of one number of axes whose candidates have the same form are cut alike.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Form">Its grid, as text, and what its cuts are multiples of; <c>one</c> and <c>everywhere</c> for the others.</param>
/// <param name="Level">0 where as many ranks are used as can be; the higher, the fewer.</param>
internal readonly record struct DistributionCandidate(Distribution Distribution, string Form, int Level = 0);

/// <summary>The distributions that are worth comparing for a slot: a few dozen, however many ranks and grids there are.</summary>
internal static class DistributionCandidates
{
    public const string One = "one";
    public const string All = "everywhere";

    // Of the grids that cut as many axes as they can; of those that cut fewer, the best alone, and all slabs. So there are no more on many ranks than on a few.
    private const int BestOfMostCuts = 2;

    // Leaves of sums have 64 elements; where parts are this long, whole leaves balance well enough.
    private const long Leaf = 64;
    private const long LeastLengthInLeaves = 4 * Leaf;

    /// <summary>All of them: on one rank, on all, then blocks, those of all ranks and with the smallest faces first. <paramref name="isSummed"/>: a reduction reads the values, and cuts between its leaves save messages.</summary>
    public static ImmutableArray<DistributionCandidate> Of(DistributionSlot slot, int ranks, RankWeights? weights, bool isSummed)
    {
        var candidates = ImmutableArray.CreateBuilder<DistributionCandidate>();
        candidates.Add(new(Distribution.OnOne(slot.Space, new RankId(0), ranks), One));
        candidates.Add(new(Distribution.Everywhere(slot.Space, ranks), All));
        if (slot.MayBeBlocks)
        {
            foreach ((ImmutableArray<int> grid, int level) in Grids(slot, ranks))
            {
                string form = string.Join('×', grid);
                candidates.Add(new(slot.Blocks(grid.AsSpan(), ranks, weights), form, level));
                if (isSummed && slot.Snap == 1 && grid[^1] > 1 && slot.Space.Length(grid.Length - 1) / grid[^1] >= LeastLengthInLeaves)
                {
                    candidates.Add(new(InLeaves(slot, grid, ranks, weights), $"{form} in leaves", level));
                }
            }
        }
        return candidates.ToImmutable();
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

    private static Distribution InLeaves(DistributionSlot slot, ImmutableArray<int> grid, int ranks, RankWeights? weights)
    {
        var snaps = new long[grid.Length];
        Array.Fill(snaps, 1);
        snaps[^1] = Leaf;
        return Distribution.Blocks(slot.Space, grid.AsSpan(), ranks, snaps, weights);
    }

    private static List<(ImmutableArray<int> Grid, int Level)> Grids(DistributionSlot slot, int ranks)
    {
        var grids = new List<(ImmutableArray<int>, int)>();
        AddBest(slot, ranks, BestOfMostCuts, 0, grids);
        long elements = slot.Space.Count;
        if (elements < ranks)
        {
            AddBest(slot, (int)elements, 1, 0, grids);
        }
        if (ranks > 3 && Factorisations.Of(ranks, 2).Length == 2)
        {
            AddBest(slot, ranks - 1, 1, 0, grids); // a prime number forms slabs only; one less, blocks
        }
        int level = 1;
        for (int used = ranks; used > 3; level++)
        {
            used /= used > 16 ? 4 : 2;
            AddBest(slot, used, 1, level, grids);
        }
        AddBest(slot, 2, 1, level, grids);
        return grids;
    }

    // The best surfaces of each number of axes that are cut, of the largest number several; slabs along every axis.
    private static void AddBest(DistributionSlot slot, int used, int most, int level, List<(ImmutableArray<int> Grid, int Level)> grids)
    {
        if (used < 2)
        {
            return;
        }
        var taken = new int[slot.Space.Rank + 1];
        ImmutableArray<int>[] all = [.. Factorisations.Of(used, slot.Space.Rank).Where(g => slot.Allows(g.AsSpan()) && Fits(slot.Space, g) && !ShapeChooser.LeavesOut(slot, g))
            .OrderBy(g => ShapeChooser.Surface(slot, g))];
        int mostCuts = all.Select(Cuts).DefaultIfEmpty().Max();
        foreach (ImmutableArray<int> grid in all)
        {
            int cut = Cuts(grid);
            if ((taken[cut]++ < (cut == mostCuts ? most : 1) || cut == 1 && level == 0) && !grids.Exists(g => g.Grid.AsSpan().SequenceEqual(grid.AsSpan())))
            {
                grids.Add((grid, level));
            }
        }
    }

    private static int Cuts(ImmutableArray<int> grid) => grid.Count(parts => parts > 1);

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
