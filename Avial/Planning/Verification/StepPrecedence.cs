using System.Collections.Immutable;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>Which steps of a body are certain to have ended when another starts.</summary>
internal sealed class StepPrecedence
{
    private readonly ulong[][] _before;

    private StepPrecedence(ulong[][] before) => _before = before;

    /// <summary>The order; null when a step waits for none of the steps ahead of it.</summary>
    public static StepPrecedence? Of(ImmutableArray<RankStep> steps, out int badStep)
    {
        var before = new ulong[steps.Length][];
        for (badStep = 0; badStep < steps.Length; badStep++)
        {
            var set = new ulong[(badStep + 63) / 64];
            foreach (int earlier in steps[badStep].After)
            {
                if (earlier < 0 || earlier >= badStep)
                {
                    return null;
                }
                set[earlier / 64] |= 1UL << (earlier % 64);
                for (int word = 0; word < before[earlier].Length; word++)
                {
                    set[word] |= before[earlier][word];
                }
            }
            before[badStep] = set;
        }
        return new StepPrecedence(before);
    }

    /// <summary>True when step <paramref name="earlier"/> has ended before step <paramref name="later"/> starts.</summary>
    public bool IsBefore(int earlier, int later) => earlier < later && (_before[later][earlier / 64] >> (earlier % 64) & 1) != 0;

    public bool AreOrdered(int a, int b) => IsBefore(Math.Min(a, b), Math.Max(a, b));
}
