using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// A reduction that keeps the last axis: neighbouring results are computed side by side, so that memory is read along rows and not down columns.
/// <code>
/// for the other kept axes, for j0 in box step 16
///     for rows i, for j in j0 .. j0 + 16: state[j - j0] = state[j - j0] ∘ kernel(i, j)
/// </code>
/// Each result still combines its own elements in its own order.
/// </summary>
internal sealed class ColumnBlock
{
    /// <summary>How many results: one cache line of floats.</summary>
    public const int Width = 16;

    private readonly FunctionBuilder _function;
    private readonly ImmutableArray<Value> _outer;
    private readonly Value _first;

    private ColumnBlock(FunctionBuilder function, ImmutableArray<Value> outer, Value first, Value count)
    {
        _function = function;
        _outer = outer;
        _first = first;
        Count = count;
    }

    /// <summary>How many results this block has.</summary>
    public Value Count { get; }

    /// <summary>True when a reduction is worth running in blocks of columns.</summary>
    public static bool Applies(ReductionSpace space, int rank) => !space.IsTotal && space.Kept.Contains(rank - 1);

    /// <summary>Loops over the blocks of the box.</summary>
    public static void ForEach(ReductionSpace space, Action<ColumnBlock> body) => Nest(space, [], body);

    /// <summary>The kept indices of a result of the block.</summary>
    public ImmutableArray<Value> Kept(Value column) => _outer.Add(_function.Add(_first, column));

    /// <summary>A vectorisable loop over the results of the block, or over all <see cref="Width"/>.</summary>
    public void ForEachColumn(Action<Value> body, bool isWhole = false) => _function.For(
        _function.Constant(0), isWhole ? _function.Constant(Width) : Count, body, LoopKind.Simd);

    private static void Nest(ReductionSpace space, ImmutableArray<Value> outer, Action<ColumnBlock> body)
    {
        FunctionBuilder function = space.Function;
        int axis = outer.Length;
        Value low = function.BoxLow[axis];
        Value high = function.BoxHigh[axis];
        if (axis < space.Kept.Length - 1)
        {
            function.For(low, high, index => Nest(space, outer.Add(index), body), LoopKind.Threads, isOverBox: true);
            return;
        }
        function.For(low, high, first =>
        {
            Value count = function.Min(function.Subtract(high, first), function.Constant(Width));
            body(new ColumnBlock(function, outer, first, count));
        }, step: Width, isOverBox: true);
    }
}
