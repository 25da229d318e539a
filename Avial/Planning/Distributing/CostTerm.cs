using Avial.Geometry;

namespace Avial.Planning.Distributing;

/// <summary>One thing that costs, by the distributions of a few slots: the work of a task, or what the readers of a value have to be sent.</summary>
/// <param name="slots">The slots that it depends on.</param>
/// <param name="signature">Terms of one signature cost the same for the same distributions.</param>
internal abstract class CostTerm(int[] slots, int signature)
{
    public int[] Slots { get; } = slots;

    public int Signature { get; } = signature;

    /// <summary>What it costs once; the seconds without those of the messages.</summary>
    public abstract PlanCost Evaluate(ReadOnlySpan<Distribution> chosen);
}

/// <summary>Terms whose messages travel together, so that their number counts once.</summary>
/// <param name="Terms">The terms.</param>
/// <param name="Factor">How often it happens: for the body of a loop, its steps.</param>
internal sealed record CostUnit(CostTerm[] Terms, double Factor)
{
    /// <summary>All slots that it depends on.</summary>
    public int[] Slots { get; } = [.. Terms.SelectMany(t => t.Slots).Distinct().Order()];
}
