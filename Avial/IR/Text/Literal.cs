using System.Globalization;

namespace Avial.IR.Text;

/// <summary>
/// Constants in text: <c>true</c>, <c>-3</c>, <c>0.1</c> (the shortest decimal that rounds back), <c>-inf</c>, <c>nan(0x7fc00000)</c>; bits that are no
/// canonical constant of the type print as <c>0x…</c>.
/// </summary>
internal static class Literal
{
    public static string Print(ScalarType type, ulong bits)
    {
        if (!IsCanonical(type, bits))
        {
            return $"0x{bits:x}";
        }
        return type switch
        {
            ScalarType.Bool => bits != 0 ? "true" : "false",
            ScalarType.F16 => Float(BitConverter.UInt16BitsToHalf((ushort)bits), bits),
            ScalarType.F32 => Float(BitConverter.UInt32BitsToSingle((uint)bits), bits),
            ScalarType.F64 => Float(BitConverter.UInt64BitsToDouble(bits), bits),
            _ => type.IsSigned() ? ((long)bits).ToString(CultureInfo.InvariantCulture) : bits.ToString(CultureInfo.InvariantCulture),
        };
    }

    public static ulong Parse(TextScanner text, ScalarType type)
    {
        if (text.Peek("0x"))
        {
            return text.TakeHex();
        }
        if (type == ScalarType.Bool)
        {
            return text.TryTake("true") ? 1u : text.TryTake("false") ? 0u : throw text.Error("true or false");
        }
        if (!type.IsFloat())
        {
            return type.IsSigned() ? (ulong)text.TakeLong() : text.TakeDigits();
        }
        if (text.TryTake("nan"))
        {
            text.Take("(");
            ulong bits = text.TakeHex();
            text.Take(")");
            return bits;
        }
        bool isNegative = text.Peek("-") && text.TryTake("-");
        string number = (isNegative ? "-" : "") + (text.TryTake("inf") ? "Infinity" : text.TakeNumber());
        return type switch
        {
            ScalarType.F16 => BitConverter.HalfToUInt16Bits(Half.Parse(number, CultureInfo.InvariantCulture)),
            ScalarType.F32 => BitConverter.SingleToUInt32Bits(float.Parse(number, CultureInfo.InvariantCulture)),
            _ => BitConverter.DoubleToUInt64Bits(double.Parse(number, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>True when the bits are a constant of the type as <see cref="ConstantInstruction"/> keeps it.</summary>
    public static bool IsCanonical(ScalarType type, ulong bits) => type switch
    {
        ScalarType.Bool => bits <= 1,
        ScalarType.I8 => bits == (ulong)(sbyte)bits,
        ScalarType.I16 => bits == (ulong)(short)bits,
        ScalarType.I32 => bits == (ulong)(int)bits,
        ScalarType.U8 => bits == (byte)bits,
        ScalarType.U16 or ScalarType.F16 => bits == (ushort)bits,
        ScalarType.U32 or ScalarType.F32 => bits == (uint)bits,
        _ => true,
    };

    private static string Float<T>(T value, ulong bits) where T : System.Numerics.IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(value) ? $"nan(0x{bits:x})" : T.IsPositiveInfinity(value) ? "inf" : T.IsNegativeInfinity(value) ? "-inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
