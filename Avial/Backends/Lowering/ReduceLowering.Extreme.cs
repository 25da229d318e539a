using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// ArgMin and ArgMax: the index along each reduced axis, then the value. The first NaN wins, else the best value; ties go to the lowest index. Carried
/// and stored: whether there is one, the indices, the value.
/// </summary>
internal static partial class ReduceLowering
{
    private static LoweredOperation LowerExtreme(GraphNode node, ReduceOperation operation)
    {
        var space = new ReductionSpace(node, operation);
        FunctionBuilder function = space.Function;
        var kernel = new KernelLowering(function, operation.Use);
        ScalarType type = operation.Use.Kernel.ResultTypes[0];
        ImmutableArray<ScalarType> types = [ScalarType.Bool, .. space.Reduced.Select(_ => ScalarType.I64), type];
        space.ForEachResult(kept =>
        {
            if (!space.IsTotal)
            {
                TrapIfEmpty(space, function.Compare(CompareOp.Equal, space.Count, function.Constant(0)));
            }
            // Rows come in ascending order: a later element must be strictly better.
            Value[] result = space.ForEachRow(kept, [.. types.Select(function.Zero)], (row, carried) =>
                function.For(row.Low, row.High, carried, (place, best) =>
                {
                    ImmutableArray<Value> index = row.At(place);
                    Value value = kernel.Emit(index)[0];
                    Value isBetter = function.Or(function.Not(best[0]), IsStrictlyBetter(function, operation, value, best[^1]));
                    return Chosen(function, isBetter, [function.Constant(true), .. space.Reduced.Select(axis => index[axis]), value], best);
                }, isOverBox: row.IsOverBox));
            if (space.IsTotal)
            {
                new PartRecord(function, types).Store(result);
            }
            else
            {
                Store(space, operation, kept, result[1..]);
            }
        });
        LoweredStage stage = function.Finish(space.Box, CutKind.Any) with { Work = Work(operation, space.IsTotal) };
        return space.IsTotal
            ? Combining(stage, MergeExtremes(node, operation, types, false), MergeExtremes(node, operation, types, true), new PartRecord(function, types).Memory)
            : new LoweredOperation([stage], []);
    }

    private static LoweredStage MergeExtremes(GraphNode node, ReduceOperation operation, ImmutableArray<ScalarType> types, bool isShared)
    {
        var space = new ReductionSpace(node, operation, isShared ? "_share" : "_merge");
        FunctionBuilder function = space.Function;
        var records = new PartRecord(function, types, isShared ? BufferSource.Records : BufferSource.Temporary);
        if (!isShared)
        {
            TrapIfEmpty(space, function.Compare(CompareOp.Equal, space.Count, function.Constant(0)));
        }
        Value[] total = function.For(function.Constant(0), function.Scalar(s_partCount), [.. types.Select(function.Zero)], (part, best) =>
        {
            Value[] found = records.Load(part);
            Value isBetter = IsStrictlyBetter(function, operation, found[^1], best[^1]);
            Value isWorse = IsStrictlyBetter(function, operation, best[^1], found[^1]);
            Value isTieBefore = function.And(function.Not(isWorse), IsBefore(function, found[1..^1], best[1..^1]));
            Value isChosen = function.And(found[0], function.Or(function.Not(best[0]), function.Or(isBetter, isTieBefore)));
            return Chosen(function, isChosen, found, best);
        });
        if (isShared)
        {
            new PartRecord(function, types, BufferSource.Record).Store(total);
        }
        else
        {
            Store(space, operation, [], total[1..]);
        }
        return function.Finish(s_once, CutKind.None);
    }

    private static Value IsStrictlyBetter(FunctionBuilder function, ReduceOperation operation, Value value, Value best)
    {
        CompareOp better = operation.Combiner.Kind == CombinerKind.ArgMin ? CompareOp.Less : CompareOp.Greater;
        Value isBetter = function.Compare(better, value, best);
        if (!value.Type.IsFloat())
        {
            return isBetter;
        }
        Value isNaN = function.Compare(CompareOp.NotEqual, value, value);
        Value isBestNumber = function.Compare(CompareOp.Equal, best, best);
        return function.And(isBestNumber, function.Or(isNaN, isBetter));
    }

    // Parts may be cut along any axis, so their numbers say nothing of the order.
    private static Value IsBefore(FunctionBuilder function, Value[] left, Value[] right)
    {
        Value isBefore = function.Constant(false);
        for (int axis = left.Length - 1; axis >= 0; axis--)
        {
            Value isEqual = function.Compare(CompareOp.Equal, left[axis], right[axis]);
            isBefore = function.Or(function.Less(left[axis], right[axis]), function.And(isEqual, isBefore));
        }
        return isBefore;
    }

    private static Value[] Chosen(FunctionBuilder function, Value condition, Value[] ifTrue, Value[] ifFalse) =>
        [.. ifTrue.Zip(ifFalse, (a, b) => function.Select(condition, a, b))];
}
