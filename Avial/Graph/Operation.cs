using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Where a kernel's scalar parameter comes from.</summary>
internal enum ArgumentKind : byte
{
    /// <summary>A captured number: position in the node's scalars.</summary>
    Scalar,
    /// <summary>A column of a rank-0 input: position in the node's inputs.</summary>
    Input,
}

/// <summary>The source of one kernel parameter.</summary>
internal readonly record struct KernelArgument(ArgumentKind Kind, int Position, int Column = 0);

/// <summary>A kernel with its operands and parameters bound to positions of a node's inputs and scalars.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Operands">For each operand, the position in the node's inputs.</param>
/// <param name="Arguments">For each scalar parameter, its source.</param>
internal sealed record KernelUse(Kernel Kernel, ImmutableArray<int> Operands, ImmutableArray<KernelArgument> Arguments)
{
    public bool Equals(KernelUse? other) => other is not null && ReferenceEquals(Kernel, other.Kernel)
        && Operands.AsSpan().SequenceEqual(other.Operands.AsSpan()) && Arguments.AsSpan().SequenceEqual(other.Arguments.AsSpan());

    public override int GetHashCode() => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Kernel), Operands.Length);
}

/// <summary>
/// What a node computes, with no reference to other nodes: inputs are positions. The same operation object describes a recorded
/// task and a node of a graph between passes.
/// </summary>
internal abstract record Operation
{
    /// <summary>The types of the results.</summary>
    public required ImmutableArray<ArrayType> Outputs { get; init; }

    /// <summary>Structural, so that a task recorded again is recognised (<see cref="OperationTable"/>).</summary>
    public virtual bool Equals(Operation? other) =>
        other is not null && EqualityContract == other.EqualityContract && Outputs.AsSpan().SequenceEqual(other.Outputs.AsSpan());

    public override int GetHashCode() => HashCode.Combine(EqualityContract, Outputs.Length == 0 ? 0 : Outputs[0].GetHashCode());
}

/// <summary>An array whose data is given when the node is made (a host array, a loaded file, a materialised result).</summary>
internal sealed record SourceOperation : Operation;

/// <summary>A symbol of a loop body while it is recorded: a carried value or the step number. Not found in regions, where it is a parameter.</summary>
internal sealed record SymbolOperation : Operation;

/// <summary>One element everywhere: the node's scalars, one per column.</summary>
internal sealed record FillOperation : Operation;

/// <summary>An array in a .npy file, read when needed.</summary>
internal sealed record FileOperation(string Path) : Operation;

/// <summary>One piece of a map: a box and the kernel that computes it.</summary>
internal sealed record MapPiece(IterationDomain Domain, KernelUse Use);

/// <summary>
/// One value per index. Pieces are disjoint; where none covers, the base (inputs at <see cref="Bases"/>, one per output) shows. Without a base the
/// single piece covers everything, or, once restricted, all that is read. Kernel results are the columns of all outputs in order. <see cref="Origin"/> is subtracted from the
/// domain's index to get the index in the output (a rebased domain).
/// </summary>
internal sealed record MapOperation(ImmutableArray<MapPiece> Pieces, ImmutableArray<int> Bases, ImmutableArray<long> Origin) : Operation
{
    public bool Equals(MapOperation? other) => base.Equals(other) && Pieces.AsSpan().SequenceEqual(other!.Pieces.AsSpan())
        && Bases.AsSpan().SequenceEqual(other.Bases.AsSpan()) && Origin.AsSpan().SequenceEqual(other.Origin.AsSpan());

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Pieces[0], Bases.Length);
}

/// <summary>How values are combined.</summary>
internal enum CombinerKind : byte
{
    Sum,
    Product,
    Min,
    Max,
    Any,
    All,
    Mean,
    ArgMin,
    ArgMax,
    /// <summary>A user's associative fold: a rank-0 kernel of two elements.</summary>
    Fold,
    /// <summary>Scatter only: the contribution with the highest source index stays.</summary>
    Last,
}

/// <summary>A combiner; <paramref name="Fold"/> and <paramref name="Identity"/> (bits per column) are a user's fold's.</summary>
internal sealed record Combiner(CombinerKind Kind, Kernel? Fold = null, ImmutableArray<ulong> Identity = default)
{
    public bool Equals(Combiner? other) => other is not null && Kind == other.Kind && ReferenceEquals(Fold, other.Fold)
        && (Identity.IsDefault ? other.Identity.IsDefault : !other.Identity.IsDefault && Identity.AsSpan().SequenceEqual(other.Identity.AsSpan()));

