using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Reductions that keep the last axis, in blocks of neighbouring results (<see cref="ColumnBlock"/>).</summary>
internal static partial class ReduceLowering
{
    private static LoweredOperation LowerSumColumns(ReductionSpace space, ReduceOperation operation, ScalarType type)
    {
        FunctionBuilder function = space.Function;
        var kernel = new KernelLowering(function, operation.Use);
        int[] slots = [.. Enumerable.Range(0, ColumnBlock.Width).Select(_ => function.AccumulatorSlot())];
        int lanes = function.Local("lanes", type, Lanes * ColumnBlock.Width);
        Value nothing = KernelLowering.NegativeZero(function, type);
        ColumnBlock.ForEach(space, block =>
        {
            foreach (int slot in slots)
            {
                function.Add(new AccumulatorInstruction(slot, AccumulatorKind.Binned, type));
            }
            space.ForEachRow(block.Kept(function.Constant(0)), [], (row, _) =>
            {
                Value start = function.Binary(BinaryOp.And, row.Low, function.Constant(-LeafLength));
                function.For(start, row.High, leaf =>
                {
                    Value from = function.Max(leaf, row.Low);
                    Value to = function.Min(function.Add(leaf, LeafLength), row.High);
                    function.For(function.Constant(0), function.Constant(Lanes * ColumnBlock.Width), place => function.Store(lanes, place, nothing), LoopKind.Simd);
                    function.For(from, to, place =>
                    {
                        Value lane = function.Multiply(function.Binary(BinaryOp.And, place, function.Constant(Lanes - 1)), ColumnBlock.Width);
                        block.ForEachColumn(column =>
                        {
                            Value offset = function.Add(lane, column);
                            Value element = function.Convert(kernel.Emit(At(space, row, place, block.Kept(column)))[0], type);
                            function.Store(lanes, offset, function.Binary(BinaryOp.Add, function.LoadNow(lanes, offset), element));
                        });
                    });
                    AddLeaves(function, slots, lanes);
                }, step: LeafLength);
                return [];
            });
            ForEachResult(function, block, (number, kept) => Store(space, operation, kept, [Finish(space, operation, slots[number], type)]));
        });
        return new LoweredOperation([function.Finish(space.Box, CutKind.Any) with { Work = Work(operation, false) }], []);
    }

    // Columns that the block does not have hold -0 in every lane, which adds nothing.
    private static void AddLeaves(FunctionBuilder function, int[] slots, int lanes)
    {
        Value Lane(int lane, int column) => function.LoadNow(lanes, function.Constant(lane * ColumnBlock.Width + column));
        Value Plus(Value a, Value b) => function.Binary(BinaryOp.Add, a, b);
        for (int column = 0; column < ColumnBlock.Width; column++)
        {
            Value low = Plus(Plus(Lane(0, column), Lane(1, column)), Plus(Lane(2, column), Lane(3, column)));
            Value high = Plus(Plus(Lane(4, column), Lane(5, column)), Plus(Lane(6, column), Lane(7, column)));
            function.Add(new AccumulateInstruction(slots[column], Plus(low, high)));
        }
    }

    private static LoweredOperation LowerAnyOrderColumns(ReductionSpace space, ReduceOperation operation)
    {
        FunctionBuilder function = space.Function;
        var kernel = new KernelLowering(function, operation.Use);
        var combination = new Combination(function, operation.Combiner, operation.Use.Kernel.ResultTypes);
        int state = function.Local("state", combination.Types[0], ColumnBlock.Width);
        Value identity = combination.Identity()[0];
        if (IsRefusedWhenEmpty(operation))
        {
            TrapIfEmpty(space, function.Compare(CompareOp.Equal, space.Count, function.Constant(0)));
        }
        ColumnBlock.ForEach(space, block =>
        {
            block.ForEachColumn(column => function.Store(state, column, identity), isWhole: true);
            space.ForEachRow(block.Kept(function.Constant(0)), [], (row, _) =>
            {
                function.For(row.Low, row.High, place => block.ForEachColumn(column =>
                {
                    ImmutableArray<Value> index = At(space, row, place, block.Kept(column));
                    Value[] element = kernel.Emit(index);
                    function.Store(state, column, combination.Combine([function.LoadNow(state, column)], element, index)[0]);
                }));
                return [];
            });
            ForEachResult(function, block, (number, kept) => Store(space, operation, kept, [function.LoadNow(state, function.Constant(number))]));
        });
        return new LoweredOperation([function.Finish(space.Box, CutKind.Any) with { Work = Work(operation, false) }], []);
    }

    private static void ForEachResult(FunctionBuilder function, ColumnBlock block, Action<int, ImmutableArray<Value>> body)
    {
        for (int number = 0; number < ColumnBlock.Width; number++)
        {
            int column = number;
            Value place = function.Constant(column);
            function.If(function.Less(place, block.Count), () => body(column, block.Kept(place)));
        }
    }

    private static ImmutableArray<Value> At(ReductionSpace space, DomainRow row, Value place, ImmutableArray<Value> kept)
    {
        ImmutableArray<Value> index = row.At(place);
        for (int i = 0; i < kept.Length; i++)
        {
            index = index.SetItem(space.Kept[i], kept[i]);
        }
        return index;
    }
}
