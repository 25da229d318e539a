using Avial.Diagnostics;

namespace Avial.IR;

/// <summary>What integer types can hold.</summary>
internal static class IntegerLimits
{
    /// <summary>The least and the greatest value, as far as 64-bit signed integers go.</summary>
    public static (long Low, long High) Of(ScalarType type) => type switch
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

    /// <summary>A double x, its fraction cut off, fits when above &lt; x &lt; below.</summary>
    public static (double Above, double Below) Truncated(ScalarType type) => type switch
    {
        ScalarType.I64 => (Math.BitDecrement(-9223372036854775808.0), 9223372036854775808.0),
        ScalarType.U64 => (-1, 18446744073709551616.0),
        _ => (Of(type).Low - 1.0, Of(type).High + 1.0),
    };
}
