using Avial.Graph;

namespace Avial.Execution.Scatters;

/// <summary>
/// Numbers in a whole target become places in the memory for a window of it, counted from where index 0 of all axes would be. Those of a schedule are found once for as long as
/// windows of one shape come.
/// </summary>
internal sealed unsafe class TargetPlaces(ArrayType type, Allocator allocator)
{
    private readonly GrowingMemory _memory = new(allocator, "contributions");
    private readonly long[] _pitches = new long[type.Rank];
    private ScatterSchedule? _found;
    private long* _places;

    /// <summary>The places of the targets of a schedule; good until the next call.</summary>
    public long* Of(ScatterSchedule schedule, Storage output)
    {
        if (AreNumbers(output))
        {
            return schedule.Targets;
        }
        bool isKnown = ReferenceEquals(schedule, _found);
        for (int axis = 0; axis < _pitches.Length; axis++)
        {
            isKnown &= _pitches[axis] == output.Pitch(axis);
            _pitches[axis] = output.Pitch(axis);
        }
        if (!isKnown)
        {
            _found = schedule;
            _places = (long*)_memory.Take(schedule.Combined * sizeof(long));
            Find(output, schedule.Targets, _places, schedule.Combined);
        }
        return _places;
    }

    /// <summary>Targets become places.</summary>
    public void Find(Storage output, long* targets, long count)
    {
        if (!AreNumbers(output))
        {
            Find(output, targets, targets, count);
        }
    }

    public void Release()
    {
        _memory.Release();
        _found = null;
    }

    private void Find(Storage output, long* targets, long* places, long count)
    {
        int rank = type.Rank;
        long* extents = stackalloc long[rank];
        long* pitches = stackalloc long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            (extents[axis], pitches[axis]) = (type.Extents[axis], output.Pitch(axis));
        }
        for (long i = 0; i < count; i++)
        {
            long rest = targets[i];
            long place = 0;
            for (int axis = rank - 1; axis > 0; axis--)
            {
                (rest, long index) = Math.DivRem(rest, extents[axis]);
                place += index * pitches[axis];
            }
            places[i] = place + rest * pitches[0];
        }
    }

    // Where inner axes are whole.
    private bool AreNumbers(Storage output)
    {
        bool areNumbers = true;
        for (int axis = 1; axis < type.Rank; axis++)
        {
            areNumbers &= output.Window.Length(axis) == type.Extents[axis];
        }
        return areNumbers;
    }
}
