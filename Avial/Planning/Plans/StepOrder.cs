using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>A box of a buffer (null: all of its memory) that a step reads or writes; with <paramref name="Within"/> what of it lies in a band.</summary>
internal readonly record struct Touch(int Buffer, Box? Box, bool IsWrite, Band? Within = null);

/// <summary>Finds which earlier steps a step must wait for: those that touch the same memory, one of both writing.</summary>
internal sealed class StepOrder
{
    private readonly BodyPlan _plan;
    private readonly Touches[] _memory;
    private int _lastOrdered = -1;

    public StepOrder(BodyPlan plan, ImmutableArray<RankBuffer> buffers)
    {
        _plan = plan;
        _memory = [.. buffers.Select(_ => new Touches([], []))];
    }

    /// <summary>
    /// Adds a step; those marked as ordered also wait for one another. Steps from <paramref name="apartFrom"/> on touch nothing that this one does, as the messages of one exchange:
    /// not to compare them with one another is what keeps an exchange among all ranks from costing the square of their number.
    /// </summary>
    public ImmutableArray<int> Add(int step, ReadOnlySpan<Touch> touches, bool isOrdered, int apartFrom = int.MaxValue)
    {
        SortedSet<int> after = Find(touches, Math.Min(step, apartFrom));
        if (isOrdered)
        {
            if (_lastOrdered >= 0)
            {
                after.Add(_lastOrdered);
            }
            _lastOrdered = step;
        }
        Note(step, touches);
        return [.. after];
    }

    /// <summary>The steps before <paramref name="end"/> that one with these touches must wait for.</summary>
    public SortedSet<int> Find(ReadOnlySpan<Touch> touches, int end)
    {
        var after = new SortedSet<int>();
        foreach (Touch given in touches)
        {
            Touch touch = Known(given);
            Touches earlier = _memory[MemoryOf(touch.Buffer)];
            AddMet(earlier.Writes, touch, end, after);
            if (touch.IsWrite)
            {
                AddMet(earlier.Reads, touch, end, after);
            }
        }
        return after;
    }

    /// <summary>Adds a step's touches for those that come later.</summary>
    public void Note(int step, ReadOnlySpan<Touch> touches)
    {
        foreach (Touch given in touches)
        {
            Touch touch = Known(given);
            Touches earlier = _memory[MemoryOf(touch.Buffer)];
            if (touch is { IsWrite: true, Box: null })
            {
                // Whoever waits for this step waits for all before it.
                earlier.Reads.RemoveAll(t => t.Step != step);
                earlier.Writes.RemoveAll(t => t.Step != step);
            }
            (touch.IsWrite ? earlier.Writes : earlier.Reads).Add((step, touch));
        }
    }

    /// <summary>Forgets steps that write a buffer: whoever would wait for them waits for a later one that does.</summary>
    public void ForgetWrites(int buffer, Predicate<int> isForgotten) => _memory[MemoryOf(buffer)].Writes.RemoveAll(t => isForgotten(t.Step));

    // By step, ascending.
    private static void AddMet(List<(int Step, Touch Touch)> earlier, Touch touch, int end, SortedSet<int> after)
    {
        foreach ((int step, Touch other) in earlier)
        {
            if (step >= end)
            {
                return;
            }
            if (Meet(other, touch))
            {
                after.Add(step);
            }
        }
    }

    private Touch Known(Touch touch) => _plan.Buffers[touch.Buffer].Shows >= 0 ? touch with { Box = null } : touch;

    private int MemoryOf(int buffer)
    {
        while (_plan.Buffers[buffer].Shows is >= 0 and int shown)
        {
            buffer = shown;
        }
        return buffer;
    }

    // Boxes of a reshaped view and of what it shows are not told apart.
    private static bool Meet(Touch a, Touch b)
    {
        if (a.Box is not { } x || b.Box is not { } y || x.Rank != y.Rank || x.Rank == 0)
        {
            return true;
        }
        return x.Meets(y) && (a.Within is null && b.Within is null || MeetWithin(x.Intersect(y), a.Within, b.Within));
    }

    private static bool MeetWithin(Box box, Band? a, Band? b) => (a?.Meets(box) ?? true) && (b?.Meets(box) ?? true);

    /// <summary>Who has read and who has written a buffer's memory so far. Readers do not wait for readers: many of one array cost no more than few.</summary>
    private readonly record struct Touches(List<(int Step, Touch Touch)> Reads, List<(int Step, Touch Touch)> Writes);
}
