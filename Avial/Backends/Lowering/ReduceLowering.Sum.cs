using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Float sums and means: a leaf is up to 64 elements of a row between two absolute multiples of 64, summed in 8 lanes (index mod 8) that are
/// combined pairwise; leaf sums go into a reproducible accumulator. For a reduction of some axes, rows run along the last reduced one.
/// <code>
/// for rows, for leaf in low &amp; ~63 .. high step 64
///     whole leaf of a small kernel: 8 carried lanes, 8 steps
///     else: evaluate into local memory, -0 where there is no element; 8 lanes over that
///     accumulator += leaf
/// </code>
/// </summary>
internal static partial class ReduceLowering
{
    private const int LeafLength = 64;
    private const int Lanes = 8;

    // Eight copies of the body: a dot product or a norm, not a stencil of a stencil.
    private const int MostCopiedInstructions = 16;

    private static LoweredOperation LowerSum(GraphNode node, ReduceOperation operation)
    {
        var space = new ReductionSpace(node, operation);
        FunctionBuilder function = space.Function;
        ScalarType type = KernelLowering.AccumulatorType(operation.Use.Kernel.ResultTypes[0]);
        if (ColumnBlock.Applies(space, operation.Domain.Rank) && KernelWork.IsTrapFree(operation.Use.Kernel.Body))
        {
            return LowerSumColumns(space, operation, type);
        }
        var leaf = new LeafSum(function, operation.Use, type);
        int slot = function.AccumulatorSlot();
        space.ForEachResult(kept =>
        {
            function.Add(new AccumulatorInstruction(slot, AccumulatorKind.Binned, type));
            space.ForEachRow(kept, [], (row, _) =>
            {
                leaf.ForEachLeaf(row, sum => function.Add(new AccumulateInstruction(slot, sum)));
                return [];
            });
            if (!space.IsTotal)
            {
                Store(space, operation, kept, [Finish(space, operation, slot, type)]);
            }
        });
        if (!space.IsTotal)
        {
            return new LoweredOperation([function.Finish(space.Box, CutKind.Any) with { Work = Work(operation, false) }], []);
        }
        int parts = function.Buffer(new BufferBinding(BufferSource.Temporary, 0, 0), ScalarType.U8, isWritten: true);
        function.Add(new AccumulatorStoreInstruction(slot, parts, function.Constant(0)));
        LoweredStage sums = function.Finish(space.Box, CutKind.Snapped) with { Snap = LeafLength, PartTemporary = 0, Work = Work(operation, true) };
        return Combining(sums, MergeSums(node, operation, type, false), MergeSums(node, operation, type, true),
            new TemporaryMemory(AccumulatorStoreInstruction.RecordBytes, [s_partCount]));
    }

    private static LoweredStage MergeSums(GraphNode node, ReduceOperation operation, ScalarType type, bool isShared)
    {
        var space = new ReductionSpace(node, operation, isShared ? "_share" : "_merge");
        FunctionBuilder function = space.Function;
        int slot = function.AccumulatorSlot();
        function.Add(new AccumulatorInstruction(slot, AccumulatorKind.Binned, type));
        int parts = function.Buffer(new BufferBinding(isShared ? BufferSource.Records : BufferSource.Temporary, 0, 0), ScalarType.U8);
        function.For(function.Constant(0), function.Scalar(s_partCount), part =>
            function.Add(new AccumulatorMergeInstruction(slot, parts, function.Multiply(part, AccumulatorStoreInstruction.RecordBytes))));
        if (isShared)
        {
            int record = function.Buffer(new BufferBinding(BufferSource.Record, 0, 0), ScalarType.U8, isWritten: true);
            function.Add(new AccumulatorStoreInstruction(slot, record, function.Constant(0)));
        }
        else
        {
            Store(space, operation, [], [Finish(space, operation, slot, type)]);
        }
        return function.Finish(s_once, CutKind.None);
    }

    private static Value Finish(ReductionSpace space, ReduceOperation operation, int slot, ScalarType type)
    {
        FunctionBuilder function = space.Function;
        Value sum = function.NewValue(type);
        function.Add(new AccumulatorResultInstruction(sum, slot));
        return operation.Combiner.Kind == CombinerKind.Mean
            ? function.Binary(BinaryOp.Divide, sum, function.Convert(space.Count, type))
            : sum;
    }

    /// <summary>The leaf sums of rows.</summary>
    private sealed class LeafSum
    {
        private readonly FunctionBuilder _function;
        private readonly KernelLowering _kernel;
        private readonly ScalarType _type;
        private readonly bool _isCopied;
        private readonly int _elements;

        public LeafSum(FunctionBuilder function, KernelUse use, ScalarType type)
        {
            _function = function;
            _kernel = new KernelLowering(function, use);
            _type = type;
            Block body = use.Kernel.Body;
            _isCopied = KernelWork.Instructions(body) <= MostCopiedInstructions && KernelWork.IsStraightLine(body);
            _elements = function.Local("leaf", type, LeafLength);
        }

        public void ForEachLeaf(DomainRow row, Action<Value> add)
        {
            Value first = _function.Binary(BinaryOp.And, row.Low, _function.Constant(-LeafLength));
            _function.For(first, row.High, leaf =>
            {
                Value end = _function.Add(leaf, LeafLength);
                Value from = _function.Max(leaf, row.Low);
                Value to = _function.Min(end, row.High);
                Value isWhole = _function.Compare(CompareOp.Equal, _function.Subtract(to, from), _function.Constant(LeafLength));
                Value sum = _isCopied
                    ? _function.If(isWhole, () => [WholeLeaf(row, leaf, end)], () => [AnyLeaf(row, leaf, from, to, isWhole)])[0]
                    : AnyLeaf(row, leaf, from, to, isWhole);
                add(sum);
            }, step: LeafLength, isOverBox: row.IsOverBox);
        }

        private Value WholeLeaf(DomainRow row, Value leaf, Value end) => Combined(_function.For(leaf, end, EmptyLanes(), (place, lanes) =>
            [.. lanes.Select((lane, number) => Plus(lane, Element(row, _function.Add(place, number), false)))], step: Lanes));

        private Value AnyLeaf(DomainRow row, Value leaf, Value from, Value to, Value isWhole)
        {
            Value start = _function.Constant(0);
            Value length = _function.Constant(LeafLength);
            _function.If(_function.Not(isWhole), () =>
                _function.For(start, length, place => _function.Store(_elements, place, Nothing), LoopKind.Simd));
            BoxNest.EmitRow(_function, _kernel, row, from, to, (place, isInterior) =>
                _function.Store(_elements, _function.Subtract(place, leaf), Element(row, place, isInterior)));
            return Combined(_function.For(start, length, EmptyLanes(), (place, lanes) =>
                [.. lanes.Select((lane, number) => Plus(lane, _function.LoadNow(_elements, _function.Add(place, number))))], step: Lanes));
        }

        private Value Element(DomainRow row, Value place, bool isInterior) =>
            _function.Convert(_kernel.Emit(row.At(place), isInterior)[0], _type);

        private Value Nothing => KernelLowering.NegativeZero(_function, _type);

        private Value[] EmptyLanes() => [.. Enumerable.Repeat(Nothing, Lanes)];

        private Value Plus(Value a, Value b) => _function.Binary(BinaryOp.Add, a, b);

        private Value Combined(Value[] lanes) =>
            Plus(Plus(Plus(lanes[0], lanes[1]), Plus(lanes[2], lanes[3])), Plus(Plus(lanes[4], lanes[5]), Plus(lanes[6], lanes[7])));
    }
}
