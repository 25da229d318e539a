using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// A scatter (rule 5): each target is combined with its contributions in ascending source index. The output's memory already holds the input "into".
/// Small domains, and folds that may stop, run in one call. Otherwise targets and values are computed in parallel into temporaries; then the output is
/// shared out, and each part walks all contributions in order and applies those that are its own: no races, and one order for any cut.
/// Where there is memory for a window of the output only, contributions to other targets are left out. What ranks do together is in <see cref="SharedScatter"/>.
/// </summary>
internal static class ScatterLowering
{
    // Below this many contributions a second pass costs more than it gives.
    private const long FewContributions = 1 << 14;

    // The target of a contribution to an element that there is no memory for; no offset is that far down.
    private const long Elsewhere = long.MinValue;

    // Every part reads all targets.
    private const int MostParts = 8;

    public static LoweredOperation Lower(GraphNode node, ScatterOperation operation)
    {
        bool isSmall = operation.Domain.IsConstant && operation.Domain.ToBox().Count < FewContributions;
        LoweredOperation lowered = isSmall || operation.Outputs[0].Rank == 0 || !Combination.IsTrapFree(operation.Combiner)
            ? new LoweredOperation([InOneCall(node, operation)], [])
            : new LoweredOperation([Contributions(node, operation, isOfWhole: false), Application(node, operation, BufferSource.Temporary)], Temporaries(operation));
        return SharedScatter.IsFor(operation)
            ? lowered with { Scattered = new SharedScatter(operation.Combiner, operation.Outputs[0].Element.ColumnTypes, () => LowerShared(node, operation)) }
            : lowered;
    }

    /// <summary>The stages in the order that <see cref="SharedScatter"/> names.</summary>
    private static LoweredOperation LowerShared(GraphNode node, ScatterOperation operation)
    {
        LoweredStage contributions = Contributions(node, operation, isOfWhole: true);
        LoweredStage application = Application(node, operation, BufferSource.Contributions);
        return SharedScatter.IsInAnyOrder(operation)
            ? new LoweredOperation([contributions, application, Merge(node, operation)], Temporaries(operation))
            : new LoweredOperation([contributions, application], Temporaries(operation));
    }

    private static LoweredStage InOneCall(GraphNode node, ScatterOperation operation)
    {
        int rank = operation.Domain.Rank;
        var function = new FunctionBuilder(node, "", rank);
        var kernel = new KernelLowering(function, operation.Use);
        var output = new OutputColumns(function, operation.Outputs);
        BoxNest.Emit(function, kernel, rank, (index, isInterior) =>
        {
            (Value target, Value[] value) = Contribution(function, operation, kernel, output, index, isInterior);
            Value isHeld = function.Compare(CompareOp.NotEqual, target, function.Constant(Elsewhere));
            function.If(isHeld, () => Apply(function, operation, output, target, value, index));
        }, isOrdered: true);
        return function.Finish(new DomainBox(0), CutKind.None);
    }

    /// <summary>Targets and values into temporaries. <paramref name="isOfWhole"/>: targets as row-major numbers in the whole output, not as places of its memory.</summary>
    private static LoweredStage Contributions(GraphNode node, ScatterOperation operation, bool isOfWhole)
    {
        int rank = operation.Domain.Rank;
        var function = new FunctionBuilder(node, "_contributions", rank);
        var kernel = new KernelLowering(function, operation.Use);
        OutputColumns? output = isOfWhole ? null : new OutputColumns(function, operation.Outputs, isWritten: false);
        BoxNest.Emit(function, kernel, rank, (index, isInterior) =>
        {
            (Value target, Value[] value) = Contribution(function, operation, kernel, output, index, isInterior);
            Value number = Number(function, index);
            function.Store(Temporary(function, 0, ScalarType.I64), number, target);
            for (int column = 0; column < value.Length; column++)
            {
                function.Store(Temporary(function, 1 + column, value[column].Type), number, value[column]);
            }
        });
        return function.Finish(new DomainBox(0), CutKind.Any) with { Work = KernelWork.Executed(operation.Use.Kernel.Body) };
    }

    /// <summary>All contributions in order, each part of the output those that are its own. <paramref name="source"/>: where they lie.</summary>
    private static LoweredStage Application(GraphNode node, ScatterOperation operation, BufferSource source)
    {
        var function = new FunctionBuilder(node, "", 1);
        var output = new OutputColumns(function, operation.Outputs);
        ArrayType type = operation.Outputs[0];
        ImmutableArray<Value> corner = [.. Enumerable.Range(0, type.Rank).Select(axis => Window(function, ScalarSource.OutputCorner, axis))];
        Value first = output.Offset(corner.SetItem(0, function.Add(corner[0], function.BoxLow[0])));
        Value end = output.Offset(corner.SetItem(0, function.Add(corner[0], function.BoxHigh[0])));
        Value count = source == BufferSource.Contributions ? function.Scalar(new ScalarBinding(ScalarSource.ContributionCount, 0))
            : Counts(operation).Select(binding => function.Scalar(binding)).Aggregate(function.Constant(1), function.Multiply);
        ImmutableArray<Value> noElement = [.. Enumerable.Repeat(function.Constant(0), operation.Domain.Rank)];
        function.For(function.Constant(0), count, number =>
        {
            Value target = function.LoadNow(Contributed(function, source, 0, ScalarType.I64), number);
            Value isOurs = function.And(function.Compare(CompareOp.GreaterOrEqual, target, first), function.Less(target, end));
            function.If(isOurs, () =>
            {
                ImmutableArray<ScalarType> types = type.Element.ColumnTypes;
                Value[] value = [.. types.Select((column, i) => function.LoadNow(Contributed(function, source, 1 + i, column), number))];
                Apply(function, operation, output, target, value, noElement);
            });
        });
        var box = new CountBox([new ScalarBinding(ScalarSource.OutputLength, 0, 0)]);
        return function.Finish(box, CutKind.Any) with { MostParts = MostParts };
    }

