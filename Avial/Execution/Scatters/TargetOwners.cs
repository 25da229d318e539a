using Avial.Geometry;

namespace Avial.Execution.Scatters;

/// <summary>Finds the owner of an element by its row-major number; that of the element asked for before is found at once.</summary>
internal sealed class TargetOwners
{
    private readonly int[] _grid;
    private readonly long[] _pitches;
    private readonly long[][] _boundaries;
    private readonly int[] _last;

    /// <param name="target">Blocks of an array, whose indices begin at 0.</param>
    public TargetOwners(Distribution target)
    {
        // Axes behind the last one that is cut tell nothing.
        int axes = target.Grid.Length;
        long pitch = 1;
        while (axes > 0 && target.Grid[axes - 1] == 1)
        {
            pitch *= target.Space.Length(--axes);
        }
        _grid = [.. target.Grid[..axes]];
        _pitches = new long[axes];
        _boundaries = new long[axes][];
        _last = new int[axes];
        for (int axis = axes - 1; axis >= 0; axis--)
        {
            _pitches[axis] = pitch;
            pitch *= target.Space.Length(axis);
            _boundaries[axis] = new long[_grid[axis] + 1];
            for (int part = 0; part < _boundaries[axis].Length; part++)
            {
                _boundaries[axis][part] = target.Axes[axis].Boundary(part);
            }
        }
    }

    public int OwnerOf(long number)
    {
        int rank = 0;
        for (int axis = 0; axis < _grid.Length; axis++)
        {
            long index = number;
            if (_pitches[axis] != 1)
            {
                (index, number) = Math.DivRem(number, _pitches[axis]);
            }
            rank = rank * _grid[axis] + PartOf(axis, index);
        }
        return rank;
    }

    private int PartOf(int axis, long index)
    {
        long[] boundaries = _boundaries[axis];
        int part = _last[axis];
        if (index >= boundaries[part] && index < boundaries[part + 1])
        {
            return part;
        }
        // The last part that begins at or before the index; those before it that begin there too are empty.
        (int low, int high) = (0, boundaries.Length - 1);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = index >= boundaries[middle] ? (middle, high) : (low, middle);
        }
        return _last[axis] = low;
    }
}
