using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Scans (rule 4): leaves between absolute multiples of 256 along the axis, each running from its first element on; a leaf's offset is the value
/// of all leaves before it, combined from left to right; a result is its leaf's offset combined with its running value.
/// Lines are walked one after another in one stage, in parallel over the other axes; where these are few, three stages share out the leaves:
/// <code>
/// leaves:  out = running value inside the leaf; totals[leaf] = the leaf's value        (parallel)
/// offsets: totals[leaf] = the value of all leaves before                               (a line at a time)
/// finish:  out = totals[leaf] ∘ out, but for the first leaf                            (parallel)
/// </code>
/// </summary>
internal static partial class ScanLowering
{
    private const int LeafBits = 8;
    private const int LeafLength = 1 << LeafBits;

    // Fewer lines than this leave workers idle on a machine of today.
    private const long ManyLines = 64;

    public static LoweredOperation Lower(GraphNode node, ScanOperation operation)
    {
        ImmutableArray<ScalarType> types = Combination.AccumulatedTypes(operation.Use.Kernel, operation.Combiner);
        bool keepsRunningValues = types.AsSpan().SequenceEqual(operation.Outputs[0].Element.ColumnTypes.AsSpan());
        // A fold that stops must do so at the element that a walk along the line would reach first.
        bool isInLines = HasManyLines(operation) || !keepsRunningValues || !Combination.IsTrapFree(operation.Combiner);
        return isInLines
            ? new LoweredOperation([LowerLines(node, operation, types, false)], [])
            {
                Carried = new CarriedScan(operation.Axis, types, 0, () => new LoweredOperation([LowerLines(node, operation, types, true)], [])),
            }
            : LowerLeaves(node, operation, types, false) with
            {
                Carried = new CarriedScan(operation.Axis, types, 1, () => LowerLeaves(node, operation, types, true)),
            };
    }

    private static bool HasManyLines(ScanOperation operation)
    {
        if (!operation.Domain.IsConstant)
        {
            return operation.Domain.Rank > 1;
        }
        Geometry.Box box = operation.Domain.ToBox();
        long lines = 1;
        for (int axis = 0; axis < box.Rank; axis++)
        {
            lines *= axis == operation.Axis ? 1 : box.Length(axis);
        }
        return lines >= ManyLines;
    }

    private static LoweredStage LowerLines(GraphNode node, ScanOperation operation, ImmutableArray<ScalarType> types, bool isCarried)
    {
        ImmutableArray<int> others = [.. Enumerable.Range(0, operation.Domain.Rank).Where(axis => axis != operation.Axis)];
        var function = new FunctionBuilder(node, isCarried ? "_carried" : "", others.Length);
        var leaf = new ScanLeaf(function, operation, types, isCarried);
        EmitLines(function, others, 0, new Value[operation.Domain.Rank], index =>
        {
            Value low = leaf.Low(operation.Axis);
            Value high = leaf.High(operation.Axis);
            Value firstLeaf = function.ShiftRight(low, LeafBits);
            Value count = leaf.LeavesOf(operation.Axis);
            Value[] seeds = leaf.CarryIn(index, () => [.. types.Select(function.Zero)]);
            Value[] last = function.For(function.Constant(0), count, seeds, (position, offset) =>
            {
                Value number = leaf.InOrder(position, firstLeaf, function.Add(firstLeaf, count));
                Value isFirst = leaf.IsFirstLeaf(position);
                Value[] total = leaf.Emit(index, number, low, high, offset, isFirst);
                return leaf.Choose(isFirst, () => total, () => leaf.Combine(offset, total, index, leaf.Start(number, low, high)));
            });
            leaf.CarryOut(index, last);
        });
        return function.Finish(new AxesBox(0, others), CutKind.Any) with { Work = LeafLength * KernelWork.Executed(operation.Use.Kernel.Body) };
    }

    private static void EmitLines(FunctionBuilder function, ImmutableArray<int> others, int position, Value[] index, Action<Value[]> body)
    {
        if (position == others.Length)
        {
            body(index);
            return;
        }
        function.For(function.BoxLow[position], function.BoxHigh[position], i =>
        {
            index[others[position]] = i;
            EmitLines(function, others, position + 1, index, body);
        }, LoopKind.Threads, isOverBox: true);
    }
}
