using Avial.Geometry;

namespace Avial.Diagnostics;

/// <summary>AVL07xx: ranks and plans.</summary>
internal static partial class Throw
{
    /// <summary>A wait for another rank that took too long.</summary>
    public static AvialException WatchdogExpired(RankId rank, TimeSpan limit, string step, string awaited, string doing, RankId? peer, SourceSpan span) => new("AVL0701",
        FormattableString.Invariant($"Rank {rank.Value} waited {limit.TotalSeconds:0.###} s {step}for {awaited}{doing}. ")
        + $"All ranks must evaluate the same. If {(peer is { } other ? $"{other}" : "the other rank")} only needs longer, raise SessionOptions.WatchdogTimeout or AVIAL_WATCHDOG (seconds; 0 waits for ever).", span);
}
