using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>The loops over the call's part of the box, in lexicographic order, with borders peeled off the innermost axis.</summary>
internal static class BoxNest
{
    /// <summary>
    /// Emits the nest; the body gets the index variables and whether it stands where no peelable border is reached. Elements are independent
    /// unless <paramref name="isOrdered"/>.
    /// </summary>
    public static void Emit(FunctionBuilder function, KernelLowering kernel, int rank, Action<ImmutableArray<Value>, bool> body, bool isOrdered = false)
    {
        if (rank == 0)
        {
            body([], false);
            return;
        }
        EmitRows(function, rank, [], row => EmitRow(function, kernel, row, row.Low, row.High, (place, isInterior) => body(row.At(place), isInterior),
            isOrdered ? LoopKind.Serial : LoopKind.Simd));
    }

    /// <summary>Emits the loops over all axes but the last; the body emits a row.</summary>
    public static void EmitRows(FunctionBuilder function, int rank, ImmutableArray<Value> outer, Action<DomainRow> body)
    {
        int axis = outer.Length;
        Value low = function.BoxLow[axis];
        Value high = function.BoxHigh[axis];
        if (axis == rank - 1)
        {
            body(new DomainRow([.. outer, low], axis, low, high, IsOverBox: true));
            return;
        }
        function.For(low, high, index => EmitRows(function, rank, outer.Add(index), body), LoopKind.Threads, isOverBox: true);
    }

    /// <summary>The loop over a row from <paramref name="low"/> to <paramref name="high"/>, split where borders are.</summary>
    public static void EmitRow(
        FunctionBuilder function, KernelLowering kernel, DomainRow row, Value low, Value high, Action<Value, bool> body, LoopKind kind = LoopKind.Simd)
    {
        void Segment(Value from, Value to, bool isInterior) =>
            function.For(from, to, place => body(place, isInterior), kind, isOverBox: row.IsOverBox);

        if (kernel.Borders.IsEmpty)
        {
            Segment(low, high, false);
            return;
        }
        (Value? interiorLow, Value? interiorHigh) = kernel.Interior(row.Axis);
        Value firstEdge = Limit(function, interiorLow, low, high);
        Value lastEdge = interiorHigh is { } h ? function.Max(firstEdge, function.Min(h, high)) : high;
        Value isInteriorRow = function.Constant(true);
        for (int axis = 0; axis < row.Index.Length; axis++)
        {
            if (axis == row.Axis)
            {
                continue;
            }
            (Value? rowLow, Value? rowHigh) = kernel.Interior(axis);
            if (rowLow is { } l)
            {
                isInteriorRow = function.And(isInteriorRow, function.Compare(CompareOp.GreaterOrEqual, row.Index[axis], l));
            }
            if (rowHigh is { } r)
            {
                isInteriorRow = function.And(isInteriorRow, function.Less(row.Index[axis], r));
            }
        }
        firstEdge = function.Select(isInteriorRow, firstEdge, high);
        lastEdge = function.Select(isInteriorRow, lastEdge, high);
        Segment(low, firstEdge, false);
        // Guarded, as reads that are the same along the row are moved out of the loop: where there is no interior they would be outside.
        function.If(function.Less(firstEdge, lastEdge), () => Segment(firstEdge, lastEdge, true));
        Segment(lastEdge, high, false);
    }

    private static Value Limit(FunctionBuilder function, Value? bound, Value low, Value high) =>
        bound is { } b ? function.Min(function.Max(b, low), high) : low;
}
