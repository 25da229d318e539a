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
    /// <summary>Iterations are independent and contiguous: vectorise.</summary>
    Simd,
}

/// <summary>One column in memory, row-major and contiguous.</summary>
/// <param name="Name">For text forms: <c>a.H</c>.</param>
/// <param name="Type">The element type.</param>
/// <param name="IsWritten">True for outputs (and for arrays updated in place).</param>
/// <param name="IsNoAlias">True when no other buffer of the call overlaps it.</param>
internal sealed record BufferParameter(string Name, ScalarType Type, bool IsWritten, bool IsNoAlias);

/// <summary>
/// The form that code generators read: f(buffers, scalars, box). <see cref="Scalars"/> are values passed in 8-byte slots
/// (parameters, extents, domain bounds); <see cref="BoxLow"/> and <see cref="BoxHigh"/> are the bounds, per axis of the iteration
/// space, of the part this call computes. The body has no results; it stores.
/// </summary>
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

/// <summary>The kinds of running state that canonical orders need beyond plain carried values.</summary>
internal enum AccumulatorKind : byte
{
    /// <summary>The reproducible binned sum of leaf sums (f32 or f64; Half accumulates in f32).</summary>
    Binned,
    /// <summary>The chunked inner sum: chunk sums left to right within 64 chunks, dyadic above.</summary>
    InnerSum,
}

/// <summary>Declares running state number <paramref name="Slot"/> in local memory, empty. Loops only.</summary>
internal sealed record AccumulatorInstruction(int Slot, AccumulatorKind Kind, ScalarType Type) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}

/// <summary>
/// Adds a value to running state. For <see cref="AccumulatorKind.InnerSum"/>, <paramref name="Key"/> is the chunk number. Loops only.
/// </summary>
internal sealed record AccumulateInstruction(int Slot, Value Added, Value? Key) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}

/// <summary>Reads the rounded result of running state. Loops only.</summary>
internal sealed record AccumulatorResultInstruction(Value Result, int Slot) : SingleResultInstruction(Result);

/// <summary>
/// Merges running state into the partial result at element <paramref name="Offset"/> of a buffer that holds accumulators. Loops only.
/// </summary>
internal sealed record AccumulatorStoreInstruction(int Slot, int Buffer, Value Offset) : Instruction
{
    public override ImmutableArray<Value> Results => [];
}
