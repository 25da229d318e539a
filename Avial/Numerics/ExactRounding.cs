namespace Avial.Numerics;

/// <summary>Rounds <c>integer · 2^exponent</c> once, to nearest, ties to even.</summary>
/// <remarks>Callers pass exponents no lower than that of the smallest subnormal, so scaling the rounded integer is exact.</remarks>
internal static class ExactRounding
{
    // An integer of 62 bits, the last one standing for all that was cut off, rounds to 53 or 24 bits as the whole would.
    private const int KeptBits = 62;

    public static double ToDouble(Int128 value, int exponent)
    {
        long kept = Keep(value, ref exponent);
        return Math.ScaleB((double)kept, exponent);
    }

    public static float ToSingle(Int128 value, int exponent)
    {
        long kept = Keep(value, ref exponent);
        return MathF.ScaleB((float)kept, exponent);
    }

    private static long Keep(Int128 value, ref int exponent)
    {
        UInt128 magnitude = (UInt128)Int128.Abs(value);
        int excess = 128 - (int)UInt128.LeadingZeroCount(magnitude) - KeptBits;
        if (excess <= 0)
        {
            return (long)value;
        }

        bool isCut = (magnitude & ((UInt128.One << excess) - 1)) != 0;
        long kept = (long)(magnitude >> excess) | (isCut ? 1L : 0L);
        exponent += excess;
        return value < 0 ? -kept : kept;
    }
}
