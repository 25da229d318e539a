namespace Avial.Diagnostics;

internal static partial class Throw
{
    /// <summary>The id of <see cref="LoopLimit"/>.</summary>
    public const string LoopLimitId = "AVL0410";

    /// <summary>RepeatUntil reached its limit with the condition still false.</summary>
    public static AvialException LoopLimit(string name, long limit, SourceSpan place) => new(LoopLimitId,
        $"The condition of '{name}' was still false after {limit} step{(limit == 1 ? "" : "s")}, its limit. "
        + "Raise limit:, or loosen the condition (a tolerance below the rounding error of the state is never reached).", place);
}
