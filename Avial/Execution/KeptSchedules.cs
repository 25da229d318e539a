using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>The schedules that one rank has made in the runs of a program so far: they hold while what decides is the same arrays and numbers. The arrays are not kept alive.</summary>
internal sealed class KeptSchedules
{
    private readonly Dictionary<int, Kept> _kept = [];
    private Storage?[] _sources = [];

    /// <summary>How many schedules were made in all runs.</summary>
    public int Made { get; private set; }

    /// <summary>Begins a run; gives this rank's memory of the program's parameters. What was found for arrays that are gone goes too.</summary>
    public void Begin(Storage?[] sources)
    {
        _sources = sources;
        foreach (int tag in _kept.Keys.Where(tag => !_kept[tag].MayHold).ToArray())
        {
            _kept.Remove(tag);
        }
    }

    /// <summary>The schedule that the step with a tag has made in an earlier run, or null.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="lasting">How long it holds.</param>
    /// <param name="numbers">The captured numbers that decide.</param>
    /// <param name="parts">What the rank computes.</param>
    public object? Find(int tag, Lasting lasting, ReadOnlySpan<ulong> numbers, ReadOnlySpan<Box> parts)
    {
        if (!_kept.TryGetValue(tag, out Kept? kept) || !numbers.SequenceEqual(kept.Numbers) || !parts.SequenceEqual(kept.Parts.AsSpan()))
        {
            return null;
        }
        for (int s = 0; s < kept.Sources.Length; s++)
        {
            Storage? source = _sources[lasting.Sources!.Value[s]];
            if (kept.Sources[s] is not { } before ? source is not null : !before.TryGetTarget(out Storage? same) || !ReferenceEquals(same, source))
            {
                return null;
            }
        }
        return kept.Schedule;
    }

    /// <summary>Keeps a schedule, where it depends on nothing but parameters and numbers.</summary>
    public void Keep(int tag, Lasting lasting, ulong[] numbers, ImmutableArray<Box> parts, object schedule)
    {
        Made++;
        if (lasting.Sources is { } sources)
        {
            _kept[tag] = new Kept([.. sources.Select(s => _sources[s] is { } source ? new WeakReference<Storage>(source) : null)], numbers, parts, schedule);
        }
    }

    private sealed record Kept(WeakReference<Storage>?[] Sources, ulong[] Numbers, ImmutableArray<Box> Parts, object Schedule)
    {
        public bool MayHold => Array.TrueForAll(Sources, source => source is null || source.TryGetTarget(out _));
    }
}
