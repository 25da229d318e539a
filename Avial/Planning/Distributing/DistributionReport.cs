using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Distributing;

/// <summary>Why the values of a program are distributed as they are.</summary>
/// <param name="Chosen">The predicted cost of the program as it was distributed.</param>
/// <param name="OnOneRank">The predicted cost of all of it on one rank.</param>
/// <param name="Choices">One for each decision.</param>
internal sealed record DistributionReport(PlanCost Chosen, PlanCost OnOneRank, ImmutableArray<DistributionChoice> Choices)
{
    /// <summary>True when nothing gains from being shared out.</summary>
    public bool StaysOnOneRank => Choices.All(c => c.Chosen.Kind != DistributionKind.Blocks);
}

/// <summary>One decision: what was chosen, and the best of what was not.</summary>
/// <param name="Slot">What was decided.</param>
/// <param name="Chosen">The distribution.</param>
/// <param name="Cost">The predicted cost of everything that looks at it.</param>
/// <param name="RunnerUp">The next best distribution while all others stay; null when there is none.</param>
/// <param name="RunnerUpCost">The predicted cost with that.</param>
internal sealed record DistributionChoice(DistributionSlot Slot, Distribution Chosen, PlanCost Cost, Distribution? RunnerUp, PlanCost RunnerUpCost);
