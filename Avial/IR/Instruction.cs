using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.IR;

/// <summary>A straight-line list of instructions with parameters and results; the body of kernels, arms and loops.</summary>
internal sealed record Block(ImmutableArray<Value> Parameters, ImmutableArray<Instruction> Instructions, ImmutableArray<Value> Results);

/// <summary>One SSA instruction. Shared by kernels and loops; <see cref="Kernel"/> and <see cref="LoopsFunction"/> say which may occur where.</summary>
internal abstract record Instruction
{
    /// <summary>The values this instruction defines.</summary>
    public abstract ImmutableArray<Value> Results { get; }

    /// <summary>The expression it came from, for traps and messages.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;

    /// <summary>The instruction as text.</summary>
    public sealed override string ToString()
    {
        var printer = new Text.InstructionPrinter();
        printer.Instruction(this);
        return printer.ToString();
    }
}

internal abstract record SingleResultInstruction(Value Result) : Instruction
{
    public override ImmutableArray<Value> Results => [Result];
}

/// <summary>A constant; integers sign- or zero-extended to 64 bits, floats by their own bits in the low end, bool 0 or 1.</summary>
internal sealed record ConstantInstruction(Value Result, ulong Bits) : SingleResultInstruction(Result);

internal enum UnaryOp : byte
{
    /// <summary>Arithmetic negation; integers wrap.</summary>
    Negate,
    /// <summary>Integer negation that traps on overflow.</summary>
    NegateChecked,
    /// <summary>Bitwise complement; logical not on bool.</summary>
    Not,
}

internal sealed record UnaryInstruction(Value Result, UnaryOp Op, Value Operand) : SingleResultInstruction(Result);

/// <summary>Both operands and the result have one type (shift counts are i32).</summary>
internal enum BinaryOp : byte
{
    Add,
    Subtract,
    Multiply,
    /// <summary>Integers trap on zero and on MinValue / -1, as .NET does.</summary>
    Divide,
    /// <summary>C#'s %; integers trap on zero and on MinValue % -1.</summary>
    Remainder,
    AddChecked,
    SubtractChecked,
    MultiplyChecked,
    And,
    Or,
    Xor,
    /// <summary>The count (i32) is masked to the width, as C# does.</summary>
    ShiftLeft,
    /// <summary>Arithmetic for signed, logical for unsigned types; the count (i32) is masked.</summary>
    ShiftRight,
    /// <summary>Math.Min: NaN propagates, -0 is below +0.</summary>
    Min,
    /// <summary>Math.Max: NaN propagates, -0 is below +0.</summary>
    Max,
}

internal sealed record BinaryInstruction(Value Result, BinaryOp Op, Value Left, Value Right) : SingleResultInstruction(Result);

internal enum CompareOp : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>C#'s comparison of two values of one type; with NaN all but NotEqual are false.</summary>
internal sealed record CompareInstruction(Value Result, CompareOp Op, Value Left, Value Right) : SingleResultInstruction(Result);

internal enum ConvertMode : byte
{
    /// <summary>C#'s unchecked conversion: integers wrap, floats to integers saturate (NaN gives 0), as .NET 10 does.</summary>
    Unchecked,
    /// <summary>C#'s checked conversion: traps when the value does not fit.</summary>
    Checked,
}

/// <summary>Conversion to <c>Result.Type</c>. To or from Bool does not occur.</summary>
internal sealed record ConvertInstruction(Value Result, ConvertMode Mode, Value Operand) : SingleResultInstruction(Result);

/// <summary>Both arms are already computed and trap-free.</summary>
internal sealed record SelectInstruction(Value Result, Value Condition, Value IfTrue, Value IfFalse) : SingleResultInstruction(Result);

/// <summary>a × b + c, rounded once. Created at import and nowhere else.</summary>
internal sealed record FmaInstruction(Value Result, Value A, Value B, Value C) : SingleResultInstruction(Result);

/// <summary>
/// A scalar function of .NET. In loops a function that may throw has a second result, i1 "failed", followed by a
/// <see cref="TrapIfInstruction"/>; in kernels there is one result and the trap is implied.
/// </summary>
internal sealed record MathInstruction(ImmutableArray<Value> Defined, MathFunction Function, ImmutableArray<Value> Arguments) : Instruction
{
    public override ImmutableArray<Value> Results => Defined;

