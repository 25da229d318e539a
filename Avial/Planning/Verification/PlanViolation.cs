using Avial.Geometry;

namespace Avial.Planning.Verification;

/// <summary>What kind of promise a plan breaks.</summary>
internal enum PlanViolationKind : byte
{
    /// <summary>The plan is not well formed: numbers out of range, types, parts or orders that cannot be.</summary>
    Form,
    /// <summary>Something is read that is not there in the right version, or lies outside its buffer's window.</summary>
    Read,
    /// <summary>Something is written where it must not be.</summary>
    Write,
    /// <summary>Two steps that nothing orders touch the same memory, and one of them writes.</summary>
    Race,
    /// <summary>A send and its receive do not fit each other, or one of them is alone.</summary>
    Message,
    /// <summary>The ranks do not take part in a combination alike, or their parts do not make up the whole.</summary>
    Combine,
    /// <summary>A step waits for ever.</summary>
    Deadlock,
    /// <summary>Memory is used before it is made or after it was given back, given back twice, or never.</summary>
    Lifetime,
    /// <summary>The body of a loop does not fit the loop, or one step of it the next.</summary>
    Loop,
    /// <summary>A result is not where it is said to be.</summary>
    Result,
    /// <summary>A call runs too often, not at all, or out of order.</summary>
    Effect,
    /// <summary>More memory is needed than there is.</summary>
    Budget,
}

/// <summary>One broken promise of a plan.</summary>
/// <param name="Rank">The rank whose plan it is.</param>
/// <param name="Body">Which body: empty for the whole program, <c>loop %3 step 0</c> inside a loop.</param>
/// <param name="Step">The step, or -1 for the body as a whole.</param>
/// <param name="Kind">What is broken.</param>
/// <param name="Text">What was found.</param>
internal sealed record PlanViolation(RankId Rank, string Body, int Step, PlanViolationKind Kind, string Text)
{
    public override string ToString() =>
        $"{Kind} on {Rank}{(Body.Length == 0 ? "" : $", {Body}")}{(Step < 0 ? "" : $", step {Step}")}: {Text}";
}
