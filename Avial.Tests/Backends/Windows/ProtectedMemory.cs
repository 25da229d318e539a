using Avial.Backends.Cpu.Interop;
using Avial.Execution;

namespace Avial.Tests.Backends.Windows;

/// <summary>Memory that ends where a page begins that nobody may touch, or begins where one ends: who reads or writes outside ends the process.</summary>
internal sealed unsafe class ProtectedMemory : ColumnMemory
{
    private readonly byte* _block;
    private readonly nuint _size;

    public ProtectedMemory(long bytes)
    {
        long page = Environment.SystemPageSize;
        long room = (bytes + page - 1) / page * page;
        Bytes = bytes;
        _size = (nuint)(room + 2 * page);
        _block = (byte*)LibC.mmap(null, _size, protection: 0, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS, -1, 0);
        Assert.That(_block != LibC.MAP_FAILED && (room == 0 || LibC.mprotect(_block + page, (nuint)room, LibC.PROT_READ | LibC.PROT_WRITE) == 0));
        Address = _block + page + (EndsAtPage ? room - bytes : 0);
        new Span<byte>(Address, (int)bytes).Fill(0xA5);
    }

    ~ProtectedMemory() => _ = LibC.munmap(_block, _size);

    /// <summary>Whether new memory ends where a page without access begins, rather than beginning where one ends.</summary>
    public static bool EndsAtPage { get; set; }

    public override byte* Address { get; }

    public override long Bytes { get; }

    // The collector gives it back.
    public override void Release()
    {
    }
}
