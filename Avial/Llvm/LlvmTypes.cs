using System.Globalization;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <summary>How scalar types and their constants are written in LLVM IR.</summary>
internal static class LlvmTypes
{
    /// <summary>The type of a value in a register.</summary>
    public static string Of(ScalarType type) => type switch
    {
        ScalarType.Bool => "i1",
        ScalarType.I8 or ScalarType.U8 => "i8",
        ScalarType.I16 or ScalarType.U16 => "i16",
        ScalarType.I32 or ScalarType.U32 => "i32",
        ScalarType.I64 or ScalarType.U64 => "i64",
        ScalarType.F16 => "half",
        ScalarType.F32 => "float",
        ScalarType.F64 => "double",
        _ => throw new InternalErrorException($"{type} has no LLVM type."),
    };

    /// <summary>The type of an element in memory: a bool takes a byte.</summary>
    public static string InMemory(ScalarType type) => type == ScalarType.Bool ? "i8" : Of(type);

    /// <summary>How overloaded intrinsics name the type: <c>f64</c>, <c>i32</c>.</summary>
    public static string Suffix(ScalarType type) => type switch
    {
        ScalarType.F16 => "f16",
        ScalarType.F32 => "f32",
        ScalarType.F64 => "f64",
        _ => Of(type),
    };

    /// <summary>A constant of these bits, as <see cref="ConstantInstruction"/> has them.</summary>
    public static string Constant(ScalarType type, ulong bits) => type switch
    {
        ScalarType.Bool => bits == 0 ? "false" : "true",
        ScalarType.F16 => $"0xH{(ushort)bits:X4}",
        // A float is written as the double of the same value; where that might lose a NaN's payload, as its bits.
        ScalarType.F32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)) => $"bitcast (i32 {(int)bits} to float)",
        ScalarType.F32 => $"0x{BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)bits)):X16}",
        ScalarType.F64 => $"0x{bits:X16}",
        ScalarType.I8 or ScalarType.U8 => ((sbyte)bits).ToString(CultureInfo.InvariantCulture),
        ScalarType.I16 or ScalarType.U16 => ((short)bits).ToString(CultureInfo.InvariantCulture),
        ScalarType.I32 or ScalarType.U32 => ((int)bits).ToString(CultureInfo.InvariantCulture),
        _ => ((long)bits).ToString(CultureInfo.InvariantCulture),
    };
}
