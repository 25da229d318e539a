using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Avial.Execution;

/// <summary>A small block of native memory that a compiled operation keeps between launches; not counted among the arrays' bytes.</summary>
internal sealed unsafe class ScratchMemory : ColumnMemory
{
    /// <summary>The size up to which temporaries are kept.</summary>
    public const long MostBytes = 1 << 16;

    private const int Alignment = 64;
    private nint _address;

    public ScratchMemory(long bytes)
    {
        Bytes = bytes;
        _address = bytes == 0 ? 0 : (nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
    }

    ~ScratchMemory() => Free();

    public static ScratchMemory None { get; } = new(0);

    public override byte* Address => (byte*)_address;

    public override long Bytes { get; }

    [SuppressMessage("Usage", "CA1816", Justification = "Release is this type's Dispose.")]
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
            NativeMemory.AlignedFree((void*)address);
        }
    }
}