    private static (Value Target, Value[] Columns) Contribution(
        FunctionBuilder function, ScatterOperation operation, KernelLowering kernel, OutputColumns? output, ImmutableArray<Value> index, bool isInterior)
    {
        int rank = operation.Outputs[0].Rank;
        Value[] results = kernel.Emit(index, isInterior);
        ImmutableArray<Value> target = [.. results[..rank].Select(t => function.Convert(t, ScalarType.I64))];
        Value isHeld = function.Constant(true);
        for (int axis = 0; axis < rank; axis++)
        {
            if (output is not null)
            {
                Value corner = Window(function, ScalarSource.OutputCorner, axis);
                Value end = function.Add(corner, Window(function, ScalarSource.OutputLength, axis));
                isHeld = function.And(isHeld, function.And(function.Compare(CompareOp.GreaterOrEqual, target[axis], corner), function.Less(target[axis], end)));
            }
            Value extent = Window(function, ScalarSource.OutputExtent, axis);
            Value isInside = function.And(
                function.Compare(CompareOp.GreaterOrEqual, target[axis], function.Constant(0)), function.Less(target[axis], extent));
            function.TrapIf(function.Not(isInside), TrapKind.OutOfRange, index, [target[axis], extent], default, "");
        }
        return (output is null ? NumberOf(function, target) : function.Select(isHeld, output.Offset(target), function.Constant(Elsewhere)), results[rank..]);
    }

    /// <summary>The row-major number of an element of the whole output.</summary>
    private static Value NumberOf(FunctionBuilder function, ImmutableArray<Value> target)
    {
        Value number = target[0];
        for (int axis = 1; axis < target.Length; axis++)
        {
            number = function.Add(function.Multiply(number, Window(function, ScalarSource.OutputExtent, axis)), target[axis]);
        }
        return number;
    }

    /// <summary>The first of two arrays that lie as contributions do becomes, element by element, its combination with the second.</summary>
    private static LoweredStage Merge(GraphNode node, ScatterOperation operation)
    {
        ScalarType type = operation.Outputs[0].Element.ColumnTypes[0];
        var function = new FunctionBuilder(node, "_merge", 1);
        var combination = new Combination(function, operation.Combiner, [type]);
        int mine = function.Buffer(new BufferBinding(BufferSource.Contributions, 0, 0), type, isWritten: true);
        int theirs = function.Buffer(new BufferBinding(BufferSource.Contributions, 0, 1), type);
        function.For(function.BoxLow[0], function.BoxHigh[0], place =>
            function.Store(mine, place, combination.Combine([function.LoadNow(mine, place)], [function.LoadNow(theirs, place)], [])[0]));
        return function.Finish(new CountBox([new ScalarBinding(ScalarSource.ContributionCount, 0)]), CutKind.Any);
    }

    private static Value Window(FunctionBuilder function, ScalarSource source, int axis) => function.Scalar(new ScalarBinding(source, 0, axis));

    private static void Apply(
        FunctionBuilder function, ScatterOperation operation, OutputColumns output, Value target, Value[] value, ImmutableArray<Value> index)
    {
        var combination = new Combination(function, operation.Combiner, operation.Outputs[0].Element.ColumnTypes);
        bool isReplaced = operation.Combiner.Kind == CombinerKind.Last;
        output.StoreAt(target, isReplaced ? value : combination.Combine(output.LoadAt(target), value, index));
    }

    /// <summary>The row-major number of an element of what the launch computes of the domain.</summary>
    private static Value Number(FunctionBuilder function, ImmutableArray<Value> index)
    {
        Value[] pitches = [.. index.Select(_ => function.Constant(1))];
        for (int axis = index.Length - 1; axis > 0; axis--)
        {
            pitches[axis - 1] = function.Multiply(function.Scalar(new ScalarBinding(ScalarSource.PartLeaves, 0, axis)), pitches[axis]);
        }
        Value Low(int axis) => function.Scalar(new ScalarBinding(ScalarSource.PartLow, 0, axis));
        Value corner = function.Offset([.. index.Select((_, axis) => AffineIndex.Of(Low(axis)))], axis => pitches[axis]);
        return function.Subtract(function.Offset([.. index.Select(AffineIndex.Of)], axis => pitches[axis]), corner);
    }

    private static int Temporary(FunctionBuilder function, int number, ScalarType type) =>
        function.Buffer(new BufferBinding(BufferSource.Temporary, number, 0), type, isWritten: true);

    private static int Contributed(FunctionBuilder function, BufferSource source, int column, ScalarType type) =>
        source == BufferSource.Contributions ? function.Buffer(new BufferBinding(source, 0, column), type) : Temporary(function, column, type);

    private static ImmutableArray<ScalarBinding> Counts(ScatterOperation operation) =>
        [.. Enumerable.Range(0, operation.Domain.Rank).Select(axis => new ScalarBinding(ScalarSource.PartLeaves, 0, axis))];

    private static ImmutableArray<TemporaryMemory> Temporaries(ScatterOperation operation) =>
    [
        new TemporaryMemory(sizeof(long), Counts(operation)),
        .. operation.Outputs[0].Element.ColumnTypes.Select(type => new TemporaryMemory(type.Size(), Counts(operation))),
    ];
}
