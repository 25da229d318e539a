using System.Text.RegularExpressions;

namespace Avial.Tests.Planning.Verification;

/// <summary>Why a change of a right plan may leave it right. A change that is not caught and is none of these is one that the verifier, or this list, has to learn.</summary>
internal static class HarmlessMutations
{
    private static readonly (Regex Change, string Reason)[] s_reasons =
    [
        (Of("(lower the low end|raise the high end) .*of the window"), "a larger window: what is beyond is not used"),
        (Of("(raise the low end|lower the high end|shift (up|down)) .*the window"), "a window of places that nobody uses"),
        (Of("swap steps"), "steps that nothing orders, listed the other way round"),
        (Of("drop the edge"), "an order that other edges give, or that nothing asks for"),
        (Of("move step .* to the front"), "a step that waits for nothing"),
        (Of("double step .*(LaunchStep|CopyStep)"), "the same elements once more, from the same"),
        (Of(@"input \d+ in b-?\d+ in step .*LaunchStep"), "the start of a sweep, which is in the output's buffer already, or an input of which this rank's part is empty"),
        (Of(@"input \d+ in b-?\d+ in step .*ScatterStep"), "the target before a scatter, which is in the output's buffer already"),
        (Of(@"output \d+ in b-?\d+ in step .*ScatterStep"), "a buffer that holds the target too"),
        (Of(@"input \d+ in b-?\d+ in step .*InspectStep"), "an input that does not decide where is read"),
        (Of("(raise the high end|lower the low end) .*of part .*InspectStep"), "places of more points, of which more is brought"),
        (Of("(raise the high end|lower the low end) .*of part .*LaunchStep"), "points of another rank's part, computed here too from inputs that are here"),
        (Of("the (low|high) plane of the band|turn the band"), "a band that cuts the same points out of its part, or more that are right here"),
        (Of("(low|high) end .*of both of piece .*CopyStep"), "a copy of more that is there, or of what is not used"),
        (Of(@"b\d+ for b\d+, piece .*SendStep"), "a buffer that holds the same elements there"),
        (Of("drop step .*FreeStep"), "another name of a memory that stays, or goes with its first name"),
        (Of(@"result \d+ in b"), "a rank that owns nothing of the result"),
        (Of(@"in the loop: parameter \d+ in b-1"), "a capture that the body does not use on this rank"),
        (Of(@"output \d+ in b-1 in step .*LoopStep"), "the number of steps, which nobody asks for"),
    ];

    /// <summary>Why a change may be harmless; null where no reason is known.</summary>
    public static string? ReasonFor(string change) => s_reasons.FirstOrDefault(r => r.Change.IsMatch(change)).Reason;

    private static Regex Of(string pattern) => new(pattern, RegexOptions.CultureInvariant);
}
