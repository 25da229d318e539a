using System.Reflection.Emit;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <summary>A buffer's address plus what does not change inside a loop: computed once before the loop.</summary>
internal sealed class RowPointer(int buffer, LinearTerm[] terms)
{
    public int Buffer => buffer;

    public LinearTerm[] Terms => terms;

    /// <summary>Where the emitted code keeps it.</summary>
    public LocalBuilder? Local { get; set; }
}

/// <summary>The address of an access: the row pointer (or the buffer's start) plus the terms plus the constant, in elements.</summary>
internal sealed record MemoryAddress(int Buffer, RowPointer? Row, LinearTerm[] Terms, long Constant);
