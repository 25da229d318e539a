using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Avial.Execution;

/// <summary>One column's memory: native memory of an <see cref="Allocator"/>, or a pinned host array that was borrowed.</summary>
internal abstract unsafe class ColumnMemory
{
    public abstract byte* Address { get; }

    /// <summary>The usable bytes.</summary>
    public abstract long Bytes { get; }

    private int _keepers;

    /// <summary>Counts one more task that keeps this memory as its result.</summary>
    public void Share() => Interlocked.Increment(ref _keepers);

    /// <summary>One keeper fewer; the last one gives the memory back.</summary>
    public void Unshare()
    {
        if (Interlocked.Decrement(ref _keepers) <= 0)
        {
            Release();
        }
    }

    /// <summary>Gives the memory back now instead of when unreachable. Harmless when done twice.</summary>
    public abstract void Release();
}

/// <summary>Native memory, 64-byte aligned; goes back to its allocator when released or unreachable.</summary>
internal sealed unsafe class NativeColumn : ColumnMemory
{
    private readonly Allocator _allocator;
    private nint _address;

    internal NativeColumn(Allocator allocator, nint address, long bytes)
    {
        _allocator = allocator;
        _address = address;
        Bytes = bytes;
    }

    ~NativeColumn() => Free();

    public override byte* Address => (byte*)_address;

    public override long Bytes { get; }

    public override void Release()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            _allocator.Return(address, Bytes);
        }
    }
}

/// <summary>A host array of primitives that was borrowed: pinned while it is used.</summary>
internal sealed unsafe class PinnedColumn : ColumnMemory
{
    private GCHandle _handle;

    public PinnedColumn(Array array, long bytes)
    {
        _handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        Bytes = bytes;
    }

    [SuppressMessage("Reliability", "CA2015", Justification = "The array is pinned until this object dies.")]
    ~PinnedColumn() => Release();

    public override byte* Address => _handle.IsAllocated ? (byte*)_handle.AddrOfPinnedObject() : null;

    public override long Bytes { get; }

    public override void Release()
    {
        lock (this)
        {
            if (_handle.IsAllocated)
            {
                _handle.Free();
            }
        }
        GC.SuppressFinalize(this);
    }
}
