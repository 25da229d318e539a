using System.Numerics;

namespace Avial.Tests.Numerics;

/// <summary>
/// The binned sum in whole numbers, from its definition: every finite value is cut into pieces of three bins below the largest
/// value's bin, the pieces are added exactly, the total is rounded once.
/// </summary>
internal sealed record BinnedModel(int Width, int UnitExponent, int Digits, int MaxExponent)
{
    public static BinnedModel Double { get; } = new(40, -1074, 53, 1024);

    public static BinnedModel Single { get; } = new(13, -149, 24, 128);

    /// <summary>The sum of finite values, each given as a whole number of the smallest subnormal.</summary>
    public double Sum(IReadOnlyList<BigInteger> values)
    {
        int top = 2;
        foreach (BigInteger x in values)
        {
            while (BigInteger.Abs(x) >= BigInteger.One << (Width * top + Width - 1))
            {
                top++;
            }
        }

        BigInteger total = 0;
        foreach (BigInteger x in values)
        {
            BigInteger rest = x;
            for (int bin = top; bin > top - 3; bin--)
            {
                BigInteger piece = RoundToMultiple(rest, Width * bin);
                total += piece;
                rest -= piece;
            }
        }

        return Round(total);
    }

    /// <summary>A double as a whole number of 2^<see cref="UnitExponent"/>.</summary>
    public BigInteger ToUnits(double x)
    {
        if (x == 0)
        {
            return 0;
        }

        int exponent = Math.ILogB(x);
        var mantissa = (long)Math.ScaleB(x, Math.Max(-1022, exponent) > exponent ? 1074 : 52 - exponent);
        int shift = (Math.Max(-1022, exponent) > exponent ? -1074 : exponent - 52) - UnitExponent;
        return shift >= 0 ? (BigInteger)mantissa << shift : (BigInteger)mantissa / (BigInteger.One << -shift);
    }

    /// <summary>The nearest number of <see cref="Digits"/> digits, ties to even.</summary>
    public double Round(BigInteger units)
    {
        BigInteger magnitude = BigInteger.Abs(units);
        int excess = (int)Math.Max(0, (long)magnitude.GetBitLength() - Digits);
        BigInteger kept = magnitude >> excess;
        BigInteger rest = magnitude - (kept << excess);
        BigInteger half = excess == 0 ? 1 : BigInteger.One << (excess - 1);
        if (excess > 0 && (rest > half || (rest == half && !kept.IsEven)))
        {
            kept++;
        }

        if (kept << excess >= BigInteger.One << (MaxExponent - UnitExponent))
        {
            return units.Sign * double.PositiveInfinity;
        }

        return units.Sign * Math.ScaleB((double)kept, excess + UnitExponent);
    }

    private static BigInteger RoundToMultiple(BigInteger x, int log2)
    {
        BigInteger unit = BigInteger.One << log2;
        BigInteger doubled = 2 * BigInteger.Abs(x) + unit;
        return x.Sign * (log2 == 0 ? BigInteger.Abs(x) : (doubled / (2 * unit)) * unit);
    }
}
