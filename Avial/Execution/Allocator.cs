using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>
/// Native memory for arrays. Freed blocks of the same size are kept for the next request up to a limit, so that loops allocate
/// nothing; live bytes are reported to the collector, and crossing a watermark forces a collection before memory fails.
/// </summary>
internal sealed unsafe class Allocator
{
    private const int Alignment = 64; // one cache line, and the widest vector
    private readonly ConcurrentDictionary<long, ConcurrentBag<nint>> _free = [];
    private readonly long _freeLimit;
    private long _live;
    private long _peak;
    private long _cached;
    private long _collectAbove;

    public Allocator(long? freeLimit = null)
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        _freeLimit = freeLimit ?? memory / 8;
        _collectAbove = Math.Max(memory / 4, 64L << 20);
    }

    /// <summary>The process's allocator.</summary>
    public static Allocator Shared { get; } = new();

    /// <summary>Bytes handed out and not yet returned.</summary>
    public long LiveBytes => Volatile.Read(ref _live);

    /// <summary>The highest <see cref="LiveBytes"/> since <see cref="ResetPeak"/>.</summary>
    public long PeakBytes => Volatile.Read(ref _peak);

    public void ResetPeak() => Volatile.Write(ref _peak, LiveBytes);

    /// <summary>Memory for an array of this type, not initialised. <paramref name="name"/> is for the message when there is none.</summary>
    public Storage Allocate(ArrayType type, string name) => Allocate(type, type.Box, name);

    /// <summary>Memory for the window of an array of this type, not initialised.</summary>
    public Storage Allocate(ArrayType type, Box window, string name) => Allocate(type, window, ElementsOf(type, window, name), name);

    /// <summary>The same with room for so many elements, which are no fewer than the window's.</summary>
    public Storage Allocate(ArrayType type, Box window, long elements, string name)
    {
        var columns = new ColumnMemory[type.Element.Columns.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            long bytes;
            try
            {
                bytes = checked(elements * type.Element.Columns[column].Type.Size());
            }
            catch (OverflowException)
            {
                throw Throw.OutOfMemory(name, type, null, window);
            }
            columns[column] = AllocateBytes(bytes, name, type, window);
        }
        return new Storage(type, window, columns);
    }

    private static long ElementsOf(ArrayType type, Box window, string name)
    {
        try
        {
            return window.Count;
        }
        catch (OverflowException)
        {
            throw Throw.OutOfMemory(name, type, null);
        }
    }

    /// <summary>A block of bytes, not initialised.</summary>
    public ColumnMemory AllocateBytes(long bytes, string name, ArrayType? type = null, Box? window = null)
    {
        long size = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
        if (_live + size > _collectAbove)
        {
            CollectDeadArrays();
        }
        if (_free.TryGetValue(size, out ConcurrentBag<nint>? bag) && bag.TryTake(out nint address))
        {
            Interlocked.Add(ref _cached, -size);
        }
        else
        {
            address = Take(size, name, type, window);
        }
        long live = Interlocked.Add(ref _live, size);
        if (size > 1 << 16)
        {
            GC.AddMemoryPressure(size);
        }
        RaisePeak(live);
        return new NativeColumn(this, address, size);
    }

    internal void Return(nint address, long size)
    {
        Interlocked.Add(ref _live, -size);
        if (size > 1 << 16)
        {
            GC.RemoveMemoryPressure(size);
        }
        if (Volatile.Read(ref _cached) + size <= _freeLimit)
        {
            Interlocked.Add(ref _cached, size);
            _free.GetOrAdd(size, static _ => []).Add(address);
            return;
        }
        NativeMemory.AlignedFree((void*)address);
    }

    /// <summary>Gives the blocks kept for reuse back to the system.</summary>
    public void Trim()
    {
        foreach ((long size, ConcurrentBag<nint> bag) in _free)
        {
            while (bag.TryTake(out nint address))
            {
                Interlocked.Add(ref _cached, -size);
                NativeMemory.AlignedFree((void*)address);
            }
        }
    }

    private nint Take(long size, string name, ArrayType? type, Box? window)
    {
        if (size > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            throw Throw.OutOfMemory(name, type, size, window);
        }
        try
        {
            return (nint)NativeMemory.AlignedAlloc((nuint)size, Alignment);
        }
        catch (OutOfMemoryException)
        {
            Trim();
            CollectDeadArrays();
        }
        try
        {
            return (nint)NativeMemory.AlignedAlloc((nuint)size, Alignment);
        }
        catch (OutOfMemoryException)
        {
            throw Throw.OutOfMemory(name, type, size, window);
        }
    }

    private void CollectDeadArrays()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // The next forced collection waits until live memory has grown by half again.
        _collectAbove = Math.Max(_collectAbove, Volatile.Read(ref _live) * 3 / 2);
    }

    private void RaisePeak(long live)
    {
        long peak = Volatile.Read(ref _peak);
        while (live > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, live, peak);
            if (seen == peak)
            {
                return;
            }
            peak = seen;
        }
    }
}
