using System.Collections.Immutable;

namespace Avial.Backends.Lowering;

/// <summary>
/// A skew q[a] = p[a] + Σ s[a][b] p[b] over b &lt; a after which no dependence points backwards along any axis. Then tiles of q may be run in
/// fronts: the sum of the rows is an integer vector θ with θ·d ≥ 1 for every dependence d.
/// </summary>
internal static class SweepSchedule
{
    private const int MostSkew = 3;

    /// <summary>
    /// The skews; null when no small ones do. Each axis is skewed by the smallest multiples, up to 3, of the skewed axes before it.
    /// </summary>
    public static ImmutableArray<ImmutableArray<int>>? Find(int rank, IReadOnlyList<long[]> distances)
    {
        var skews = ImmutableArray.CreateBuilder<ImmutableArray<int>>(rank);
        long[][] skewed = [.. distances.Select(_ => new long[rank])];
        for (int axis = 0; axis < rank; axis++)
        {
            long Skewed(int[] multiples, int dependence) =>
                distances[dependence][axis] + multiples.Zip(skewed[dependence], (m, q) => m * q).Sum();
            int[]? found = Candidates(axis)
                .Where(multiples => Enumerable.Range(0, distances.Count).All(d => Skewed(multiples, d) >= 0))
                .MinBy(multiples => multiples.Sum());
            if (found is null)
            {
                return null;
            }
            for (int d = 0; d < distances.Count; d++)
            {
                skewed[d][axis] = Skewed(found, d);
            }
            // From multiples of the skewed axes to multiples of the axes themselves.
            skews.Add([.. Enumerable.Range(0, axis).Select(b => found[b] + Enumerable.Range(b + 1, axis - b - 1).Sum(c => found[c] * skews[c][b]))]);
        }
        return skews.ToImmutable();
    }

    /// <summary>θ: the sum of the skewed axes as a vector over the axes.</summary>
    public static ImmutableArray<int> Theta(ImmutableArray<ImmutableArray<int>> skews) =>
        [.. Enumerable.Range(0, skews.Length).Select(axis => 1 + skews.Where((_, a) => a > axis).Sum(row => row[axis]))];

    private static IEnumerable<int[]> Candidates(int length)
    {
        int count = (int)Math.Pow(MostSkew + 1, length);
        for (int number = 0; number < count; number++)
        {
            int rest = number;
            int[] skew = new int[length];
            for (int axis = 0; axis < length; axis++)
            {
                (rest, skew[axis]) = Math.DivRem(rest, MostSkew + 1);
            }
            yield return skew;
        }
    }
}