    public bool Equals(MathInstruction? other) => other is not null && Span == other.Span && Function == other.Function
        && Defined.AsSpan().SequenceEqual(other.Defined.AsSpan()) && Arguments.AsSpan().SequenceEqual(other.Arguments.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Function, Arguments[0], Arguments[^1]);
}

internal enum RandomKind : byte
{
    /// <summary>Uniform in [0, 1).</summary>
    Uniform,
    /// <summary>Standard normal.</summary>
    Normal,
    /// <summary>Uniform bits of an unsigned type.</summary>
    Bits,
}

/// <summary>Philox 4×32-10 as a function of (seed, stream, index), all i64.</summary>
internal sealed record RandomInstruction(Value Result, RandomKind Kind, Value Seed, Value Stream, Value Index) : SingleResultInstruction(Result);

/// <summary>The extent of an operand along an axis (i64). Kernels only.</summary>
internal sealed record ExtentInstruction(Value Result, int Operand, int Axis) : SingleResultInstruction(Result);

/// <summary>A read of an operand. Kernels only.</summary>
internal sealed record LoadInstruction(Value Result, Access Access) : SingleResultInstruction(Result);

/// <summary>Lazy arms without parameters.</summary>
internal sealed record IfInstruction(ImmutableArray<Value> Defined, Value Condition, Block Then, Block Else) : Instruction
{
    public override ImmutableArray<Value> Results => Defined;
}

/// <summary>
/// A sequential loop k = From … To - 1 with carried values. Body parameters: k, then one per carried value; body results:
/// the next carried values. Results: the last carried values (the seeds when the range is empty).
/// </summary>
internal sealed record ForInstruction(ImmutableArray<Value> Defined, Value From, Value To, ImmutableArray<Value> Seeds, Block Body) : Instruction
{
    public override ImmutableArray<Value> Results => Defined;

    /// <summary>How the loop is run; kernels only have <see cref="LoopKind.Serial"/>.</summary>
    public LoopKind Kind { get; init; } = LoopKind.Serial;

    /// <summary>The step; 1 in kernels.</summary>
    public long Step { get; init; } = 1;
}

/// <summary>
/// The canonical inner sum of floats over k = From … To - 1: chunks of 256 absolute k, ascending inside, chunk sums left to
/// right within 64 chunks, dyadic above. The body (parameter: k) gives one result, the term, or two whose product is
/// accumulated by fma. Kernels only.
/// </summary>
internal sealed record InnerSumInstruction(Value Result, Value From, Value To, Block Body) : SingleResultInstruction(Result)
{
    /// <summary>True when the term is a product, accumulated by fma.</summary>
    public bool IsProduct => Body.Results.Length == 2;
}

/// <summary>
/// While the condition holds: Condition has the carried values as parameters and one i1 result; Body has them as parameters
/// and gives the next ones. More than <paramref name="Cap"/> steps trap.
/// </summary>
internal sealed record WhileInstruction(ImmutableArray<Value> Defined, ImmutableArray<Value> Seeds, Block Condition, Block Body, long Cap) : Instruction
{
    public override ImmutableArray<Value> Results => Defined;
}

/// <summary>Why a run stops at an element.</summary>
internal enum TrapKind : byte
{
    DivideByZero,
    Overflow,
    OutOfRange,
    EmptyRange,
    LoopCap,
    MathDomain,
}

/// <summary>
/// Stops the element when the condition holds. In loops <paramref name="Operands"/> are the index variables of the element,
/// from which the linear index is computed; in kernels they are empty. For OutOfRange, <paramref name="Details"/> holds the offending
/// index, then the extent.
/// </summary>
internal sealed record TrapIfInstruction(Value Condition, TrapKind Kind, ImmutableArray<Value> Operands, ImmutableArray<Value> Details) : Instruction
{
    public override ImmutableArray<Value> Results => [];

    /// <summary>In loops, the position in <see cref="LoopsFunction.TrapSites"/>; -1 in kernels.</summary>
    public int Site { get; init; } = -1;
}
