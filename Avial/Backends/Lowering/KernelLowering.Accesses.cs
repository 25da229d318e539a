using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Reads: borders, bounds, offsets.</summary>
internal sealed partial class KernelLowering
{
    private bool _isInterior;

    private Value Extent(int operand, int axis)
    {
        BufferBinding binding = _operands[operand];
        ScalarSource source = binding.Source == BufferSource.Output ? ScalarSource.OutputExtent : ScalarSource.InputExtent;
        return _function.Scalar(new ScalarBinding(source, binding.Position, axis));
    }

    private Value Pitch(int operand, int axis)
    {
        BufferBinding binding = _operands[operand];
        ScalarSource source = binding.Source == BufferSource.Output ? ScalarSource.OutputPitch : ScalarSource.InputPitch;
        return _function.Scalar(new ScalarBinding(source, binding.Position, axis));
    }

    private Value Corner(int operand, int axis)
    {
        BufferBinding binding = _operands[operand];
        ScalarSource source = binding.Source == BufferSource.Output ? ScalarSource.OutputCorner : ScalarSource.InputCorner;
        return _function.Scalar(new ScalarBinding(source, binding.Position, axis));
    }

    /// <summary>The indices along an axis that a read with a border shows as they are.</summary>
    private (Value Low, Value High) Inside(Access access, int axis)
    {
        Value extent = Extent(access.Operand, axis);
        if (access.Border != BorderKind.Wrap)
        {
            return (_function.Constant(0), extent);
        }
        Value corner = Corner(access.Operand, axis);
        return (corner, _function.Add(corner, extent));
    }

    private Value Lower(Access access)
    {
        if (access.Border == BorderKind.None || (_isInterior && _borders.IsPeelable(access)))
        {
            return LoadInside(access, [.. access.Indices.Select(ToLoops)]);
        }
        Value[] indices = [.. access.Indices.Select(i => _function.Index(ToLoops(i)))];
        switch (access.Border)
        {
            case BorderKind.Or:
                Value inside = _function.Constant(true);
                for (int axis = 0; axis < indices.Length; axis++)
                {
                    inside = _function.And(inside, IsInside(indices[axis], Extent(access.Operand, axis)));
                }
                if (IsMarked(access))
                {
                    _function.If(inside, () => Load(access, [.. indices.Select(AffineIndex.Of)]));
                    return NoValue(access);
                }
                Value outside = Of(access.OrValue!.Value);
                return _function.If(inside, () => [Load(access, [.. indices.Select(AffineIndex.Of)])], () => [outside])[0];
            case BorderKind.Clamp:
                TrapOnEmpty(access);
                return Load(access, [.. indices.Select((index, axis) => AffineIndex.Of(Clamped(index, Extent(access.Operand, axis))))]);
            default:
                TrapOnEmpty(access);
                return Load(access, [.. indices.Select((index, axis) => AffineIndex.Of(Wrapped(index, access.Operand, axis)))]);
        }
    }

    private AffineIndex ToLoops(AffineIndex index) =>
        AffineIndex.Of(index.Terms.Where(t => !IsKnown(t.Atom, out _)).Select(t => new AffineTerm(Of(t.Atom), t.Coefficient)),
            index.Constant + index.Terms.Sum(t => IsKnown(t.Atom, out long known) ? t.Coefficient * known : 0));

    // An unrolled induction is a constant, and joins the index's constant.
    private bool IsKnown(Value atom, out long value)
    {
        bool isKnown = _function.IsConstant(Of(atom), out ulong bits);
        value = (long)bits;
        return isKnown;
    }

    private Value LoadInside(Access access, ImmutableArray<AffineIndex> indices)
    {
        bool isChecked = access.Border == BorderKind.None && access.Proof != BoundsProof.Proven;
        if (isChecked && !_rangeChecked.Contains(access))
        {
            for (int axis = 0; axis < indices.Length; axis++)
            {
                Value index = _function.Index(indices[axis]);
                Value extent = Extent(access.Operand, axis);
                Trap(_function.Not(IsInside(index, extent)), TrapKind.OutOfRange, access.Span, $"operand {access.Operand}", index, extent);
            }
        }
        return Load(access, indices, isGuarded: isChecked);
    }

    private Value Load(Access access, ImmutableArray<AffineIndex> indices, bool isGuarded = false)
    {
        BufferBinding binding = _operands[access.Operand] with { Column = access.Column };
        ScalarType type = _kernel.Operands[access.Operand].Columns[access.Column];
        int buffer = _function.Buffer(binding, type);
        Value offset = _function.Offset(indices, axis => Pitch(access.Operand, axis));
        if (IsMarked(access))
        {
            _function.Store(_function.Buffer(binding, type, isWritten: true), offset, _function.Constant(type, 1));
            return NoValue(access);
        }
        // A sweep's own array changes between elements; what is read in place is an element's own or stays as it is.
        bool mayMove = !isGuarded && !(_isSweep && access.Operand == 0);
        return _function.Load(buffer, offset, mayMove ? Motion.OutOfBoxLoops : Motion.Stay);
    }

    private bool IsMarked(Access access) => _operands[access.Operand].Source == BufferSource.Input && _operands[access.Operand].Position == _marks;

    // Nothing uses what a marked read gives.
    private Value NoValue(Access access) => _function.Constant(_kernel.Operands[access.Operand].Columns[access.Column], 0);

    private void TrapOnEmpty(Access access)
    {
        if (access.Proof == BoundsProof.Proven)
        {
            return;
        }
        for (int axis = 0; axis < access.Indices.Length; axis++)
        {
            Value extent = Extent(access.Operand, axis);
            Value isEmpty = _function.Compare(CompareOp.LessOrEqual, extent, _function.Constant(0));
            Trap(isEmpty, TrapKind.OutOfRange, access.Span, $"operand {access.Operand}", _function.Index(ToLoops(access.Indices[axis])), extent);
        }
    }

    private Value IsInside(Value index, Value extent) =>
        _function.And(_function.Compare(CompareOp.GreaterOrEqual, index, _function.Constant(0)), _function.Less(index, extent));

    private Value Clamped(Value index, Value extent) =>
        _function.Min(_function.Max(index, _function.Constant(0)), _function.Add(extent, -1));

    // The place from the low corner of the window on that shows a periodic index: corner + floormod(index - corner, extent), without a difference that could wrap.
    private Value Wrapped(Value index, int operand, int axis)
    {
        // The divisor is kept above zero, as this may be moved in front of the check that the array is not empty.
        Value divisor = _function.Max(Extent(operand, axis), _function.Constant(1));
        Value corner = Corner(operand, axis);
        Value first = FloorModulo(corner, divisor);
        Value place = FloorModulo(index, divisor);
        Value turn = _function.Subtract(corner, first);
        return _function.Add(place, _function.Select(_function.Less(place, first), _function.Add(turn, divisor), turn));
    }

    private Value FloorModulo(Value index, Value divisor)
    {
        Value remainder = _function.Binary(BinaryOp.Remainder, index, divisor);
        Value isNegative = _function.Less(remainder, _function.Constant(0));
        return _function.Select(isNegative, _function.Add(remainder, divisor), remainder);
    }
}
