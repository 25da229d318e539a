using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>One leaf of a scan, and the bounds and directions that all stages of a scan share.</summary>
internal sealed class ScanLeaf
{
    private const int LeafBits = 8;

    private readonly FunctionBuilder _function;
    private readonly ScanOperation _operation;
    private readonly KernelLowering _kernel;
    private readonly Combination _combination;
    private readonly OutputColumns _output;
    private readonly bool _isTrapFree;
    private readonly bool _isReversed;
    private readonly bool _isCarried;

    public ScanLeaf(FunctionBuilder function, ScanOperation operation, ImmutableArray<ScalarType> types, bool isCarried)
    {
        _isCarried = isCarried;
        _function = function;
        _operation = operation;
        _kernel = new KernelLowering(function, operation.Use);
        _combination = new Combination(function, operation.Combiner, types);
        _output = new OutputColumns(function, operation.Outputs);
        _isTrapFree = Combination.IsTrapFree(operation.Combiner);
        _isReversed = operation.Domain.Axes[operation.Axis].IsReversed;
    }

    public OutputColumns Output => _output;

    /// <summary>The first index of what the launch computes, along an axis.</summary>
    public Value Low(int axis) => Scalar(ScalarSource.PartLow, axis);

    /// <summary>One past the last.</summary>
    public Value High(int axis) => Scalar(ScalarSource.PartHigh, axis);

    public Value LeavesOf(int axis) => _function.Scalar(new ScalarBinding(ScalarSource.PartLeaves, 0, axis, 1 << LeafBits));

    /// <summary>True where lines begin with a value of the elements before them, which others have computed.</summary>
    public Value HasCarry
    {
        get
        {
            if (!_isCarried)
            {
                return _function.Constant(false);
            }
            int axis = _operation.Axis;
            return _isReversed ? _function.Less(High(axis), Scalar(ScalarSource.DomainHigh, axis)) : _function.Less(Scalar(ScalarSource.DomainLow, axis), Low(axis));
        }
    }

    /// <summary>Whether the leaf at a position in the order of a line is the first of the whole line.</summary>
    public Value IsFirstLeaf(Value position)
    {
        Value isFirst = _function.Compare(CompareOp.Equal, position, _function.Constant(0));
        return _isCarried ? _function.And(isFirst, _function.Not(HasCarry)) : isFirst;
    }

    /// <summary>What a line begins with: what is carried in, or these values.</summary>
    public Value[] CarryIn(Value[] line, Func<Value[]> nothing)
    {
        Value[] Load() => [.. _combination.Types.Select((type, column) => _function.LoadNow(
            _function.Buffer(new BufferBinding(BufferSource.CarryIn, 0, column), type), CarryOffset(line, ScalarSource.CarryInPitch)))];
        return _isCarried ? _function.If(HasCarry, Load, nothing) : nothing();
    }

    /// <summary>Leaves the value of a whole line to others.</summary>
    public void CarryOut(Value[] line, Value[] total)
    {
        for (int column = 0; _isCarried && column < total.Length; column++)
        {
            int buffer = _function.Buffer(new BufferBinding(BufferSource.CarryOut, 0, column), total[column].Type, isWritten: true);
            _function.Store(buffer, CarryOffset(line, ScalarSource.CarryOutPitch), total[column]);
        }
    }

    /// <summary>Number <paramref name="position"/> of low … high - 1 in the scan's direction.</summary>
    public Value InOrder(Value position, Value low, Value high) =>
        _isReversed ? _function.Subtract(_function.Add(high, -1), position) : _function.Add(low, position);

    /// <summary>The first and one past the last index of a leaf inside low … high - 1.</summary>
    public (Value From, Value To) Bounds(Value number, Value low, Value high) =>
        (_function.Max(_function.ShiftLeft(number, LeafBits), low), _function.Min(_function.ShiftLeft(_function.Add(number, 1), LeafBits), high));

    /// <summary>The leaf's first index in the scan's direction.</summary>
    public Value Start(Value number, Value low, Value high)
    {
        (Value from, Value to) = Bounds(number, low, high);
        return InOrder(_function.Constant(0), from, to);
    }

    /// <summary>The offset in the output, which starts at 0 on every axis, of a place on a line.</summary>
    public Value OutputOffset(Value[] line, Value place) =>
        _output.Offset([.. At(line, place).Select((index, axis) => _function.Subtract(index, Scalar(ScalarSource.DomainLow, axis)))]);

    public Value[] Combine(Value[] left, Value[] right, Value[] line, Value place) => _combination.Combine(left, right, At(line, place));

    public Value[] Identity() => _combination.Identity();

    /// <summary>Either of two elements; both are computed where that is safe.</summary>
    public Value[] Choose(Value condition, Func<Value[]> then, Func<Value[]> otherwise) => _isTrapFree
        ? [.. then().Zip(otherwise(), (a, b) => _function.Select(condition, a, b))]
        : _function.If(condition, then, otherwise);

    /// <summary>
    /// Scans a leaf of a line into the output and returns its value. Without an offset (<paramref name="offset"/> null), results are those inside the
    /// leaf; with one, whole results, where the line's first leaf has none.
    /// </summary>
    public Value[] Emit(Value[] line, Value number, Value low, Value high, Value[]? offset, Value? isFirstLeaf)
    {
        (Value from, Value to) = Bounds(number, low, high);
        Value length = _function.Subtract(to, from);
        return _function.For(_function.Constant(0), length, [.. _combination.Types.Select(_function.Zero)], (position, running) =>
        {
            Value place = InOrder(position, from, to);
            Value[] element = _combination.Widen(_kernel.Emit(At(line, place)));
            Value isFirst = _function.Compare(CompareOp.Equal, position, _function.Constant(0));
            Value[] next = Choose(isFirst, () => element, () => Combine(running, element, line, place));
            Value[] WithOffset(Value[] value) => offset is null ? value
                : Choose(isFirstLeaf!.Value, () => value, () => Combine(offset, value, line, place));
            Value[] result = !_operation.IsExclusive ? WithOffset(next) : Choose(isFirst,
                () => offset is null ? Identity() : Choose(isFirstLeaf!.Value, Identity, () => offset),
                () => WithOffset(running));
            Store(OutputOffset(line, place), result);
            return next;
        });
    }

    // Lines are numbered from 0 on every axis but the scan's.
    private Value CarryOffset(Value[] line, ScalarSource pitch) => _function.Offset(
        [.. Enumerable.Range(0, line.Length).Where(axis => axis != _operation.Axis)
            .Select(axis => AffineIndex.Of(_function.Subtract(line[axis], Scalar(ScalarSource.DomainLow, axis))))],
        axis => Scalar(pitch, axis));

    private Value Scalar(ScalarSource source, int axis) => _function.Scalar(new ScalarBinding(source, 0, axis));

    private void Store(Value offset, Value[] columns)
    {
        ImmutableArray<ScalarType> types = _operation.Outputs[0].Element.ColumnTypes;
        _output.StoreAt(offset, [.. columns.Select((value, column) => _function.Convert(value, types[column]))]);
    }

    private ImmutableArray<Value> At(Value[] line, Value place)
    {
        Value[] index = [.. line];
        index[_operation.Axis] = place;
        return [.. index];
    }
}
