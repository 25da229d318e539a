using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Backends.Interpreters;

/// <summary>Visits the indices of a box in lexicographic order, each axis in its direction.</summary>
internal sealed class BoxWalk
{
    private readonly Box _box;
    private readonly ImmutableArray<bool> _isReversed;
    private readonly long[] _index;
    private bool _isStarted;

    public BoxWalk(Box box, ImmutableArray<bool> isReversed = default)
    {
        _box = box;
        _isReversed = isReversed.IsDefault ? [.. new bool[box.Rank]] : isReversed;
        _index = [.. Enumerable.Range(0, box.Rank).Select(First)];
    }

    /// <summary>The index at hand; the same memory at each step.</summary>
    public ReadOnlySpan<long> Index => _index;

    /// <summary>Steps to the first, then to the next index; false after the last.</summary>
    public bool Next()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            return !_box.IsEmpty;
        }
        for (int axis = _index.Length - 1; axis >= 0; axis--)
        {
            _index[axis] += _isReversed[axis] ? -1 : 1;
            if (_index[axis] >= _box.Low[axis] && _index[axis] < _box.High[axis])
            {
                return true;
            }
            _index[axis] = First(axis);
        }
        return false;
    }

    /// <summary>The row-major position of an index in a box.</summary>
    public static long Position(Box box, ReadOnlySpan<long> index)
    {
        long position = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            position = position * box.Length(axis) + (index[axis] - box.Low[axis]);
        }
        return position;
    }

    private long First(int axis) => _isReversed[axis] ? _box.High[axis] - 1 : _box.Low[axis];
}
