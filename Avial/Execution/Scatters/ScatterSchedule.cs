using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Avial.Execution.Scatters;

/// <summary>So many contributions of a rank that come one after another in the order of sources.</summary>
internal readonly record struct MergedRun(int Rank, int Length);

/// <summary>
/// Where the contributions to a scatter go, once all ranks know: how many pass between whom, in which order this rank sends its own, and what those that it combines are for. As
/// long as it holds only values travel.
/// </summary>
internal sealed unsafe class ScatterSchedule
{
    private readonly int[]? _segments;
    private readonly long[] _targets;

    /// <param name="segments">The segment that each contribution of this rank's part goes into; null where all go into one.</param>
    /// <param name="sent">How many go into each segment.</param>
    /// <param name="received">How many come from each rank.</param>
    /// <param name="targets">The targets of those that come, by row-major number, in the order in which they are combined.</param>
    /// <param name="runs">That order, where it is not rank by rank.</param>
    public ScatterSchedule(ReadOnlySpan<int> segments, ReadOnlySpan<long> sent, ReadOnlySpan<long> received, ReadOnlySpan<long> targets, MergedRun[]? runs)
    {
        _segments = segments.IsEmpty ? null : Pinned(segments);
        _targets = Pinned(targets);
        (Sent, Received, Runs) = (sent.ToArray(), received.ToArray(), runs);
    }

    public long[] Sent { get; }

    public long[] Received { get; }

    public MergedRun[]? Runs { get; }

    /// <summary>How many contributions this rank combines.</summary>
    public long Combined => _targets.Length;

    /// <summary>See the constructor; the addresses are good as long as the schedule is reachable.</summary>
    public int* Segments => _segments is null ? null : (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_segments));

    public long* Targets => (long*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_targets));

    private static T[] Pinned<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        T[] pinned = GC.AllocateUninitializedArray<T>(values.Length, pinned: true);
        values.CopyTo(pinned);
        return pinned;
    }
}
