using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Reductions, in the canonical order of their combiner (rule 2).</summary>
internal static partial class ReduceLowering
{
    public static LoweredOperation Lower(GraphNode node, ReduceOperation operation)
    {
        bool isFloat = operation.Use.Kernel.ResultTypes[0].IsFloat();
        return operation.Combiner.Kind switch
        {
            CombinerKind.Mean => LowerSum(node, operation),
            CombinerKind.Sum when isFloat => LowerSum(node, operation),
            CombinerKind.Product when isFloat => LowerFold(node, operation),
            CombinerKind.Fold => LowerFold(node, operation),
            CombinerKind.ArgMin or CombinerKind.ArgMax => LowerExtreme(node, operation),
            _ => LowerAnyOrder(node, operation),
        };
    }

    private static readonly ScalarBinding s_partCount = new(ScalarSource.PartCount, 0);

    // One call over nothing but the results of the parts.
    private static readonly StageBox s_once = new CountBox([]);

    private static long Work(ReduceOperation operation, bool isTotal)
    {
        const long RowLength = 64;
        return KernelWork.Executed(operation.Use.Kernel.Body) * (isTotal ? 1 : RowLength);
    }

    /// <summary>Stores a result, in the output's types, at the kept indices.</summary>
    private static void Store(ReductionSpace space, ReduceOperation operation, ImmutableArray<Value> kept, Value[] columns)
    {
        FunctionBuilder function = space.Function;
        ImmutableArray<ScalarType> types = operation.Outputs[0].Element.ColumnTypes;
        var output = new OutputColumns(function, operation.Outputs);
        Value[] converted = [.. columns.Select((value, column) => function.Convert(value, types[column]))];
        // Outputs start at 0 on every axis.
        ImmutableArray<Value> place = [.. kept.Select((index, i) => function.Subtract(index, space.Low(space.Kept[i])))];
        output.Store(place, converted);
    }

    /// <summary>Parts that leave records, and their merging into the result or, for other ranks, into one record.</summary>
    private static LoweredOperation Combining(LoweredStage parts, LoweredStage finish, LoweredStage merge, TemporaryMemory records) =>
        new([parts with { PartTemporary = 0 }, finish], [records]) { Combine = new CombineStages(records.RecordBytes, merge, finish.Rebound(BufferSource.Records)) };

    /// <summary>Stores what records were merged into: the result, or one record.</summary>
    private static void StoreMerged(ReductionSpace space, ReduceOperation operation, ImmutableArray<ScalarType> types, Value[] total, bool isShared)
    {
        if (isShared)
        {
            new PartRecord(space.Function, types, BufferSource.Record).Store(total);
        }
        else
        {
            Store(space, operation, [], total);
        }
    }

    private static void TrapIfEmpty(ReductionSpace space, Value isEmpty) =>
        space.Function.TrapIf(isEmpty, TrapKind.EmptyRange, space.Corner, [], default, "");

    /// <summary>The columns of one record of partial results, in 8-byte slots.</summary>
    private sealed class PartRecord
    {
        private const int SlotBytes = 8;

        private readonly FunctionBuilder _function;
        private readonly ImmutableArray<ScalarType> _types;
        private readonly BufferSource _source;

        public PartRecord(FunctionBuilder function, ImmutableArray<ScalarType> types, BufferSource source = BufferSource.Temporary)
        {
            _function = function;
            _types = types;
            _source = source;
        }

        public TemporaryMemory Memory => new(SlotBytes * _types.Length, [s_partCount]);

        public void Store(Value[] columns)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                _function.Store(Buffer(column, isWritten: true), _function.Constant(column * (SlotBytes / _types[column].Size())), columns[column]);
            }
        }

        public Value[] Load(Value part) => [.. _types.Select((type, column) =>
        {
            int perSlot = SlotBytes / type.Size();
            Value offset = _function.Add(_function.Multiply(part, _types.Length * perSlot), column * perSlot);
            return _function.LoadNow(Buffer(column, isWritten: false), offset);
        })];

        private int Buffer(int column, bool isWritten) =>
            _function.Buffer(new BufferBinding(_source, 0, 0), _types[column], isWritten);
    }
}
