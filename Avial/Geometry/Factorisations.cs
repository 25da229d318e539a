using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>The grids that a number of ranks can form.</summary>
internal static class Factorisations
{
    /// <summary>More grids than this are never returned: 65,536 ranks over 4 axes have 969.</summary>
    public const int Limit = 1024;

    /// <summary>
    /// All grids of a number of axes whose numbers of parts multiply to exactly the ranks, in ascending order. Of very many (720,720 ranks
    /// over 3 axes have 7,290) only those that cut at most three axes and have the smallest sums of parts, and the slabs, are returned.
    /// </summary>
    public static ImmutableArray<ImmutableArray<int>> Of(int ranks, int axes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(axes);
        if (axes == 0)
        {
            return ranks == 1 ? [[]] : [];
        }
        ImmutableArray<int> divisors = DivisorsOf(ranks);
        double count = CountOf(ranks, axes);
        var grids = ImmutableArray.CreateBuilder<ImmutableArray<int>>((int)Math.Min(Math.Round(count), Limit));
        Extend(new int[axes], 0, ranks, count > Limit ? 3 : axes, divisors, grids);
        if (grids.Count <= Limit)
        {
            return grids.DrainToImmutable();
        }
        return [.. grids.OrderBy(g => IsSlab(g) ? 0 : g.Sum(p => (long)p)).Take(Limit).Order(Comparer<ImmutableArray<int>>.Create(Compare))];
    }

    /// <summary>True for a number whose grids are slabs.</summary>
    public static bool IsPrime(int number)
    {
        for (int d = 2; d <= number / d; d++)
        {
            if (number % d == 0)
            {
                return false;
            }
        }
        return number > 1;
    }

    private static void Extend(int[] grid, int axis, int rest, int cuts, ImmutableArray<int> divisors, ImmutableArray<ImmutableArray<int>>.Builder grids)
    {
        if (axis == grid.Length - 1)
        {
            if (rest == 1 || cuts > 0)
            {
                grid[axis] = rest;
                grids.Add([.. grid]);
            }
            return;
        }
        foreach (int parts in divisors)
        {
            if (rest % parts == 0 && (parts == 1 || cuts > 0))
            {
                grid[axis] = parts;
                Extend(grid, axis + 1, rest / parts, parts == 1 ? cuts : cuts - 1, divisors, grids);
            }
        }
    }

    /// <summary>How many grids there are: for each prime, the ways to share its exponent out over the axes.</summary>
    private static double CountOf(int ranks, int axes)
    {
        double count = 1;
        for (int prime = 2; ranks > 1; prime = (long)prime * prime > ranks ? ranks : prime + 1)
        {
            for (int exponent = 1; ranks % prime == 0; exponent++)
            {
                ranks /= prime;
                count *= (double)(exponent + axes - 1) / exponent;
            }
        }
        return count;
    }

    private static ImmutableArray<int> DivisorsOf(int number)
    {
        var divisors = ImmutableArray.CreateBuilder<int>();
        for (int d = 1; d <= number / d; d++)
        {
            if (number % d == 0)
            {
                divisors.Add(d);
            }
        }
        for (int k = divisors.Count - 1; k >= 0; k--)
        {
            if (number / divisors[k] != divisors[k])
            {
                divisors.Add(number / divisors[k]);
            }
        }
        return divisors.ToImmutable();
    }

    private static bool IsSlab(ImmutableArray<int> grid) => grid.Count(p => p > 1) <= 1;

    private static int Compare(ImmutableArray<int> a, ImmutableArray<int> b) => a.AsSpan().SequenceCompareTo(b.AsSpan());
}
