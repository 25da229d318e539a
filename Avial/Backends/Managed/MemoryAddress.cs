using System.Reflection.Emit;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <summary>Coefficient × value, in elements.</summary>
internal readonly record struct AddressTerm(Value Atom, long Coefficient);

/// <summary>A buffer's address plus what does not change inside a loop: computed once before the loop.</summary>
internal sealed class RowPointer(int buffer, AddressTerm[] terms)
{
    public int Buffer => buffer;

    public AddressTerm[] Terms => terms;

    /// <summary>Where the emitted code keeps it.</summary>
    public LocalBuilder? Local { get; set; }
}

/// <summary>The address of an access: the row pointer (or the buffer's start) plus the terms plus the constant, in elements.</summary>
internal sealed record MemoryAddress(int Buffer, RowPointer? Row, AddressTerm[] Terms, long Constant);
