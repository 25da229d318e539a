using System.Reflection.Emit;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <content>The conditions of traps: whether arithmetic overflows, whether a conversion fits.</content>
internal sealed partial class FunctionEmitter
{
    private void EmitOverflow(OverflowInstruction overflow)
    {
        ScalarType type = overflow.Left.Type;
        Push(overflow.Left);
        Push(overflow.Right);
        string name = overflow.Op switch
        {
            BinaryOp.Add => nameof(RangeChecks.AddOverflows),
            BinaryOp.Subtract => nameof(RangeChecks.SubtractOverflows),
            BinaryOp.Multiply => nameof(RangeChecks.MultiplyOverflows),
            _ => throw new InternalErrorException($"There is no overflow test of {overflow.Op}."),
        };
        if (type.Size() >= 4)
        {
            _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(name, [type.ClrType(), type.ClrType()])!);
            return;
        }
        // In 32 bits a narrow sum or product leaves the narrow range exactly when it overflows, even where it wraps.
        _il.Emit(overflow.Op switch
        {
            BinaryOp.Add => OpCodes.Add,
            BinaryOp.Subtract => OpCodes.Sub,
            _ => OpCodes.Mul,
        });
        _il.Emit(OpCodes.Conv_I8);
        EmitIsInRange(type);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Ceq);
    }

    private void EmitConvertFits(ConvertFitsInstruction fits)
    {
        ScalarType from = fits.Operand.Type;
        Push(fits.Operand);
        if (from.IsFloat())
        {
            EmitConvert(from, ScalarType.F64, ConvertMode.Unchecked);
            (double above, double below) = TruncationLimits(fits.To);
            _il.Emit(OpCodes.Ldc_R8, above);
            _il.Emit(OpCodes.Ldc_R8, below);
            _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(nameof(RangeChecks.IsBetween))!);
            return;
        }
        if (from == ScalarType.U64)
        {
            _il.Emit(OpCodes.Ldc_I8, fits.To == ScalarType.U64 ? -1 : Limits(fits.To).High);
            _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(nameof(RangeChecks.IsAtMost))!);
            return;
        }
        EmitConvert(from, ScalarType.I64, ConvertMode.Unchecked);
        EmitIsInRange(fits.To);
    }

    private void EmitIsInRange(ScalarType type)
    {
        (long low, long high) = Limits(type);
        _il.Emit(OpCodes.Ldc_I8, low);
        _il.Emit(OpCodes.Ldc_I8, high);
        _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(nameof(RangeChecks.IsInRange))!);
    }

    // As far as i64 values go.
    private static (long Low, long High) Limits(ScalarType type) => type switch
    {
        ScalarType.I8 => (sbyte.MinValue, sbyte.MaxValue),
        ScalarType.I16 => (short.MinValue, short.MaxValue),
        ScalarType.I32 => (int.MinValue, int.MaxValue),
        ScalarType.I64 => (long.MinValue, long.MaxValue),
        ScalarType.U8 => (byte.MinValue, byte.MaxValue),
        ScalarType.U16 => (ushort.MinValue, ushort.MaxValue),
        ScalarType.U32 => (uint.MinValue, uint.MaxValue),
        ScalarType.U64 => (0, long.MaxValue),
        _ => throw new InternalErrorException($"{type.Text()} is no integer."),
    };

    // x truncated fits when above < x < below.
    private static (double Above, double Below) TruncationLimits(ScalarType type) => type switch
    {
        ScalarType.I64 => (Math.BitDecrement(-9223372036854775808.0), 9223372036854775808.0),
        ScalarType.U64 => (-1, 18446744073709551616.0),
        _ => (Limits(type).Low - 1.0, Limits(type).High + 1.0),
    };
}
