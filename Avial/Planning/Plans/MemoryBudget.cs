using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>Refuses a plan that needs more memory on some rank than a rank may hold, before anything is made.</summary>
internal static class MemoryBudget
{
    /// <param name="plan">The plan.</param>
    /// <param name="scalars">The captured numbers of the run.</param>
    /// <param name="limit">The bytes that a rank may hold.</param>
    /// <param name="sources">What the program's parameters are called.</param>
    public static void Check(BodyPlan plan, ulong[] scalars, long limit, ImmutableArray<string> sources)
    {
        PlanMemory.Peak? most = null;
        foreach (RankId rank in RankClasses.Of(plan).Ranks)
        {
            PlanMemory.Peak peak = PlanMemory.Of(RankPlanBuilder.Build(plan, rank, scalars), scalars);
            most = most is null || peak.Bytes > most.Bytes ? peak : most;
        }
        if (most!.Bytes > limit)
        {
            throw Throw.MemoryBudgetExceeded(most.Rank, plan.Ranks, most.Bytes, limit, [.. most.Live.OrderByDescending(held => held.Bytes).Select(held => (Name(held.Buffer), held.Buffer.Window, held.Bytes))]);
        }

        string Name(RankBuffer buffer)
        {
            int parameter = buffer.Origin == BufferOrigin.Given ? Array.IndexOf(plan.Parameters, buffer.Number) : -1;
            return parameter < 0 ? buffer.Name : sources[parameter];
        }
    }
}
