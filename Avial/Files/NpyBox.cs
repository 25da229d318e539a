namespace Avial.Files;

/// <summary>
/// A box [lo, hi) of a file's elements against the same box in memory, where it is dense and row-major: which elements lie side by side
/// in the file, and where each stretch of them goes.
/// </summary>
internal sealed class NpyBox
{
    // The axes as the file counts them, the slowest first: reversed for Fortran order.
    private readonly long[] _lo;
    private readonly long[] _extent;
    private readonly long[] _fileStride;
    private readonly long[] _memoryStride;

    // Of the axes from here on all but the first are covered whole, so that their elements lie side by side in the file.
    private readonly int _firstOfRun;
    private readonly long _runLength;

    public NpyBox(NpyHeader header, ReadOnlySpan<long> lo, ReadOnlySpan<long> hi)
    {
        int rank = header.Shape.Length;
        if (lo.Length != rank || hi.Length != rank)
        {
            throw new ArgumentException($"The box has {lo.Length} axes, the file {rank}.", nameof(lo));
        }

        for (int axis = 0; axis < rank; axis++)
        {
            if (lo[axis] < 0 || hi[axis] < lo[axis] || hi[axis] > header.Shape[axis])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(lo), $"The box is [{lo[axis]}, {hi[axis]}) on axis {axis}, the file has [0, {header.Shape[axis]}).");
            }
        }

        // A scalar is one axis of one element.
        int axes = Math.Max(1, rank);
        (_lo, _extent, _fileStride, _memoryStride) = (new long[axes], new long[axes], new long[axes], new long[axes]);
        long[] shape = new long[axes];
        (_extent[0], _fileStride[0], _memoryStride[0], shape[0]) = (1, 1, 1, 1);
        long stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            int inFile = header.IsFortranOrder ? rank - 1 - axis : axis;
            _lo[inFile] = lo[axis];
            _extent[inFile] = hi[axis] - lo[axis];
            _memoryStride[inFile] = stride;
            shape[inFile] = header.Shape[axis];
            stride *= _extent[inFile];
        }

        Count = stride;

        stride = 1;
        for (int axis = axes - 1; axis >= 0; axis--)
        {
            _fileStride[axis] = stride;
            stride *= shape[axis];
        }

        _firstOfRun = axes - 1;
        _runLength = _extent[^1];
        while (_firstOfRun > 0 && _extent[_firstOfRun] == shape[_firstOfRun])
        {
            _firstOfRun--;
            _runLength *= _extent[_firstOfRun];
        }
    }

    /// <summary>A stretch of a chunk whose elements are evenly spaced in memory.</summary>
    /// <param name="InChunk">The chunk's element where it starts.</param>
    /// <param name="InMemory">The box's element, in row-major order, where it goes.</param>
    /// <param name="Count">How many elements it has.</param>
    public readonly record struct Segment(int InChunk, long InMemory, int Count);

    /// <summary>The distance in memory, in elements, of neighbours in the file.</summary>
    public long MemoryStride => _memoryStride[^1];

    /// <summary>Whether each stretch in the file is one in memory too: for C order always, for Fortran order along the first axis alone.</summary>
    public bool IsSameOrder => MemoryStride == 1;

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>
    /// Cuts the box into chunks of elements that lie side by side in the file, at most <paramref name="capacity"/> each. The segments of
    /// the chunk at hand are in <paramref name="segments"/> until the next one is asked for.
    /// </summary>
    public IEnumerable<(long FileElement, int Count)> Chunks(int capacity, List<Segment> segments)
    {
        if (Count == 0)
        {
            yield break;
        }

        long[] index = new long[_extent.Length];
        int moving;
        do
        {
            long file = Dot(_fileStride, index) + Dot(_fileStride, _lo);
            for (long at = 0; at < _runLength; at += capacity)
            {
                int count = (int)Math.Min(capacity, _runLength - at);
                FillSegments(segments, Dot(_memoryStride, index), at, count);
                yield return (file + at, count);
            }

            moving = _firstOfRun - 1;
            while (moving >= 0 && ++index[moving] == _extent[moving])
            {
                index[moving] = 0;
                moving--;
            }
        }
        while (moving >= 0);
    }

    private static long Dot(long[] strides, long[] index)
    {
        long sum = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            sum += strides[axis] * index[axis];
        }

        return sum;
    }

    private void FillSegments(List<Segment> segments, long runInMemory, long at, int count)
    {
        segments.Clear();
        if (IsSameOrder)
        {
            segments.Add(new Segment(0, runInMemory + at, count));
            return;
        }

        long rowLength = _extent[^1];
        for (int done = 0; done < count;)
        {
            (long rest, long column) = Math.DivRem(at + done, rowLength);
            long memory = runInMemory + column * MemoryStride;
            for (int axis = _extent.Length - 2; axis >= _firstOfRun; axis--)
            {
                (rest, long i) = Math.DivRem(rest, _extent[axis]);
                memory += i * _memoryStride[axis];
            }

            int length = (int)Math.Min(rowLength - column, count - done);
            segments.Add(new Segment(done, memory, length));
            done += length;
        }
    }
}
