using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>
/// Whether needs fit into one window with what is there: a halo around the own part does, a row panel beside a column block does not, as the box around both would be mostly
/// unused memory. Judged on a few ranks; any answer gives a correct plan.
/// </summary>
internal static class Nearness
{
    private const double MostWaste = 1.5;

    // Small windows may be wasteful: a copy would cost more than the memory.
    private const double FewElements = 256;

    public static bool IsNear(ImmutableArray<Distribution> owned, GatheredNeeds known, List<Need> added, Distribution reference)
    {
        foreach (int rank in Sample(reference, added))
        {
            if (!IsNear(owned, known, added, new RankId(rank)))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsNear(ImmutableArray<Distribution> owned, GatheredNeeds known, List<Need> added, RankId rank)
    {
        Box? there = known.HullOn(rank);
        foreach (Distribution distribution in owned)
        {
            if (distribution.TryOwn(rank, out Box own))
            {
                there = there?.Hull(own) ?? own;
            }
        }
        Box? fresh = known.HullOf(added, rank);
        if (there is not { } old || fresh is not { } more || old.Rank == 0)
        {
            return true;
        }
        double both = old.Hull(more).Volume;
        // Over all steps of a loop a moving need may touch everything, a little at a time.
        double used = !known.IsOfOneStep && added.Exists(n => n.IsMoving) ? old.Volume : old.Volume + more.Volume - old.Intersect(more).Volume;
        return both <= FewElements || both <= MostWaste * used;
    }

    private static List<int> Sample(Distribution reference, List<Need> added)
    {
        var sample = new List<int>();
        RankSample.Add(reference, sample);
        Distribution last = reference;
        foreach (Need need in added)
        {
            if (!ReferenceEquals(need.Consumer, last))
            {
                last = need.Consumer;
                RankSample.Add(last, sample);
            }
        }
        return sample;
    }
}
