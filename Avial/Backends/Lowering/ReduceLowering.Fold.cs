using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Float products and users' folds: a leaf (up to 64 elements of a row, as for sums) is folded from its first element on; leaves are numbered in
/// row-major order and combined by the fixed dyadic tree over these numbers.
/// With every axis reduced, the parts leave each leaf's value in memory and one call folds the tree there; with axes kept, each result
/// keeps the tree's open nodes on a stack.
/// </summary>
internal static partial class ReduceLowering
{
    private static LoweredOperation LowerFold(GraphNode node, ReduceOperation operation)
    {
        var space = new ReductionSpace(node, operation);
        FunctionBuilder function = space.Function;
        var kernel = new KernelLowering(function, operation.Use);
        var combination = new Combination(function, operation.Combiner, Combination.AccumulatedTypes(operation.Use.Kernel, operation.Combiner));
        return space.IsTotal ? LowerTotalFold(node, operation, space, kernel, combination) : LowerPartialFold(operation, space, kernel, combination);
    }

    private static LoweredOperation LowerPartialFold(
        ReduceOperation operation, ReductionSpace space, KernelLowering kernel, Combination combination)
    {
        FunctionBuilder function = space.Function;
        var stack = new DyadicStack(function, combination.Types.AsSpan());
        space.ForEachResult(kept =>
        {
            ImmutableArray<Value> first = space.FirstElement(kept);
            Value[] Combine(Value[] left, Value[] right) => combination.Combine(left, right, first);
            Value[] count = space.ForEachRow(kept, [function.Constant(0)], (row, carried) =>
                ForEachFoldedLeaf(function, kernel, combination, row, carried, first,
                    (_, leaf, inner) => [stack.Push(inner[0], leaf, Combine)]));
            Store(space, operation, kept, stack.Result(count[0], combination.Identity(), Combine));
        });
        return new LoweredOperation([function.Finish(space.Box, CutKind.Any) with { Work = Work(operation, false) }], []);
    }

    private static LoweredOperation LowerTotalFold(
        GraphNode node, ReduceOperation operation, ReductionSpace space, KernelLowering kernel, Combination combination)
    {
        ImmutableArray<ScalarBinding> counts = LeafCounts(space.Reduced);
        ImmutableArray<ScalarType> types = combination.Types;
        LoweredStage leaves = FoldLeaves(operation, space, kernel, combination, row => place => LeafNumber(space, row, place, counts), BufferSource.Temporary);
        LoweredStage tree = FoldTree(node, operation, types, counts);
        var shared = new ReductionSpace(node, operation, "_leaves");
        LoweredStage sharedLeaves = FoldLeaves(operation, shared, new KernelLowering(shared.Function, operation.Use),
            new Combination(shared.Function, operation.Combiner, types), row => place => SharedLeafOffset(shared, row, place), BufferSource.Leaves);
        return new LoweredOperation([leaves, tree], [.. types.Select(type => new TemporaryMemory(type.Size(), counts))])
        {
            Leaves = new LeafStages(types, sharedLeaves, tree.Rebound(BufferSource.Leaves)),
        };
    }

    private static LoweredStage FoldLeaves(
        ReduceOperation operation, ReductionSpace space, KernelLowering kernel, Combination combination,
        Func<DomainRow, Func<Value, Value>> offsetOf, BufferSource source)
    {
        FunctionBuilder function = space.Function;
        int[] leaves = LeafBuffers(function, combination.Types, source);
        space.ForEachRow([], [], (row, _) => ForEachFoldedLeaf(function, kernel, combination, row, [], space.Corner, (place, leaf, _) =>
        {
            Value offset = offsetOf(row)(place);
            for (int column = 0; column < leaves.Length; column++)
            {
                function.Store(leaves[column], offset, leaf[column]);
            }
            return [];
        }));
        return function.Finish(space.Box, CutKind.Snapped) with { Snap = LeafLength, Work = Work(operation, true) };
    }

    private static ImmutableArray<ScalarBinding> LeafCounts(ImmutableArray<int> axes) =>
        [.. axes.Select((axis, position) => new ScalarBinding(ScalarSource.DomainLeaves, 0, axis, position == axes.Length - 1 ? LeafLength : 1))];

    private static int[] LeafBuffers(FunctionBuilder function, ImmutableArray<ScalarType> types, BufferSource source) =>
        [.. types.Select((type, column) => function.Buffer(
            source == BufferSource.Temporary ? new BufferBinding(source, column, 0) : new BufferBinding(source, 0, column), type, isWritten: true))];

