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
        var kernel = new KernelLowering(function, operation.Use);
        var combination = new Combination(function, operation.Combiner, operation.Use.Kernel.ResultTypes);
        space.ForEachResult(kept =>
        {
            if (!space.IsTotal && IsRefusedWhenEmpty(operation))
            {
                TrapIfEmpty(space, function.Compare(CompareOp.Equal, space.Count, function.Constant(0)));
            }
            Value[] result = space.ForEachRow(kept, combination.Identity(), (row, carried) =>
                function.For(row.Low, row.High, carried,
                    (place, inner) => combination.Combine(inner, kernel.Emit(row.At(place)), row.At(place)), isOverBox: row.IsOverBox));
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

        var merge = new ReductionSpace(node, operation, "_merge");
        var merging = new Combination(merge.Function, operation.Combiner, combination.Types);
        var records = new PartRecord(merge.Function, combination.Types);
        Value parts = merge.Function.Scalar(s_partCount);
        if (IsRefusedWhenEmpty(operation))
        {
            TrapIfEmpty(merge, merge.Function.Compare(CompareOp.Equal, parts, merge.Function.Constant(0)));
        }
        Value[] total = merge.Function.For(merge.Function.Constant(0), parts, merging.Identity(),
            (part, carried) => merging.Combine(carried, records.Load(part), merge.Corner));
        Store(merge, operation, [], total);
        return new LoweredOperation([stage with { PartTemporary = 0 }, merge.Function.Finish(s_once, CutKind.None)], [records.Memory]);
    }

    private static bool IsRefusedWhenEmpty(ReduceOperation operation) => operation.Combiner.Kind is CombinerKind.Min or CombinerKind.Max;
}
