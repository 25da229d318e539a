using System.Reflection.Emit;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <content>Conversions, as C# compiles them: floats to integers saturate since .NET 9.</content>
internal sealed partial class FunctionEmitter
{
    private void EmitConvert(ScalarType from, ScalarType to, ConvertMode mode)
    {
        if (from == to)
        {
            return;
        }
        if (from == ScalarType.F16 || to == ScalarType.F16)
        {
            _il.Emit(OpCodes.Call, HalfConversions.Find(from.ClrType(), to.ClrType(), mode));
            return;
        }
        if (to.IsFloat())
        {
            if (from is ScalarType.U32 or ScalarType.U64)
            {
                _il.Emit(OpCodes.Conv_R_Un);
            }
            _il.Emit(to == ScalarType.F32 ? OpCodes.Conv_R4 : OpCodes.Conv_R8);
            return;
        }
        if (mode == ConvertMode.Checked)
        {
            _il.Emit(CheckedConversion(to, from.IsUnsigned()));
            return;
        }
        // Widening to 64 bits extends by the source's sign.
        _il.Emit(to.Size() == 8 && !from.IsFloat() ? (from.IsSigned() ? OpCodes.Conv_I8 : OpCodes.Conv_U8) : Conversion(to));
    }

    private static OpCode Conversion(ScalarType to) => to switch
    {
        ScalarType.I8 => OpCodes.Conv_I1,
        ScalarType.I16 => OpCodes.Conv_I2,
        ScalarType.I32 => OpCodes.Conv_I4,
        ScalarType.I64 => OpCodes.Conv_I8,
        ScalarType.U8 or ScalarType.Bool => OpCodes.Conv_U1,
        ScalarType.U16 => OpCodes.Conv_U2,
        ScalarType.U32 => OpCodes.Conv_U4,
        ScalarType.U64 => OpCodes.Conv_U8,
        _ => throw new InternalErrorException($"{to.Text()} is no integer."),
    };

    private static OpCode CheckedConversion(ScalarType to, bool fromUnsigned) => (to, fromUnsigned) switch
    {
        (ScalarType.I8, false) => OpCodes.Conv_Ovf_I1,
        (ScalarType.I16, false) => OpCodes.Conv_Ovf_I2,
        (ScalarType.I32, false) => OpCodes.Conv_Ovf_I4,
        (ScalarType.I64, false) => OpCodes.Conv_Ovf_I8,
        (ScalarType.U8, false) => OpCodes.Conv_Ovf_U1,
        (ScalarType.U16, false) => OpCodes.Conv_Ovf_U2,
        (ScalarType.U32, false) => OpCodes.Conv_Ovf_U4,
        (ScalarType.U64, false) => OpCodes.Conv_Ovf_U8,
        (ScalarType.I8, true) => OpCodes.Conv_Ovf_I1_Un,
        (ScalarType.I16, true) => OpCodes.Conv_Ovf_I2_Un,
        (ScalarType.I32, true) => OpCodes.Conv_Ovf_I4_Un,
        (ScalarType.I64, true) => OpCodes.Conv_Ovf_I8_Un,
        (ScalarType.U8, true) => OpCodes.Conv_Ovf_U1_Un,
        (ScalarType.U16, true) => OpCodes.Conv_Ovf_U2_Un,
        (ScalarType.U32, true) => OpCodes.Conv_Ovf_U4_Un,
        (ScalarType.U64, true) => OpCodes.Conv_Ovf_U8_Un,
        _ => throw new InternalErrorException($"{to.Text()} is no integer."),
    };
}
