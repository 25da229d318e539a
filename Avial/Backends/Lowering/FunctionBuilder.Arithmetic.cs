using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Arithmetic in short words. What is cheap and trap-free moves anywhere; kernels say otherwise where they must.</summary>
internal sealed partial class FunctionBuilder
{
    public Value Constant(ScalarType type, ulong bits)
    {
        Value value = Pure(type, Motion.Anywhere, [], r => new ConstantInstruction(r, bits));
        _constants[value.Id] = bits;
        return value;
    }

    public Value Constant(long value) => Constant(ScalarType.I64, (ulong)value);

    public Value Constant(bool value) => Constant(ScalarType.Bool, value ? 1u : 0u);

    public Value Zero(ScalarType type) => Constant(type, 0);

    public Value Unary(UnaryOp op, Value a) => Pure(a.Type, Motion.OutOfLoops, [a], r => new UnaryInstruction(r, op, a));

    public Value Binary(BinaryOp op, Value a, Value b, Motion motion = Motion.Anywhere) =>
        Pure(a.Type, motion, [a, b], r => new BinaryInstruction(r, op, a, b));

    public Value Add(Value a, Value b) => IsInteger(a, 0) ? b : IsInteger(b, 0) ? a : Binary(BinaryOp.Add, a, b);

    public Value Add(Value a, long b) => Add(a, Constant(b));

    public Value Subtract(Value a, Value b) => IsInteger(b, 0) ? a : Binary(BinaryOp.Subtract, a, b);

    public Value Multiply(Value a, Value b) => IsInteger(a, 1) ? b : IsInteger(b, 1) ? a : Binary(BinaryOp.Multiply, a, b);

    public Value Multiply(Value a, long b) => Multiply(a, Constant(b));

    public Value Min(Value a, Value b) => a == b ? a : Binary(BinaryOp.Min, a, b);

    public Value Max(Value a, Value b) => a == b ? a : Binary(BinaryOp.Max, a, b);

    public Value And(Value a, Value b) => IsBool(a, true) ? b : IsBool(b, true) ? a : Binary(BinaryOp.And, a, b);

    public Value Or(Value a, Value b) => IsBool(a, false) ? b : IsBool(b, false) ? a : Binary(BinaryOp.Or, a, b);

    public Value Not(Value a) => Pure(ScalarType.Bool, Motion.Anywhere, [a], r => new UnaryInstruction(r, UnaryOp.Not, a));

    /// <summary>The floor of a / 2^bits.</summary>
    public Value ShiftRight(Value a, int bits)
    {
        Value count = Constant(ScalarType.I32, (ulong)bits);
        return Binary(BinaryOp.ShiftRight, a, count);
    }

    public Value ShiftLeft(Value a, int bits)
    {
        Value count = Constant(ScalarType.I32, (ulong)bits);
        return Binary(BinaryOp.ShiftLeft, a, count);
    }

    public Value Compare(CompareOp op, Value a, Value b) =>
        Pure(ScalarType.Bool, Motion.Anywhere, [a, b], r => new CompareInstruction(r, op, a, b));

    public Value Less(Value a, Value b) => Compare(CompareOp.Less, a, b);

    public Value Select(Value condition, Value ifTrue, Value ifFalse) => ifTrue == ifFalse ? ifTrue
        : Pure(ifTrue.Type, Motion.Anywhere, [condition, ifTrue, ifFalse], r => new SelectInstruction(r, condition, ifTrue, ifFalse));

    public Value Convert(Value a, ScalarType to) => a.Type == to ? a
        : Pure(to, Motion.Anywhere, [a], r => new ConvertInstruction(r, ConvertMode.Unchecked, a));

    public Value Fma(Value a, Value b, Value c) => Pure(a.Type, Motion.OutOfLoops, [a, b, c], r => new FmaInstruction(r, a, b, c));

    /// <summary>Reads an element where we stand; never shared, as the buffer may be written between two reads.</summary>
    public Value LoadNow(int buffer, Value offset)
    {
        Value value = NewValue(TypeOfBuffer(buffer));
        Add(new BufferLoadInstruction(value, buffer, offset));
        return value;
    }

    /// <summary>Reads an element of a buffer that nothing writes meanwhile; shared with equal reads.</summary>
    public Value Load(int buffer, Value offset, Motion motion) =>
        Pure(TypeOfBuffer(buffer), motion, [offset], r => new BufferLoadInstruction(r, buffer, offset));

    public void Store(int buffer, Value offset, Value value) => Add(new BufferStoreInstruction(buffer, offset, value));

    private bool IsInteger(Value value, ulong bits) => value.Type.IsInteger() && IsConstant(value, out ulong known) && known == bits;

    private bool IsBool(Value value, bool wanted) => value.Type == ScalarType.Bool && IsConstant(value, out ulong known) && known != 0 == wanted;
}
