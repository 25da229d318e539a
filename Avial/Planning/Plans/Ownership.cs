using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>What a rank holds of a distributed array, told apart from nothing (a rank-0 box always has one point).</summary>
internal static class Ownership
{
    /// <summary>The own part of a rank; false when it has none. Everywhere every rank has all, be it nothing.</summary>
    public static bool TryOwn(this Distribution distribution, RankId rank, out Box own)
    {
        if (distribution.Kind == DistributionKind.OnOne && distribution.Root != rank)
        {
            own = default;
            return false;
        }
        own = distribution.Own(rank);
        return !own.IsEmpty || distribution.Kind == DistributionKind.Everywhere;
    }
}
