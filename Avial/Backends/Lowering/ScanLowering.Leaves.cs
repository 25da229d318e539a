using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>The three stages of a scan whose leaves are shared out.</summary>
internal static partial class ScanLowering
{
    private static LoweredOperation LowerLeaves(GraphNode node, ScanOperation operation, ImmutableArray<ScalarType> types, bool isCarried)
    {
        ImmutableArray<ScalarBinding> counts = [.. Enumerable.Range(0, operation.Domain.Rank).Select(axis =>
            new ScalarBinding(ScalarSource.PartLeaves, 0, axis, axis == operation.Axis ? LeafLength : 1))];
        return new LoweredOperation(
            [Leaves(node, operation, types, counts), Offsets(node, operation, types, counts, isCarried), Finishing(node, operation, types, counts, isCarried)],
            [.. types.Select(type => new TemporaryMemory(type.Size(), counts))]);
    }

    private static LoweredStage Leaves(GraphNode node, ScanOperation operation, ImmutableArray<ScalarType> types, ImmutableArray<ScalarBinding> counts)
    {
        var function = new FunctionBuilder(node, "_leaves", operation.Domain.Rank);
        var leaf = new ScanLeaf(function, operation, types, false);
        int[] totals = Totals(function, types);
        EmitLeaves(function, operation, leaf, (line, number) =>
        {
            Value[] total = leaf.Emit(line, number, function.BoxLow[operation.Axis], function.BoxHigh[operation.Axis], null, null);
            StoreTotal(function, totals, TotalOffset(function, operation, leaf, counts, line, number), total);
        });
        return Snapped(function, operation) with { Work = KernelWork.Executed(operation.Use.Kernel.Body) };
    }

    private static LoweredStage Offsets(
        GraphNode node, ScanOperation operation, ImmutableArray<ScalarType> types, ImmutableArray<ScalarBinding> counts, bool isCarried)
    {
        ImmutableArray<int> others = [.. Enumerable.Range(0, operation.Domain.Rank).Where(axis => axis != operation.Axis)];
        var function = new FunctionBuilder(node, isCarried ? "_carried_offsets" : "_offsets", others.Length);
        var leaf = new ScanLeaf(function, operation, types, isCarried);
        int[] totals = Totals(function, types);
        EmitLines(function, others, 0, new Value[operation.Domain.Rank], line =>
        {
            Value low = leaf.Low(operation.Axis);
            Value firstLeaf = function.ShiftRight(low, LeafBits);
            Value count = leaf.LeavesOf(operation.Axis);
            Value[] last = function.For(function.Constant(0), count, leaf.CarryIn(line, leaf.Identity), (position, offset) =>
            {
                Value number = leaf.InOrder(position, firstLeaf, function.Add(firstLeaf, count));
                Value place = TotalOffset(function, operation, leaf, counts, line, number);
                Value[] total = [.. totals.Select(buffer => function.LoadNow(buffer, place))];
                StoreTotal(function, totals, place, offset);
                return leaf.Choose(leaf.IsFirstLeaf(position), () => total,
                    () => leaf.Combine(offset, total, line, leaf.Start(number, low, leaf.High(operation.Axis))));
            });
            leaf.CarryOut(line, last);
        });
        return function.Finish(new AxesBox(0, others), CutKind.Any);
    }

    private static LoweredStage Finishing(
        GraphNode node, ScanOperation operation, ImmutableArray<ScalarType> types, ImmutableArray<ScalarBinding> counts, bool isCarried)
    {
        var function = new FunctionBuilder(node, isCarried ? "_carried_finish" : "_finish", operation.Domain.Rank);
        var leaf = new ScanLeaf(function, operation, types, isCarried);
        int[] totals = Totals(function, types);
        EmitLeaves(function, operation, leaf, (line, number) =>
        {
            Value low = leaf.Low(operation.Axis);
            Value firstLeaf = function.ShiftRight(low, LeafBits);
            Value first = leaf.InOrder(function.Constant(0), firstLeaf, function.Add(firstLeaf, leaf.LeavesOf(operation.Axis)));
            function.If(function.Or(function.Compare(CompareOp.NotEqual, number, first), leaf.HasCarry), () =>
            {
                Value place = TotalOffset(function, operation, leaf, counts, line, number);
                Value[] offset = [.. totals.Select(buffer => function.LoadNow(buffer, place))];
                (Value from, Value to) = leaf.Bounds(number, function.BoxLow[operation.Axis], function.BoxHigh[operation.Axis]);
                if (operation.IsExclusive)
                {
                    // A leaf's first result is the offset itself.
                    Value start = leaf.InOrder(function.Constant(0), from, to);
                    leaf.Output.StoreAt(leaf.OutputOffset(line, start), offset);
                    bool isReversed = operation.Domain.Axes[operation.Axis].IsReversed;
                    (from, to) = isReversed ? (from, function.Add(to, -1)) : (function.Add(from, 1), to);
                }
                function.For(from, to, i =>
                {
                    Value output = leaf.OutputOffset(line, i);
                    leaf.Output.StoreAt(output, leaf.Combine(offset, leaf.Output.LoadAt(output), line, i));
                }, LoopKind.Simd);
            });
        });
        return Snapped(function, operation);
    }

    private static LoweredStage Snapped(FunctionBuilder function, ScanOperation operation) =>
        function.Finish(new DomainBox(0), CutKind.Snapped) with { Snap = LeafLength, SnapAxis = operation.Axis };

    /// <summary>Loops over the lines of the call's part and over the leaves of each, in any order.</summary>
    private static void EmitLeaves(FunctionBuilder function, ScanOperation operation, ScanLeaf leaf, Action<Value[], Value> body) =>
        EmitLeaves(function, operation, 0, new Value[operation.Domain.Rank], body);

    private static void EmitLeaves(FunctionBuilder function, ScanOperation operation, int axis, Value[] line, Action<Value[], Value> body)
    {
        if (axis == operation.Domain.Rank)
        {
            Value first = function.ShiftRight(function.BoxLow[operation.Axis], LeafBits);
            Value end = function.Add(function.ShiftRight(function.Add(function.BoxHigh[operation.Axis], -1), LeafBits), 1);
            function.For(first, end, number => body(line, number));
            return;
        }
        if (axis == operation.Axis)
        {
            EmitLeaves(function, operation, axis + 1, line, body);
            return;
        }
        function.For(function.BoxLow[axis], function.BoxHigh[axis], i =>
        {
            line[axis] = i;
            EmitLeaves(function, operation, axis + 1, line, body);
        }, LoopKind.Threads, isOverBox: true);
    }

    private static int[] Totals(FunctionBuilder function, ImmutableArray<ScalarType> types) =>
        [.. types.Select((type, column) => function.Buffer(new BufferBinding(BufferSource.Temporary, column, 0), type, isWritten: true))];

    private static void StoreTotal(FunctionBuilder function, int[] totals, Value place, Value[] value)
    {
        for (int column = 0; column < totals.Length; column++)
        {
            function.Store(totals[column], place, value[column]);
        }
    }

    private static Value TotalOffset(
        FunctionBuilder function, ScanOperation operation, ScanLeaf leaf, ImmutableArray<ScalarBinding> counts, Value[] line, Value number)
    {
        Value offset = function.Constant(0);
        for (int axis = 0; axis < counts.Length; axis++)
        {
            Value position = axis == operation.Axis
                ? function.Subtract(number, function.ShiftRight(leaf.Low(axis), LeafBits))
                : function.Subtract(line[axis], leaf.Low(axis));
            offset = function.Add(function.Multiply(offset, function.Scalar(counts[axis])), position);
        }
        return offset;
    }
}
