using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Backends;

/// <summary>Random scalars that are often the awkward ones.</summary>
internal static class ScalarInputs
{
    public static ScalarType[] Types { get; } = Enum.GetValues<ScalarType>();

    public static ulong Next(Random random, ScalarType type)
    {
        if (type == ScalarType.Bool)
        {
            return (ulong)random.Next(2);
        }
        if (type.IsFloat())
        {
            double x = random.Next(12) switch
            {
                0 => 0.0,
                1 => -0.0,
                2 => double.NaN,
                3 => double.PositiveInfinity,
                4 => double.NegativeInfinity,
                5 => Math.Pow(2, random.Next(-30, 70)) * (random.Next(2) == 0 ? 1 : -1),
                6 => Math.Pow(2, random.Next(30, 66)) - random.Next(3),
                7 => random.Next(-5, 6),
                8 => random.Next(-5, 6) + 0.5,
                9 => random.NextDouble() * 1e-40,
                _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 6)),
            };
            return type switch
            {
                ScalarType.F16 => ScalarBits.Of((Half)x),
                ScalarType.F32 => ScalarBits.Of((float)x),
                _ => ScalarBits.Of(x),
            };
        }
        ulong bits = random.Next(4) switch
        {
            0 => (ulong)(long)random.Next(-3, 4),
            1 => ScalarBits.Highest(type),
            2 => ScalarBits.Lowest(type),
            _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        };
        return Extend(type, bits);
    }

    /// <summary>The slot of the low bits of an integer type.</summary>
    public static ulong Extend(ScalarType type, ulong bits)
    {
        int shift = 64 - 8 * type.Size();
        return type.IsSigned() ? (ulong)((long)(bits << shift) >> shift) : bits << shift >> shift;
    }

    /// <summary>The bytes of random elements.</summary>
    public static unsafe byte[] Buffer(Random random, ScalarType type, int count)
    {
        var bytes = new byte[count * type.Size()];
        fixed (byte* address = bytes)
        {
            for (int i = 0; i < count; i++)
            {
                ScalarBits.Store(address + i * type.Size(), type, Next(random, type));
            }
        }
        return bytes;
    }
}
