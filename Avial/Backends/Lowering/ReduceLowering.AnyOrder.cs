using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Integers, logic, Min, Max: any order gives the same bits, so parts are folded as they come.</summary>
internal static partial class ReduceLowering
{
    private static LoweredOperation LowerAnyOrder(GraphNode node, ReduceOperation operation)
    {
        var space = new ReductionSpace(node, operation);
        FunctionBuilder function = space.Function;
        if (ColumnBlock.Applies(space, operation.Domain.Rank) && KernelWork.IsTrapFree(operation.Use.Kernel.Body))
        {
            return LowerAnyOrderColumns(space, operation);
        }
        var kernel = new KernelLowering(function, operation.Use);
        var combination = new Combination(function, operation.Combiner, operation.Use.Kernel.ResultTypes);
        Block body = operation.Use.Kernel.Body;
        bool isCopied = KernelWork.Instructions(body) <= MostCopiedInstructions && KernelWork.IsStraightLine(body);
        space.ForEachResult(kept =>
        {
            if (!space.IsTotal && IsRefusedWhenEmpty(operation))
            {
                TrapIfEmpty(space, function.Compare(CompareOp.Equal, space.Count, function.Constant(0)));
            }
            Value[] result = space.ForEachRow(kept, combination.Identity(), (row, carried) => EmitRow(function, kernel, combination, isCopied, row, carried));
            if (space.IsTotal)
            {
                new PartRecord(function, combination.Types).Store(result);
            }
            else
            {
                Store(space, operation, kept, result);
            }
        });
        LoweredStage stage = function.Finish(space.Box, CutKind.Any) with { Work = Work(operation, space.IsTotal) };
        if (!space.IsTotal)
        {
            return new LoweredOperation([stage], []);
        }

        return Combining(stage, MergeAnyOrder(node, operation, false), MergeAnyOrder(node, operation, true), new PartRecord(function, combination.Types).Memory);
    }

    private static LoweredStage MergeAnyOrder(GraphNode node, ReduceOperation operation, bool isShared)
    {
        var space = new ReductionSpace(node, operation, isShared ? "_share" : "_merge");
        FunctionBuilder function = space.Function;
        var combination = new Combination(function, operation.Combiner, operation.Use.Kernel.ResultTypes);
        var records = new PartRecord(function, combination.Types, isShared ? BufferSource.Records : BufferSource.Temporary);
        if (!isShared && IsRefusedWhenEmpty(operation))
        {
            TrapIfEmpty(space, function.Compare(CompareOp.Equal, space.Count, function.Constant(0)));
        }
        Value[] total = function.For(function.Constant(0), function.Scalar(s_partCount), combination.Identity(),
            (part, carried) => combination.Combine(carried, records.Load(part), space.Corner));
        StoreMerged(space, operation, combination.Types, total, isShared);
        return function.Finish(s_once, CutKind.None);
    }

    // A small body is copied into independent lanes, so that one combination need not wait for the one before.
    private static Value[] EmitRow(
        FunctionBuilder function, KernelLowering kernel, Combination combination, bool isCopied, DomainRow row, Value[] carried)
    {
        Value[] Step(Value place, Value[] before) => combination.Combine(before, kernel.Emit(row.At(place)), row.At(place));
        if (!isCopied)
        {
            return function.For(row.Low, row.High, carried, Step, isOverBox: row.IsOverBox);
        }
        Value length = function.Max(function.Subtract(row.High, row.Low), function.Constant(0));
        Value whole = function.Add(row.Low, function.Binary(BinaryOp.And, length, function.Constant(-Lanes)));
        int columns = carried.Length;
        Value[] identities = [.. Enumerable.Range(0, Lanes).SelectMany(_ => combination.Identity())];
        Value[] lanes = function.For(row.Low, whole, identities, (place, before) =>
            [.. Enumerable.Range(0, Lanes).SelectMany(lane => Step(function.Add(place, lane), before[(lane * columns)..((lane + 1) * columns)]))], step: Lanes);
        for (int lane = 0; lane < Lanes; lane++)
        {
            carried = combination.Combine(carried, lanes[(lane * columns)..((lane + 1) * columns)], row.At(row.Low));
        }
        return function.For(whole, row.High, carried, Step);
    }

    private static bool IsRefusedWhenEmpty(ReduceOperation operation) => operation.Combiner.Kind is CombinerKind.Min or CombinerKind.Max;
}
