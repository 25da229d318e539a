using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>What a rank holds of a distributed array, told apart from nothing (a rank-0 box always has one point).</summary>
internal static class Ownership
{
    /// <summary>The own part of a rank; false when it has none. Everywhere every rank has all, be it nothing.</summary>
    public static bool TryOwn(this Distribution distribution, RankId rank, out Box own)
    {
        Span<long> low = stackalloc long[distribution.Space.Rank];
        Span<long> high = stackalloc long[low.Length];
        bool isOwner = distribution.TryOwn(rank, low, high);
        own = isOwner ? new Box([.. low], [.. high]) : default;
        return isOwner;
    }

    /// <summary>The same without allocation.</summary>
    public static bool TryOwn(this Distribution distribution, RankId rank, Span<long> low, Span<long> high)
    {
        if (distribution.Kind == DistributionKind.OnOne && distribution.Root != rank)
        {
            return false;
        }
        distribution.Own(rank, low, high);
        bool isEmpty = false;
        for (int axis = 0; axis < low.Length; axis++)
        {
            isEmpty |= high[axis] <= low[axis];
        }
        return !isEmpty || distribution.Kind == DistributionKind.Everywhere;
    }
}
