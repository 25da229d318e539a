using Avial.IR;

namespace Avial.Tests.Generators;

/// <summary>Random values of every type as the bits of constants: mostly small, now and then the extremes.</summary>
internal static class RandomBits
{
    private static readonly double[] s_edges =
        [0, -0.0, 1, -1, 0.5, 1e-40, -1e-310, 65504, 3e38, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    public static ulong Of(ScalarType type, Random random)
    {
        bool isEdge = random.Next(8) == 0;
        double number = isEdge ? s_edges[random.Next(s_edges.Length)] : Math.Round(random.NextDouble() * 16 - 8, random.Next(4));
        return type switch
        {
            ScalarType.Bool => (ulong)random.Next(2),
            ScalarType.F16 => BitConverter.HalfToUInt16Bits((Half)number),
            ScalarType.F32 => BitConverter.SingleToUInt32Bits((float)number),
            ScalarType.F64 => BitConverter.DoubleToUInt64Bits(number),
            _ => Integer(type, isEdge ? Edge(type, random) : type.IsSigned() ? random.Next(-9, 30) : random.Next(40)),
        };
    }

    /// <summary>The constant of an integer type: the low bits, extended.</summary>
    public static ulong Integer(ScalarType type, long value) => type switch
    {
        ScalarType.I8 => (ulong)(sbyte)value,
        ScalarType.I16 => (ulong)(short)value,
        ScalarType.I32 => (ulong)(int)value,
        ScalarType.U8 => (byte)value,
        ScalarType.U16 => (ushort)value,
        ScalarType.U32 => (uint)value,
        _ => (ulong)value,
    };

    private static long Edge(ScalarType type, Random random)
    {
        long lowest = type.IsSigned() ? -1L << (8 * type.Size() - 1) : 0;
        return random.Next(4) switch
        {
            0 => lowest,
            1 => lowest - 1, // wraps to the highest
            2 => lowest + 1,
            _ => random.NextInt64(),
        };
    }
}
