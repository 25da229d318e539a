using System.Reflection.Emit;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Managed;

/// <content>Scalar arithmetic, as C# compiles it.</content>
internal sealed partial class FunctionEmitter
{
    private void PushConstant(ScalarType type, ulong bits)
    {
        switch (type)
        {
            case ScalarType.I64 or ScalarType.U64:
                _il.Emit(OpCodes.Ldc_I8, (long)bits);
                break;
            case ScalarType.F32:
                _il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle((uint)bits));
                break;
            case ScalarType.F64:
                _il.Emit(OpCodes.Ldc_R8, BitConverter.UInt64BitsToDouble(bits));
                break;
            case ScalarType.F16:
                _il.Emit(OpCodes.Ldc_I4, (int)(ushort)bits);
                _il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod(nameof(BitConverter.UInt16BitsToHalf))!);
                break;
            default:
                _il.Emit(OpCodes.Ldc_I4, (int)bits);
                break;
        }
    }

    private void EmitUnary(UnaryInstruction unary)
    {
        ScalarType type = unary.Result.Type;
        switch (unary.Op)
        {
            case UnaryOp.NegateChecked when type.IsInteger():
                PushConstant(type, 0);
                Push(unary.Operand);
                EmitChecked(OpCodes.Sub_Ovf, OpCodes.Sub_Ovf_Un, type);
                break;
            case UnaryOp.Negate or UnaryOp.NegateChecked:
                Push(unary.Operand);
                if (type == ScalarType.F16)
                {
                    CallHalf("op_UnaryNegation", 1);
                    break;
                }
                _il.Emit(OpCodes.Neg);
                EmitWrap(type);
                break;
            default:
                Push(unary.Operand);
                if (type == ScalarType.Bool)
                {
                    _il.Emit(OpCodes.Ldc_I4_0);
                    _il.Emit(OpCodes.Ceq);
                    break;
                }
                _il.Emit(OpCodes.Not);
                EmitWrap(type);
                break;
        }
    }

    private void EmitBinary(BinaryInstruction binary)
    {
        ScalarType type = binary.Result.Type;
        Push(binary.Left);
        Push(binary.Right);
        if (binary.Op is BinaryOp.Min or BinaryOp.Max)
        {
            Type owner = type == ScalarType.F16 ? typeof(Half) : typeof(Math);
            _il.Emit(OpCodes.Call, owner.GetMethod(binary.Op.ToString(), [type.ClrType(), type.ClrType()])!);
            return;
        }
        if (type == ScalarType.F16)
        {
            EmitHalfBinary(binary.Op);
            return;
        }
        switch (binary.Op)
        {
            case BinaryOp.Add:
                _il.Emit(OpCodes.Add);
                break;
            case BinaryOp.Subtract:
                _il.Emit(OpCodes.Sub);
                break;
            case BinaryOp.Multiply:
                _il.Emit(OpCodes.Mul);
                break;
            case BinaryOp.Divide:
                _il.Emit(type.IsUnsigned() ? OpCodes.Div_Un : OpCodes.Div);
                break;
            case BinaryOp.Remainder:
                _il.Emit(type.IsUnsigned() ? OpCodes.Rem_Un : OpCodes.Rem);
                break;
            case BinaryOp.AddChecked:
                EmitChecked(OpCodes.Add_Ovf, OpCodes.Add_Ovf_Un, type, OpCodes.Add);
                return;
            case BinaryOp.SubtractChecked:
                EmitChecked(OpCodes.Sub_Ovf, OpCodes.Sub_Ovf_Un, type, OpCodes.Sub);
                return;
            case BinaryOp.MultiplyChecked:
                EmitChecked(OpCodes.Mul_Ovf, OpCodes.Mul_Ovf_Un, type, OpCodes.Mul);
                return;
            case BinaryOp.And:
                _il.Emit(OpCodes.And);
                return;
            case BinaryOp.Or:
                _il.Emit(OpCodes.Or);
                return;
            case BinaryOp.Xor:
                _il.Emit(OpCodes.Xor);
                return;
            case BinaryOp.ShiftLeft or BinaryOp.ShiftRight:
                _il.Emit(OpCodes.Ldc_I4, type.Size() * 8 - 1);
                _il.Emit(OpCodes.And);
                _il.Emit(binary.Op == BinaryOp.ShiftLeft ? OpCodes.Shl : type.IsUnsigned() ? OpCodes.Shr_Un : OpCodes.Shr);
                break;
            default:
                throw new InternalErrorException($"Managed code for {binary.Op} is not known.");
        }
        EmitWrap(type);
    }

    private void EmitChecked(OpCode signed, OpCode unsigned, ScalarType type, OpCode plain = default)
    {
        if (type.IsFloat())
        {
            _il.Emit(plain);
            return;
        }
        _il.Emit(type.IsUnsigned() ? unsigned : signed);
        if (type.Size() < 4)
        {
            _il.Emit(CheckedConversion(type, fromUnsigned: false));
        }
    }

    // Values narrower than 32 bits are kept extended on the stack.
    private void EmitWrap(ScalarType type)
    {
        if (type.IsInteger() && type.Size() < 4)
        {
            _il.Emit(Conversion(type));
        }
    }

    private void EmitHalfBinary(BinaryOp op) => CallHalf(op switch
    {
        BinaryOp.Add or BinaryOp.AddChecked => "op_Addition",
        BinaryOp.Subtract or BinaryOp.SubtractChecked => "op_Subtraction",
        BinaryOp.Multiply or BinaryOp.MultiplyChecked => "op_Multiply",
        BinaryOp.Divide => "op_Division",
        BinaryOp.Remainder => "op_Modulus",
        _ => throw new InternalErrorException($"{op} does not apply to f16."),
    }, 2);

    private void CallHalf(string name, int arguments) =>
        _il.Emit(OpCodes.Call, typeof(Half).GetMethod(name, [.. Enumerable.Repeat(typeof(Half), arguments)])!);

    private void EmitCompare(CompareInstruction compare)
    {
        ScalarType type = compare.Left.Type;
        Push(compare.Left);
        Push(compare.Right);
        if (type == ScalarType.F16)
        {
            CallHalf(compare.Op switch
            {
                CompareOp.Equal => "op_Equality",
                CompareOp.NotEqual => "op_Inequality",
                CompareOp.Less => "op_LessThan",
                CompareOp.LessOrEqual => "op_LessThanOrEqual",
                CompareOp.Greater => "op_GreaterThan",
                _ => "op_GreaterThanOrEqual",
            }, 2);
            return;
        }
        // "Not greater" is "less or equal" only when the comparison is true for NaN: the .un forms of floats are.
        bool isUnsigned = type.IsUnsigned() || type == ScalarType.Bool;
        bool isFloat = type.IsFloat();
        switch (compare.Op)
        {
            case CompareOp.Equal:
                _il.Emit(OpCodes.Ceq);
                return;
            case CompareOp.NotEqual:
                _il.Emit(OpCodes.Ceq);
                break;
            case CompareOp.Less:
                _il.Emit(isUnsigned ? OpCodes.Clt_Un : OpCodes.Clt);
                return;
            case CompareOp.Greater:
                _il.Emit(isUnsigned ? OpCodes.Cgt_Un : OpCodes.Cgt);
                return;
            case CompareOp.LessOrEqual:
                _il.Emit(isUnsigned || isFloat ? OpCodes.Cgt_Un : OpCodes.Cgt);
                break;
            default:
                _il.Emit(isUnsigned || isFloat ? OpCodes.Clt_Un : OpCodes.Clt);
                break;
        }
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Ceq);
    }

    private void EmitSelect(SelectInstruction select)
    {
        Label otherwise = _il.DefineLabel();
        Label end = _il.DefineLabel();
        Push(select.Condition);
        _il.Emit(OpCodes.Brfalse, otherwise);
        Push(select.IfTrue);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(otherwise);
        Push(select.IfFalse);
        _il.MarkLabel(end);
    }

    private void EmitFma(FmaInstruction fma)
    {
        Push(fma.A);
        Push(fma.B);
        Push(fma.C);
        Type type = fma.Result.Type.ClrType();
        (Type owner, string name) = fma.Result.Type switch
        {
            ScalarType.F64 => (typeof(Math), nameof(Math.FusedMultiplyAdd)),
            ScalarType.F32 => (typeof(MathF), nameof(MathF.FusedMultiplyAdd)),
            _ => (typeof(ScalarArithmetic), nameof(ScalarArithmetic.Fma)),
        };
        _il.Emit(OpCodes.Call, owner.GetMethod(name, [type, type, type])!);
    }

    private void EmitCall(MathInstruction call)
    {
        foreach (Value argument in call.Arguments)
        {
            Push(argument);
        }
        _il.Emit(OpCodes.Call, call.Function.Method);
    }

    // (result, failed) = function(arguments), through a method that catches.
    private void EmitGuardedCall(MathInstruction call)
    {
        LocalBuilder failed = Local(call.Defined[1]);
        foreach (Value argument in call.Arguments)
        {
            Push(argument);
        }
        _il.Emit(OpCodes.Ldloca, failed);
        _il.Emit(OpCodes.Call, GuardedCalls.Of(call.Function.Method));
        _il.Emit(OpCodes.Stloc, Local(call.Defined[0]));
    }

    private void EmitRandom(RandomInstruction random)
    {
        Push(random.Seed);
        Push(random.Stream);
        Push(random.Index);
        string method = (random.Kind, random.Result.Type) switch
        {
            (RandomKind.Uniform, ScalarType.F16) => nameof(Philox.Uniform16),
            (RandomKind.Normal, ScalarType.F16) => nameof(Philox.Normal16),
            (RandomKind.Uniform, ScalarType.F32) => nameof(Philox.Uniform32),
            (RandomKind.Uniform, ScalarType.F64) => nameof(Philox.Uniform64),
            (RandomKind.Normal, ScalarType.F32) => nameof(Philox.Normal32),
            (RandomKind.Normal, ScalarType.F64) => nameof(Philox.Normal64),
            (RandomKind.Bits, ScalarType.U8 or ScalarType.U16 or ScalarType.U32) => nameof(Philox.Bits32),
            (RandomKind.Bits, ScalarType.U64) => nameof(Philox.Bits64),
            _ => throw new InternalErrorException($"There are no {random.Kind} random numbers of type {random.Result.Type.Text()}."),
        };
        _il.Emit(OpCodes.Call, typeof(Philox).GetMethod(method)!);
        EmitWrap(random.Result.Type);
    }
}
