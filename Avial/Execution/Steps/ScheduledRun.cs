using System.Collections.Immutable;
using Avial.Backends;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A step that goes by what ranks find out together, and that keeps this for as long as it holds.</summary>
internal interface IScheduled
{
    /// <summary>See <see cref="BodyRun.Forget"/>.</summary>
    void Forget(int levels);
}

/// <summary>A launch that goes by a schedule, or that makes one.</summary>
internal abstract unsafe class ScheduledRun<T>(BodyRun body, int node, ImmutableArray<int> inputs, ImmutableArray<int> outputs, Box[] parts)
    : KernelRun(body, node, inputs, outputs, parts), IScheduled
    where T : class
{
    private static readonly MergeRecords s_both = static (low, high, _) => *low &= *high;

    /// <summary>The schedules of the body, by their numbers.</summary>
    protected abstract Dictionary<int, T> Schedules { get; }

    /// <summary>The number of this one among them.</summary>
    protected abstract int Number { get; }

    /// <summary>Its tag, which nothing else in the plan has.</summary>
    protected abstract int Tag { get; }

    protected abstract Lasting Lasting { get; }

    /// <summary>The positions of the captured numbers that decide.</summary>
    protected abstract ImmutableArray<int> Deciding { get; }

    protected ICommunicator Communicator => Runtime.Communicator!;

    public void Forget(int levels)
    {
        if (Lasting.Loops == levels)
        {
            Schedules.Remove(Number);
        }
    }

    /// <summary>The schedule that still holds, from an earlier step or, where every rank has it, an earlier run on the same arrays.</summary>
    protected T? Held()
    {
        if (Lasting.Loops > 0 && Schedules.TryGetValue(Number, out T? held))
        {
            return held;
        }
        if (OfEarlierRun() is not { } earlier)
        {
            return null;
        }
        return Schedules[Number] = earlier;
    }

    /// <summary>Keeps a new schedule.</summary>
    protected void Hold(T schedule)
    {
        Schedules[Number] = schedule;
        Runtime.Schedules?.Keep(Tag, Lasting, NumbersUsed(), [.. Context.Parts!], schedule);
    }

    private T? OfEarlierRun()
    {
        if (Lasting.Sources is null || Runtime.Schedules is not { } kept)
        {
            return null;
        }
        var known = (T?)kept.Find(Tag, Lasting, NumbersUsed(), Context.Parts);
        byte isKnown = (byte)(known is null ? 0 : 1);
        byte scratch;
        Collectives.AllReduce(Communicator, &isKnown, &scratch, 1, s_both, Site);
        return isKnown != 0 ? known : null;
    }

    private ulong[] NumbersUsed() => [.. Deciding.Select(position => Context.Scalars[position])];
}
