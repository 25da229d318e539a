using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>What a checked plan costs. A loop's body counts once.</summary>
/// <param name="Ranks">How many ranks there are.</param>
/// <param name="Checked">How many of them were followed step by step.</param>
/// <param name="Steps">The steps of those.</param>
/// <param name="Messages">The messages that they send.</param>
/// <param name="Bytes">The bytes in these messages.</param>
/// <param name="Peaks">By rank followed: the most memory it holds at a time.</param>
internal sealed record PlanCertificate(int Ranks, int Checked, long Steps, long Messages, long Bytes, ImmutableArray<MemoryPeak> Peaks)
{
    public long MinPeak => Peaks.Min(p => p.Bytes);

    public long MeanPeak => (long)Peaks.Average(p => (double)p.Bytes);

    public long MaxPeak => Peaks.Max(p => p.Bytes);

    public override string ToString() =>
        $"{Checked} of {Ranks} ranks, {Steps} steps, {Messages} messages with {Bytes} bytes, memory {MinPeak} to {MaxPeak} bytes (mean {MeanPeak})";
}

/// <summary>The moment at which a rank holds the most memory.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Bytes">How much that is.</param>
/// <param name="Live">The buffers that hold it, those of enclosing bodies first.</param>
internal sealed record MemoryPeak(RankId Rank, long Bytes, ImmutableArray<RankBuffer> Live);

/// <summary>What was found about a plan.</summary>
internal sealed record PlanVerdict(ImmutableArray<PlanViolation> Violations, PlanCertificate Certificate)
{
    public bool IsValid => Violations.IsEmpty;
}
