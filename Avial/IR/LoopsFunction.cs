using System.Collections.Immutable;

namespace Avial.IR;

/// <summary>How a loop of the loops form is run.</summary>
internal enum LoopKind : byte
{
    /// <summary>In order.</summary>
    Serial,
    /// <summary>Over the part of the domain that the caller hands to this call: bounds come from the box parameters.</summary>
    Threads,
    /// <summary>A fixed trip count, fully unrolled by code generators.</summary>
    Unroll,
    /// <summary>Iterations are independent, straight-line and trap-free, without carried values: vectorise.</summary>
    Simd,
}

/// <summary>One column in memory, row-major and contiguous.</summary>
/// <param name="Name">For text forms: <c>a.H</c>.</param>
/// <param name="Type">The element type.</param>
/// <param name="IsWritten">True for outputs (and for arrays updated in place).</param>
/// <param name="IsNoAlias">True when no other buffer of the call overlaps it.</param>
internal sealed record BufferParameter(string Name, ScalarType Type, bool IsWritten, bool IsNoAlias);

/// <summary>Memory of one call: a fixed number of elements, not initialised, overlapping nothing else.</summary>
internal sealed record LocalBuffer(string Name, ScalarType Type, int Length);

/// <summary>
/// The form that code generators read: f(buffers, scalars, box). <see cref="Scalars"/> are values passed in 8-byte slots
/// (parameters, extents, domain bounds); <see cref="BoxLow"/> and <see cref="BoxHigh"/> are the bounds, per axis of the iteration
/// space, of the part this call computes. The body has no results; it stores.
/// </summary>
/// <remarks>
/// Everything that can stop an element is an explicit <see cref="TrapIfInstruction"/>: there are no checked operations, integer division
/// and remainder never meet zero or MinValue / -1, the cap of a while loop is long.MaxValue and never reached. Lowering leaves these
/// kernel instructions behind: Load, Extent, InnerSum. A value may be used in the block that defines it and in the blocks nested in it.
/// </remarks>
internal sealed record LoopsFunction(
    string Name,
    ImmutableArray<BufferParameter> Buffers,
    ImmutableArray<Value> Scalars,
    ImmutableArray<Value> BoxLow,
    ImmutableArray<Value> BoxHigh,
    Block Body)
{
    /// <summary>Where each trap came from; <see cref="TrapSite.Number"/> is its position here.</summary>
    public ImmutableArray<TrapSite> TrapSites { get; init; } = [];

    /// <summary>Local memory: buffer number <c>Buffers.Length + i</c> of loads and stores is <c>Locals[i]</c>.</summary>
    public ImmutableArray<LocalBuffer> Locals { get; init; } = [];

    public override string ToString() => LoopsPrinter.Print(this);
}

/// <summary>What a trap of a loops function means to the user.</summary>
internal sealed record TrapSite(int Number, TrapKind Kind, Diagnostics.SourceSpan Span, string Subject);

/// <summary>Reads element <paramref name="Offset"/> (i64, in elements) of a buffer. Loops only.</summary>
internal sealed record BufferLoadInstruction(Value Result, int Buffer, Value Offset) : SingleResultInstruction(Result);

/// <summary>Writes element <paramref name="Offset"/> of a buffer. Loops only.</summary>
internal sealed record BufferStoreInstruction(int Buffer, Value Offset, Value Stored) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}

/// <summary>
/// Whether a + b, a - b or a × b (<paramref name="Op"/> is Add, Subtract or Multiply) leaves the range of the operands' integer type: the
/// condition of the trap before a checked operation. Result: i1. Loops only.
/// </summary>
internal sealed record OverflowInstruction(Value Result, BinaryOp Op, Value Left, Value Right) : SingleResultInstruction(Result);

/// <summary>
/// Whether C#'s checked conversion of the operand to the integer type <paramref name="To"/> succeeds: the truncated value fits (a NaN
/// never does). Result: i1. Loops only.
/// </summary>
internal sealed record ConvertFitsInstruction(Value Result, Value Operand, ScalarType To) : SingleResultInstruction(Result);

/// <summary>The kinds of running state that canonical orders need beyond plain carried values.</summary>
internal enum AccumulatorKind : byte
{
    /// <summary>The reproducible binned sum of leaf sums: <c>BinnedSum32</c> or <c>BinnedSum64</c> (Half accumulates in f32).</summary>
    Binned,
}

/// <summary>
/// Makes running state number <paramref name="Slot"/>, in local memory, empty. A slot has one kind and type in a function; executing this again
/// empties it again. Loops only.
/// </summary>
internal sealed record AccumulatorInstruction(int Slot, AccumulatorKind Kind, ScalarType Type) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}

/// <summary>Adds a value of the slot's type to running state. Loops only.</summary>
internal sealed record AccumulateInstruction(int Slot, Value Added) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}

/// <summary>Reads the rounded result of running state. Loops only.</summary>
internal sealed record AccumulatorResultInstruction(Value Result, int Slot) : SingleResultInstruction(Result);

/// <summary>
/// Copies running state to a buffer of type u8, <paramref name="Offset"/> bytes from its start (64-byte aligned; <see cref="RecordBytes"/> are
/// reserved for it). Loops only.
/// </summary>
internal sealed record AccumulatorStoreInstruction(int Slot, int Buffer, Value Offset) : Instruction
{
    /// <summary>The bytes that a stored accumulator of any kind and type fits in.</summary>
    public const int RecordBytes = 64;

    public override ImmutableArray<Value> Results => [];
}

/// <summary>Merges the stored state at <paramref name="Offset"/> bytes in a buffer of type u8 into the slot's running state. Loops only.</summary>
internal sealed record AccumulatorMergeInstruction(int Slot, int Buffer, Value Offset) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}