    /// <summary>The number in the domain of the leaf that starts at a multiple of 64 of a row.</summary>
    private static Value LeafNumber(ReductionSpace space, DomainRow row, Value place, ImmutableArray<ScalarBinding> counts)
    {
        FunctionBuilder function = space.Function;
        Value number = function.Constant(0);
        for (int axis = 0; axis < counts.Length; axis++)
        {
            Value position = axis == counts.Length - 1
                ? function.Subtract(function.ShiftRight(place, 6), function.ShiftRight(space.Low(axis), 6))
                : function.Subtract(row.Index[axis], space.Low(axis));
            number = function.Add(function.Multiply(number, function.Scalar(counts[axis])), position);
        }
        return number;
    }

    /// <summary>Where the array of all leaves, of which there may be memory for a window, has that leaf.</summary>
    private static Value SharedLeafOffset(ReductionSpace space, DomainRow row, Value place)
    {
        FunctionBuilder function = space.Function;
        ImmutableArray<AffineIndex> indices = [.. space.Reduced.Select((axis, position) => AffineIndex.Of(position == space.Reduced.Length - 1
            ? function.Subtract(function.ShiftRight(place, 6), function.ShiftRight(space.Low(axis), 6))
            : function.Subtract(row.Index[axis], space.Low(axis))))];
        return function.Offset(indices, axis => function.Scalar(new ScalarBinding(ScalarSource.LeafPitch, 0, axis)));
    }

    private static Value[] ForEachFoldedLeaf(
        FunctionBuilder function, KernelLowering kernel, Combination combination, DomainRow row, Value[] carried, ImmutableArray<Value> first,
        Func<Value, Value[], Value[], Value[]> body)
    {
        // An empty row has no leaf, not even an empty one.
        Value start = function.Binary(BinaryOp.And, row.Low, function.Constant(-LeafLength));
        start = row.IsOverBox ? start : function.Select(function.Less(row.Low, row.High), start, row.High);
        return function.For(start, row.High, carried, (leaf, inner) =>
        {
            Value from = function.Max(leaf, row.Low);
            Value to = function.Min(function.Add(leaf, LeafLength), row.High);
            Value[] folded = function.For(from, to, [.. combination.Types.Select(function.Zero)], (place, value) =>
            {
                Value[] element = combination.Widen(kernel.Emit(row.At(place)));
                return function.If(function.Compare(CompareOp.Equal, place, from), () => element, () => combination.Combine(value, element, first));
            }, isOverBox: row.IsOverBox);
            return body(leaf, folded, inner);
        }, step: LeafLength, isOverBox: row.IsOverBox);
    }

    // Level by level in place: node p of level l + 1 lies where its left half lies, at p 2^(l+1).
    private static LoweredStage FoldTree(GraphNode node, ReduceOperation operation, ImmutableArray<ScalarType> types, ImmutableArray<ScalarBinding> counts)
    {
        var space = new ReductionSpace(node, operation, "_tree");
        FunctionBuilder function = space.Function;
        var combination = new Combination(function, operation.Combiner, types);
        int[] leaves = LeafBuffers(function, types, BufferSource.Temporary);
        Value[] Leaf(Value place) => [.. leaves.Select(buffer => function.LoadNow(buffer, place))];
        Value count = counts.Select(binding => function.Scalar(binding)).Aggregate(function.Constant(1), function.Multiply);
        function.While([function.Constant(1)],
            width => function.Less(width[0], count),
            carried =>
            {
                Value width = carried[0];
                Value next = function.Add(width, width);
                // Pairs whose right half exists; integer division of positive numbers, width is never 0.
                Value pairs = function.Binary(BinaryOp.Divide, function.Add(function.Subtract(count, width), function.Add(next, -1)), next, Motion.Stay);
                function.For(function.Constant(0), pairs, pair =>
                {
                    Value left = function.Multiply(pair, next);
                    Value[] both = combination.Combine(Leaf(left), Leaf(function.Add(left, width)), space.Corner);
                    for (int column = 0; column < leaves.Length; column++)
                    {
                        function.Store(leaves[column], left, both[column]);
                    }
                });
                return [next];
            });
        Value isEmpty = function.Compare(CompareOp.Equal, count, function.Constant(0));
        Store(space, operation, [], function.If(isEmpty, combination.Identity, () => Leaf(function.Constant(0))));
        return function.Finish(s_once, CutKind.None);
    }
}
