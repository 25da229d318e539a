using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Planning.Verification;

namespace Avial.Execution;

/// <summary>What a plan must pass before it runs: the certificate, where it is asked for, and the memory that a rank may hold.</summary>
/// <param name="isCertifying">Whether plans are verified.</param>
/// <param name="memory">The bytes of arrays that a rank may hold; null: no limit.</param>
internal sealed class PlanChecks(bool isCertifying, long? memory)
{
    /// <summary>The bytes of arrays that a rank may hold; null: no limit.</summary>
    public long? MemoryPerRank => memory;

    /// <summary>Checks a plan for a run of this region; what was checked before is not checked again.</summary>
    public void Check(ProgramPlan plan, BuiltRegion built)
    {
        ulong[] scalars = built.Scalars;
        if (!isCertifying && memory is null || !plan.IsUnchecked(scalars))
        {
            return;
        }
        if (isCertifying)
        {
            Certify(plan, scalars);
        }
        if (memory is { } limit)
        {
            MemoryBudget.Check(plan.Body, scalars, limit, [.. built.Sources.Select(s => s.Node.Name)]);
        }
        plan.NoteChecked(scalars);
    }

    private static void Certify(ProgramPlan plan, ulong[] scalars)
    {
        int ranks = plan.Body.Ranks;
        PlanVerifier.Certify(ranks, rank => RankPlanBuilder.Build(plan.Body, rank, scalars), RankClasses.Of(plan.Body).Ranks, scalars);
    }
}
