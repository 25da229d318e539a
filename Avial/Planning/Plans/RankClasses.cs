using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>Ranks that stand for all of a program: every rank up to <see cref="MostSeen"/>; above, some of each class (corner, edge, interior, weight).</summary>
/// <param name="Ranks">The ranks, ascending.</param>
/// <param name="Counts">For how many each stands; together about all ranks.</param>
internal sealed record RankClasses(ImmutableArray<RankId> Ranks, ImmutableArray<double> Counts)
{
    /// <summary>Up to this many ranks, each stands for itself.</summary>
    public const int MostSeen = 64;

    /// <summary>The ranks that stand for those of a plan; on up to <paramref name="mostSeen"/> ranks, all.</summary>
    public static RankClasses Of(BodyPlan plan, int mostSeen = MostSeen)
    {
        if (plan.Ranks <= mostSeen)
        {
            return new RankClasses([.. Enumerable.Range(0, plan.Ranks).Select(r => new RankId(r))], [.. Enumerable.Repeat(1.0, plan.Ranks)]);
        }
        var distributions = new HashSet<Distribution>();
        Collect(plan.Map, distributions);
        var chosen = new SortedSet<int> { 0 };
        foreach (Distribution distribution in distributions)
        {
            chosen.UnionWith(distribution.Representatives().Select(r => r.Value));
        }
        ImmutableArray<RankId> ranks = [.. chosen.Select(r => new RankId(r))];
        return new RankClasses(ranks, CountsOf(ranks, distributions.MaxBy(d => d.Cells), plan.Ranks));
    }

    /// <summary>The mean over all ranks of what the chosen ones have.</summary>
    public double Mean(ReadOnlySpan<long> values)
    {
        double sum = 0;
        double all = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] * Counts[i];
            all += Counts[i];
        }
        return sum / all;
    }

    private static void Collect(DistributionMap map, HashSet<Distribution> distributions)
    {
        distributions.UnionWith(map.Parameters);
        distributions.UnionWith(map.Outputs.SelectMany(o => o));
        distributions.UnionWith(map.Iterations.OfType<Distribution>());
        foreach (DistributionMap? body in map.Bodies)
        {
            if (body is not null)
            {
                Collect(body, distributions);
            }
        }
    }

    // Ranks whose blocks lie alike in the grid, first, last or between on each axis, are a class; the chosen ones of a class share its ranks.
    private static ImmutableArray<double> CountsOf(ImmutableArray<RankId> chosen, Distribution? grid, int ranks)
    {
        if (grid is not { Kind: DistributionKind.Blocks })
        {
            return [.. chosen.Select(_ => (double)ranks / chosen.Length)];
        }
        (int Class, double Size)[] classes = [.. chosen.Select(rank => ClassOf(rank, grid))];
        return [.. classes.Select(c => c.Size / classes.Count(other => other.Class == c.Class))];
    }

    private static (int Class, double Size) ClassOf(RankId rank, Distribution grid)
    {
        Span<int> place = stackalloc int[grid.Grid.Length];
        if (!grid.TryCoordinates(rank, place))
        {
            return (-1, grid.Ranks - grid.Cells);
        }
        int number = 0;
        double size = 1;
        for (int axis = 0; axis < place.Length; axis++)
        {
            int parts = grid.Grid[axis];
            int kind = place[axis] == 0 ? 0 : place[axis] == parts - 1 ? 1 : 2;
            number = number * 3 + kind;
            size *= kind == 2 ? parts - 2 : 1;
        }
        return (number, size);
    }
}
