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
            (double above, double below) = IntegerLimits.Truncated(fits.To);
            _il.Emit(OpCodes.Ldc_R8, above);
            _il.Emit(OpCodes.Ldc_R8, below);
            _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(nameof(RangeChecks.IsBetween))!);
            return;
        }
        if (from == ScalarType.U64)
        {
            _il.Emit(OpCodes.Ldc_I8, fits.To == ScalarType.U64 ? -1 : IntegerLimits.Of(fits.To).High);
            _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(nameof(RangeChecks.IsAtMost))!);
            return;
        }
        EmitConvert(from, ScalarType.I64, ConvertMode.Unchecked);
        EmitIsInRange(fits.To);
    }

    private void EmitIsInRange(ScalarType type)
    {
        (long low, long high) = IntegerLimits.Of(type);
        _il.Emit(OpCodes.Ldc_I8, low);
        _il.Emit(OpCodes.Ldc_I8, high);
        _il.Emit(OpCodes.Call, typeof(RangeChecks).GetMethod(nameof(RangeChecks.IsInRange))!);
    }
}
