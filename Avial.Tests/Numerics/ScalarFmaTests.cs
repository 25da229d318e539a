using System.Numerics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Numerics;

public sealed class ScalarFmaTests
{
    [Test]
    public void Half_OfValuesNearTies_IsRoundedOnce([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            Half a = Draw(random);
            Half b = Draw(random);
            Half c = Draw(random);

            Half fused = ScalarArithmetic.Fma(a, b, c);

            Assert.That(BitConverter.HalfToUInt16Bits(fused), Is.EqualTo(BitConverter.HalfToUInt16Bits(Exact(a, b, c))), $"seed {seed}: {a} * {b} + {c}");
        }
    }

    [Test]
    public void Half_WhereFloatWouldRoundTwice_IsRoundedOnce()
    {
        // 1025.5 - 2^-21: to float that is the tie 1025.5, which would go up to even.
        Half a = (Half)(1 + Math.ScaleB(1, -10));
        Half b = (Half)(0.5 * (1 - Math.ScaleB(1, -10)));
        Half c = (Half)1025;

        Half fused = ScalarArithmetic.Fma(a, b, c);

        Assert.That(fused, Is.EqualTo((Half)1025));
        Assert.That((Half)MathF.FusedMultiplyAdd((float)a, (float)b, (float)c), Is.EqualTo((Half)1026), "rounded twice");
    }

    [Test]
    public void Half_OfSpecials_IsIeee()
    {
        Assert.That(Half.IsNaN(ScalarArithmetic.Fma(Half.PositiveInfinity, Half.Zero, Half.One)), Is.True);
        Assert.That(Half.IsNaN(ScalarArithmetic.Fma(Half.PositiveInfinity, Half.One, Half.NegativeInfinity)), Is.True);
        Assert.That(ScalarArithmetic.Fma(Half.MaxValue, Half.MaxValue, Half.NegativeInfinity), Is.EqualTo(Half.NegativeInfinity));
        Assert.That(Half.IsNegative(ScalarArithmetic.Fma(-Half.One, Half.Zero, Half.NegativeZero)), Is.True);
        Assert.That(ScalarArithmetic.Fma(Half.MaxValue, (Half)2, -Half.MaxValue), Is.EqualTo(Half.MaxValue));
    }

    [Test]
    public void SingleAndDouble_AreNotRoundedTwice()
    {
        float f = ScalarBits.To<float>(ScalarArithmetic.Fma(ScalarType.F32, ScalarBits.Of(1 + MathF.ScaleB(1, -23)), ScalarBits.Of(1 - MathF.ScaleB(1, -23)), ScalarBits.Of(-1f)));
        double d = ScalarBits.To<double>(ScalarArithmetic.Fma(ScalarType.F64, ScalarBits.Of(1 + Math.ScaleB(1, -52)), ScalarBits.Of(1 - Math.ScaleB(1, -52)), ScalarBits.Of(-1.0)));

        Assert.That(f, Is.EqualTo(-MathF.ScaleB(1, -46)));
        Assert.That(d, Is.EqualTo(-Math.ScaleB(1, -104)));
    }

    [Test]
    public void Calls_GiveWhatTheMethodGives()
    {
        var sin = new MathFunction("Math.Sin", typeof(Math).GetMethod("Sin")!, [ScalarType.F64], ScalarType.F64, false);
        var clamp = new MathFunction("Math.Clamp", typeof(Math).GetMethod("Clamp", [typeof(int), typeof(int), typeof(int)])!, [ScalarType.I32, ScalarType.I32, ScalarType.I32], ScalarType.I32, true);
        var isNaN = new MathFunction("Half.IsNaN", typeof(Half).GetMethod("IsNaN")!, [ScalarType.F16], ScalarType.Bool, false);

        Assert.That(ScalarCalls.TryCall(sin, [ScalarBits.Of(0.7)], out ulong sine, out _), Is.True);
        Assert.That(ScalarCalls.TryCall(clamp, [ScalarBits.Of(-9), ScalarBits.Of(-5), ScalarBits.Of(5)], out ulong clamped, out _), Is.True);
        Assert.That(ScalarCalls.TryCall(isNaN, [ScalarBits.Of(Half.NaN)], out ulong truth, out _), Is.True);

        Assert.That(sine, Is.EqualTo(ScalarBits.Of(Math.Sin(0.7))));
        Assert.That(ScalarBits.To<int>(clamped), Is.EqualTo(-5));
        Assert.That(clamped, Is.EqualTo(unchecked((ulong)-5L)));
        Assert.That(truth, Is.EqualTo(1));
    }

    [Test]
    public void Calls_ThatThrow_Trap()
    {
        var abs = new MathFunction("Math.Abs", typeof(Math).GetMethod("Abs", [typeof(int)])!, [ScalarType.I32], ScalarType.I32, true);

        bool isFine = ScalarCalls.TryCall(abs, [ScalarBits.Of(int.MinValue)], out _, out TrapKind trap);

        Assert.That((isFine, trap), Is.EqualTo((false, TrapKind.MathDomain)));
    }

    // Exact in units of 2^-48, then the nearest Half by trying the neighbours of a guess.
    private static Half Exact(Half a, Half b, Half c)
    {
        BigInteger exact = Units(a) * Units(b) + (Units(c) << 24);
        Half guess = (Half)((double)exact * Math.ScaleB(1, -48));
        if (exact.IsZero || Half.IsInfinity(guess))
        {
            return exact.IsZero ? (Half)((double)a * (double)b + (double)c) : guess;
        }
        Half[] near = [Half.BitDecrement(guess), guess, Half.BitIncrement(guess)];
        Half nearest = near.Where(Half.IsFinite)
            .OrderBy(h => BigInteger.Abs((Units(h) << 24) - exact))
            .ThenBy(h => BitConverter.HalfToUInt16Bits(h) & 1)
            .First();
        return nearest == Half.Zero && exact.Sign < 0 ? Half.NegativeZero : nearest;
    }

    private static BigInteger Units(Half x) => new(Math.ScaleB((double)x, 24));

    private static Half Draw(Random random)
    {
        // Few distinct exponents and sparse mantissas: sums near ties are frequent.
        int sign = random.Next(2) << 15;
        int exponent = random.Next(4) switch { 0 => random.Next(31), 1 => 0, _ => random.Next(10, 20) };
        int mantissa = random.Next(3) switch { 0 => 1 << random.Next(10), 1 => 1023 & ~(1 << random.Next(10)), _ => random.Next(1024) };
        return BitConverter.UInt16BitsToHalf((ushort)(sign | (exponent << 10) | mantissa));
    }
}
