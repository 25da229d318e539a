using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>The loops over the call's part of the box, in lexicographic order, with borders peeled off the innermost axis.</summary>
internal static class BoxNest
{
    /// <summary>Emits the nest; the body gets the index variables and whether it stands where no peelable border is reached.</summary>
    public static void Emit(FunctionBuilder function, KernelLowering kernel, int rank, Action<ImmutableArray<Value>, bool> body) =>
        EmitAxis(function, kernel, rank, [], body);

    private static void EmitAxis(
        FunctionBuilder function, KernelLowering kernel, int rank, ImmutableArray<Value> outer, Action<ImmutableArray<Value>, bool> body)
    {
        int axis = outer.Length;
        if (rank == 0)
        {
            body([], false);
            return;
        }
        Value low = function.BoxLow[axis];
        Value high = function.BoxHigh[axis];
        if (axis < rank - 1)
        {
            function.For(low, high, index => EmitAxis(function, kernel, rank, outer.Add(index), body), LoopKind.Threads, isOverBox: true);
            return;
        }
        EmitRow(function, kernel, outer, low, high, body);
    }

    /// <summary>The innermost loop from <paramref name="low"/> to <paramref name="high"/>, split where borders are.</summary>
    public static void EmitRow(
        FunctionBuilder function, KernelLowering kernel, ImmutableArray<Value> outer, Value low, Value high, Action<ImmutableArray<Value>, bool> body)
    {
        void Segment(Value from, Value to, bool isInterior) =>
            function.For(from, to, index => body(outer.Add(index), isInterior), LoopKind.Simd, isOverBox: true);

        if (kernel.Borders.IsEmpty)
        {
            Segment(low, high, false);
            return;
        }
        (Value? interiorLow, Value? interiorHigh) = kernel.Interior(outer.Length);
        Value firstEdge = Limit(function, interiorLow, low, high);
        Value lastEdge = interiorHigh is { } h ? function.Max(firstEdge, function.Min(h, high)) : high;
        Value isInteriorRow = function.Constant(true);
        for (int axis = 0; axis < outer.Length; axis++)
        {
            (Value? rowLow, Value? rowHigh) = kernel.Interior(axis);
            if (rowLow is { } l)
            {
                isInteriorRow = function.And(isInteriorRow, function.Compare(CompareOp.GreaterOrEqual, outer[axis], l));
            }
            if (rowHigh is { } r)
            {
                isInteriorRow = function.And(isInteriorRow, function.Less(outer[axis], r));
            }
        }
        firstEdge = function.Select(isInteriorRow, firstEdge, high);
        lastEdge = function.Select(isInteriorRow, lastEdge, high);
        Segment(low, firstEdge, false);
        Segment(firstEdge, lastEdge, true);
        Segment(lastEdge, high, false);
    }

    private static Value Limit(FunctionBuilder function, Value? bound, Value low, Value high) =>
        bound is { } b ? function.Min(function.Max(b, low), high) : low;
}
