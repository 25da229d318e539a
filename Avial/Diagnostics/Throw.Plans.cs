namespace Avial.Diagnostics;

/// <summary>AVL072x: looking at plans.</summary>
internal static partial class Throw
{
    public static AvialException NoSuchRank(int rank, int ranks) => new("AVL0721",
        $"The plan has no rank {rank}: it is for {ranks} rank{(ranks == 1 ? "" : "s")}, {(ranks == 1 ? "number 0" : $"numbered 0 to {ranks - 1}")}. Create the session with more, or ask for one of these.", SourceSpan.None);

    public static AvialException NotInPlan(string name, SourceSpan span) => new("AVL0722",
        $"'{name}' is neither computed nor read by this plan. Give it to Plan.For, or ask for what those results need; what a loop computes inside is explained with the loop.", span);
}