    public override int GetHashCode() => (int)Kind;

    public override string ToString() => Kind.ToString().ToLowerInvariant();
}

/// <summary>
/// Combines the kernel's values over the axes in <paramref name="Axes"/> (all of them: a scalar); the others stay, in order. ArgMin and ArgMax
/// give the columns (index per reduced axis, in order, then value). Along a kept axis, output index = domain index − the domain's low bound.
/// </summary>
internal sealed record ReduceOperation(IterationDomain Domain, KernelUse Use, ImmutableArray<int> Axes, Combiner Combiner) : Operation
{
    public bool Equals(ReduceOperation? other) => base.Equals(other) && Domain.Equals(other!.Domain) && Use.Equals(other.Use)
        && Axes.AsSpan().SequenceEqual(other.Axes.AsSpan()) && Combiner.Equals(other.Combiner);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Domain, Use, Combiner);
}

/// <summary>
/// Running combination along an axis; a reversed axis runs from the high end. Output index = domain index − the domain's low bound, per axis.
/// </summary>
internal sealed record ScanOperation(IterationDomain Domain, KernelUse Use, int Axis, bool IsExclusive, Combiner Combiner) : Operation;

/// <summary>
/// Input <paramref name="Into"/> combined with contributions in ascending source index. The kernel's results are the target index per axis of
/// the output, then the value's columns. A target outside the output traps.
/// </summary>
internal sealed record ScatterOperation(IterationDomain Domain, KernelUse Use, int Into, Combiner Combiner) : Operation;

/// <summary>
/// Ordered recurrence over the domain, in lexicographic order with each axis in its direction: kernel operand 0 is the array itself, which shows new
/// values at preceding points and the values of input <paramref name="Start"/> elsewhere.
/// </summary>
internal sealed record SweepOperation(IterationDomain Domain, KernelUse Use, int Start) : Operation;

/// <summary>
/// A view: output index o reads input 0, on each of its axes, at Maps[axis](o) + Offsets[axis], where the atoms of the maps are values 0 … rank-1
/// standing for o's axes and the offsets may depend on rank-0 inputs (the step of a loop).
/// </summary>
internal sealed record ViewOperation(ImmutableArray<AffineIndex> Maps, ImmutableArray<LinearBound> Offsets) : Operation
{
    public bool Equals(ViewOperation? other) => base.Equals(other) && Maps.AsSpan().SequenceEqual(other!.Maps.AsSpan())
        && Offsets.AsSpan().SequenceEqual(other.Offsets.AsSpan());

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Maps.Length);
}

/// <summary>The same elements in row-major order with other extents.</summary>
internal sealed record ReshapeOperation : Operation;

/// <summary>
/// A loop: <see cref="Region.Parameters"/> are the carried values, the step number (i64), then the captures. Inputs: the initial carried values, then the
/// captures. Region results: the next carried values, then, with <paramref name="HasUntil"/>, the condition (i1) on the new state. Outputs: the
/// last carried values, then the number of steps done (i64). The count is the node's first scalar when there is no condition, the limit
/// otherwise; all the node's scalars, that first one included, are the body's table of captured numbers. The condition is tested every <paramref name="Every"/> steps and at the limit.
/// </summary>
internal sealed record LoopOperation(Region Body, int Carried, bool HasUntil, long Every) : Operation
{
    public bool Equals(LoopOperation? other) => base.Equals(other) && Carried == other!.Carried && HasUntil == other.HasUntil && Every == other.Every
        && Body.Key.Equals(other.Body.Key);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Carried, Every, Body.Key);
}

/// <summary>Opaque code: reads whole inputs, writes whole outputs.</summary>
internal sealed record CallOperation(CallBody Body, bool IsEffect) : Operation;

/// <summary>A user's delegate over the columns of inputs and outputs.</summary>
internal abstract class CallBody
{
    /// <summary>Runs the user's code on contiguous column memory.</summary>
    public abstract void Invoke(ReadOnlySpan<Execution.Storage> reads, ReadOnlySpan<Execution.Storage> writes);
}
