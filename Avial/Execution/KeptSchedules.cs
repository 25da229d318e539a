using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>What one rank's inspections have found in the runs of a program so far: it holds while what decides is the same arrays and numbers. The arrays are not kept alive.</summary>
internal sealed class KeptSchedules
{
    private readonly Dictionary<int, Kept> _kept = [];
    private Storage?[] _sources = [];

    /// <summary>How many inspections were made in all runs.</summary>
    public int Made { get; private set; }

    /// <summary>Begins a run; gives this rank's memory of the program's parameters.</summary>
    public void Begin(Storage?[] sources) => _sources = sources;

    /// <summary>What an inspection has found in an earlier run, or null.</summary>
    public GatherSchedule? Find(InspectStep step, ReadOnlySpan<ulong> scalars)
    {
        if (!_kept.TryGetValue(step.Number, out Kept? kept) || !scalars.SequenceEqual(kept.Scalars) || !kept.Parts.AsSpan().SequenceEqual(step.Parts.AsSpan()))
        {
            return null;
        }
        for (int s = 0; s < kept.Sources.Length; s++)
        {
            Storage? source = _sources[step.Sources!.Value[s]];
            if (kept.Sources[s] is not { } before ? source is not null : !before.TryGetTarget(out Storage? same) || !ReferenceEquals(same, source))
            {
                return null;
            }
        }
        return kept.Schedule;
    }

    /// <summary>Keeps what an inspection has found, where it depends on nothing but parameters and numbers.</summary>
    public void Keep(InspectStep step, ulong[] scalars, GatherSchedule schedule)
    {
        Made++;
        if (step.Sources is { } sources)
        {
            _kept[step.Number] = new Kept([.. sources.Select(s => _sources[s] is { } source ? new WeakReference<Storage>(source) : null)], scalars, step.Parts, schedule);
        }
    }

    private sealed record Kept(WeakReference<Storage>?[] Sources, ulong[] Scalars, ImmutableArray<Box> Parts, GatherSchedule Schedule);
}
