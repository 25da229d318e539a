using Avial.Numerics;

namespace Avial.Tests.Numerics;

/// <summary>The numbers that the golden orders are worked out from, a function of their position in the domain.</summary>
internal static class OrderInputs
{
    private const ulong Seed = 2026;

    /// <summary>Uniform in [-1, 1) times a power of two from 2^-10 to 2^10.</summary>
    public static double Double(long position) => Math.ScaleB(2 * Philox.Uniform64(Seed, 0, position) - 1, Exponent(position));

    /// <inheritdoc cref="Double"/>
    public static float Single(long position) => MathF.ScaleB(2 * Philox.Uniform32(Seed, 0, position) - 1, Exponent(position));

    /// <summary>Uniform in [0.5, 1.5), a factor whose products stay in range.</summary>
    public static double Factor(long position) => 0.5 + Philox.Uniform64(Seed, 2, position);

    /// <inheritdoc cref="Factor"/>
    public static float FactorSingle(long position) => 0.5f + Philox.Uniform32(Seed, 2, position);

    /// <summary>The row-major position of an index in a box, from 0.</summary>
    public static long Position(long[] lo, long[] hi, long[] index)
    {
        long position = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            position = position * (hi[axis] - lo[axis]) + (index[axis] - lo[axis]);
        }

        return position;
    }

    private static int Exponent(long position) => (int)(Philox.Bits32(Seed, 1, position) % 21) - 10;
}
