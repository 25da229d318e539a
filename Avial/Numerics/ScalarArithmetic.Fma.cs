using Avial.IR;

namespace Avial.Numerics;

internal static partial class ScalarArithmetic
{
    /// <summary>a × b + c, rounded once; correct without hardware support too.</summary>
    public static ulong Fma(ScalarType type, ulong a, ulong b, ulong c) => type switch
    {
        ScalarType.F16 => ScalarBits.Of(Fma(ScalarBits.To<Half>(a), ScalarBits.To<Half>(b), ScalarBits.To<Half>(c))),
        ScalarType.F32 => ScalarBits.Of(MathF.FusedMultiplyAdd(ScalarBits.To<float>(a), ScalarBits.To<float>(b), ScalarBits.To<float>(c))),
        ScalarType.F64 => ScalarBits.Of(Math.FusedMultiplyAdd(ScalarBits.To<double>(a), ScalarBits.To<double>(b), ScalarBits.To<double>(c))),
        _ => throw NoSuchOperation(BinaryOp.Multiply, type),
    };

    /// <summary>Half's a × b + c rounded once, which <c>Half.FusedMultiplyAdd</c> is not: it rounds to float on the way.</summary>
    /// <remarks>
    /// The product is exact in double (22 bits). The sum may be rounded to double, but never across or onto a tie of Half, so that rounding
    /// it again gives the sum rounded once. Let 2^e be the sum's greater term. If that is the product, the sum's last bit is at least 2^-24 and
    /// its first at most 2^17 (above, Half overflows either way): exact. If it is c, ties are multiples of 2^(e-12), and c is one of 2^(e-10).
    /// A product of at least 2^(e-12) has its last bit at 2^(e-34) or higher: exact. A smaller one leaves the sum next to c, away from ties.
    /// Subnormal results have no bit below 2^-48 and none above 2^-13: exact.
    /// </remarks>
    public static Half Fma(Half a, Half b, Half c) => (Half)((double)a * (double)b + (double)c);
}
