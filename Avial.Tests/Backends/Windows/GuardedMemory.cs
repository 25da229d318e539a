using System.Runtime.InteropServices;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Backends.Windows;

/// <summary>Memory of a column between two guards, which nobody may write.</summary>
internal sealed unsafe class GuardedMemory : ColumnMemory
{
    private const int Guard = 1 << 12;
    private const byte Pattern = 0xA5;
    private readonly byte* _block;

    public GuardedMemory(long bytes)
    {
        Bytes = bytes;
        _block = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + 2 * Guard), 64);
        new Span<byte>(_block, (int)bytes + 2 * Guard).Fill(Pattern);
    }

    ~GuardedMemory() => NativeMemory.AlignedFree(_block);

    public override byte* Address => _block + Guard;

    public override long Bytes { get; }

    /// <summary>Set in a process of its own (<see cref="Llvm.GuardPages"/>): memory lies between pages without access instead.</summary>
    public static bool IsProtecting { get; set; }

    /// <summary>Memory for a window, full of the pattern.</summary>
    public static Storage Allocate(ArrayType type, Box window) => new(type, window, [.. type.Element.ColumnTypes.Select(column => Of(window.Count * column.Size()))]);

    private static ColumnMemory Of(long bytes) => IsProtecting ? new ProtectedMemory(bytes) : new GuardedMemory(bytes);

    /// <summary>Asserts that nothing outside a window's memory was written.</summary>
    public static void AssertUntouched(Storage storage, string about)
    {
        for (int column = 0; column < storage.Columns; column++)
        {
            var memory = (GuardedMemory)storage.Column(column);
            bool isUntouched = !new ReadOnlySpan<byte>(memory._block, Guard).ContainsAnyExcept(Pattern)
                && !new ReadOnlySpan<byte>(memory._block + Guard + memory.Bytes, Guard).ContainsAnyExcept(Pattern);
            Assert.That(isUntouched, $"memory around the window {storage.Window} of {storage.Type} was written: {about}");
        }
        GC.KeepAlive(storage);
    }

    public override void Release()
    {
    }
}
