using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>A box of a buffer (null: all of its memory) that a step reads or writes.</summary>
internal readonly record struct Touch(int Buffer, Box? Box, bool IsWrite);

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
        var after = new SortedSet<int>();
        if (isOrdered)
        {
            if (_lastOrdered >= 0)
            {
                after.Add(_lastOrdered);
            }
            _lastOrdered = step;
        }
        int end = Math.Min(step, apartFrom);
        foreach (Touch given in touches)
        {
            Touch touch = Known(given);
            Touches earlier = _memory[MemoryOf(touch.Buffer)];
            AddMet(earlier.Writes, touch.Box, end, after);
            if (touch.IsWrite)
            {
                AddMet(earlier.Reads, touch.Box, end, after);
            }
        }
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
            (touch.IsWrite ? earlier.Writes : earlier.Reads).Add((step, touch.Box));
        }
        return [.. after];
    }

    // By step, ascending.
    private static void AddMet(List<(int Step, Box? Box)> earlier, Box? box, int end, SortedSet<int> after)
    {
        foreach ((int step, Box? other) in earlier)
        {
            if (step >= end)
            {
                return;
            }
            if (Meet(other, box))
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
    private static bool Meet(Box? a, Box? b) => a is not { } x || b is not { } y || x.Rank != y.Rank || x.Rank == 0 || x.Meets(y);

    /// <summary>Who has read and who has written a buffer's memory so far. Readers do not wait for readers: many of one array cost no more than few.</summary>
    private readonly record struct Touches(List<(int Step, Box? Box)> Reads, List<(int Step, Box? Box)> Writes);
}
