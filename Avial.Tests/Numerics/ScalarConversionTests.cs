using System.Numerics;
using System.Runtime.CompilerServices;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Numerics;

public sealed class ScalarConversionTests
{
    private static readonly ScalarType[] s_numbers = [.. Enum.GetValues<ScalarType>().Where(t => t != ScalarType.Bool)];

    private static readonly double[] s_doubles =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 0.9, -0.9, 1.5, 2.5, 127, 127.9, 128, -128, -128.9, -129, 200, 255, 255.9, 256, 257.5, 300, -300, 32767, 32768, -32768, -32769, 40000,
        65535, 65536, 70000, -70000, 1e5, 16777217, 2147483520, 2147483647, 2147483648, 2147483904, -2147483648.0, -2147483649.0, -2147484000.0, 4294967295, 4294967296, 5e9, -5e9,
        9.2e18, 9.3e18, -9.3e18, 1.8e19, 1.9e19, 1e30, -1e30, double.Epsilon, double.MaxValue, double.MinValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, 65504, 65519, 65520, 5.96e-8, 1e-40,
    ];

    private static readonly ulong[] s_wide =
    [
        0, 1, 127, 128, 255, 256, 65504, 65519, 65520, 65535, 16777215, 16777217, 16777219, 0x80000040, 0x80000080, 0x800000C0, 0xFFFFFF7F, 0xFFFFFFFF,
        1ul << 53, (1ul << 53) + 1, (1ul << 54) + 2, 0x7FFFFFBFFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0x8000008000000000, 0x8000008000000001, 0x8000000000000401,
        0x8000018000000000, 0x80000080000003FF, 0xFFFFFF7FFFFFFFFF, 0xFFFFFFFFFFFFFBFF, 0xFFFFFFFFFFFFFFFF, (1ul << 60) + (1ul << 36) + 1, (1ul << 60) + (1ul << 36),
    ];

    [Test]
    public void IntegerToInteger_WrapsOrTraps()
    {
        foreach (ScalarType from in s_numbers.Where(t => t.IsInteger()))
        {
            foreach (ScalarType to in s_numbers.Where(t => t.IsInteger()))
            {
                foreach (ulong a in ScalarArithmeticTests.Integers(from))
                {
                    BigInteger x = ScalarArithmeticTests.Exact(from, a);
                    BigInteger wrapped = ScalarArithmeticTests.Wrap(to, x);

                    bool isFine = ScalarArithmetic.TryConvert(ConvertMode.Checked, from, to, a, out ulong @checked, out TrapKind trap);

                    Assert.That(Unchecked(from, to, a), Is.EqualTo(ScalarArithmeticTests.Slot(to, wrapped)), $"{x} from {from} to {to}");
                    Assert.That(isFine, Is.EqualTo(wrapped == x), $"checked {x} from {from} to {to}");
                    Assert.That(isFine ? @checked : (ulong)trap, Is.EqualTo(isFine ? ScalarArithmeticTests.Slot(to, x) : (ulong)TrapKind.Overflow));
                }
            }
        }
    }

    [Test]
    public void FloatToWideInteger_TruncatesAndSaturates()
    {
        foreach ((ScalarType from, ulong a, double x) in Floats())
        {
            foreach (ScalarType to in new[] { ScalarType.I32, ScalarType.I64, ScalarType.U32, ScalarType.U64 })
            {
                BigInteger expected = double.IsNaN(x) ? 0 : x >= 1e300 ? ScalarArithmeticTests.Greatest(to) : x <= -1e300 ? ScalarArithmeticTests.Least(to)
                    : BigInteger.Max(ScalarArithmeticTests.Least(to), BigInteger.Min(ScalarArithmeticTests.Greatest(to), new BigInteger(x)));

                Assert.That(Unchecked(from, to, a), Is.EqualTo(ScalarArithmeticTests.Slot(to, expected)), $"{x} from {from} to {to}");
            }
        }
    }

    [Test]
    public void FloatToSmallInteger_IsWhatTheCastGivesAtRunTime()
    {
        foreach (double d in s_doubles)
        {
            (float f, Half h) = ((float)d, (Half)d);
            Assert.That(Unchecked(ScalarType.F64, ScalarType.I8, ScalarBits.Of(d)), Is.EqualTo(ScalarBits.Of(ToI8(d))), $"(sbyte){d}");
            Assert.That(Unchecked(ScalarType.F64, ScalarType.I16, ScalarBits.Of(d)), Is.EqualTo(ScalarBits.Of(ToI16(d))), $"(short){d}");
            Assert.That(Unchecked(ScalarType.F64, ScalarType.U8, ScalarBits.Of(d)), Is.EqualTo(ScalarBits.Of(ToU8(d))), $"(byte){d}");
            Assert.That(Unchecked(ScalarType.F64, ScalarType.U16, ScalarBits.Of(d)), Is.EqualTo(ScalarBits.Of(ToU16(d))), $"(ushort){d}");
            Assert.That(Unchecked(ScalarType.F32, ScalarType.I8, ScalarBits.Of(f)), Is.EqualTo(ScalarBits.Of(ToI8(f))), $"(sbyte){f}f");
            Assert.That(Unchecked(ScalarType.F32, ScalarType.I16, ScalarBits.Of(f)), Is.EqualTo(ScalarBits.Of(ToI16(f))), $"(short){f}f");
            Assert.That(Unchecked(ScalarType.F32, ScalarType.U8, ScalarBits.Of(f)), Is.EqualTo(ScalarBits.Of(ToU8(f))), $"(byte){f}f");
            Assert.That(Unchecked(ScalarType.F32, ScalarType.U16, ScalarBits.Of(f)), Is.EqualTo(ScalarBits.Of(ToU16(f))), $"(ushort){f}f");
            Assert.That(Unchecked(ScalarType.F16, ScalarType.I8, ScalarBits.Of(h)), Is.EqualTo(ScalarBits.Of(ToI8(h))), $"(sbyte)(Half){h}");
            Assert.That(Unchecked(ScalarType.F16, ScalarType.U16, ScalarBits.Of(h)), Is.EqualTo(ScalarBits.Of(ToU16(h))), $"(ushort)(Half){h}");
        }
    }

    [Test]
    public void FloatToSmallInteger_SaturatesToIntAndKeepsTheLowBits()
    {
        foreach ((ScalarType from, ulong a, double x) in Floats())
        {
            ulong int32 = Unchecked(from, ScalarType.I32, a);
            foreach (ScalarType to in new[] { ScalarType.I8, ScalarType.I16, ScalarType.U8, ScalarType.U16 })
            {
                Assert.That(Unchecked(from, to, a), Is.EqualTo(Unchecked(ScalarType.I32, to, int32)), $"{x} from {from} to {to}");
            }
        }
    }

    [Test]
    public void CheckedFloatToInteger_TrapsUnlessTheTruncatedValueFits()
    {
        foreach ((ScalarType from, ulong a, double x) in Floats())
        {
            foreach (ScalarType to in s_numbers.Where(t => t.IsInteger()))
            {
                bool fits = double.IsFinite(x) && new BigInteger(x) >= ScalarArithmeticTests.Least(to) && new BigInteger(x) <= ScalarArithmeticTests.Greatest(to);

                bool isFine = ScalarArithmetic.TryConvert(ConvertMode.Checked, from, to, a, out ulong result, out TrapKind trap);

                Assert.That(isFine, Is.EqualTo(fits), $"checked {x} from {from} to {to}");
                Assert.That(isFine ? result : (ulong)trap, Is.EqualTo(fits ? ScalarArithmeticTests.Slot(to, new BigInteger(x)) : (ulong)TrapKind.Overflow));
            }
        }
    }

    [Test]
    public void IntegerToFloat_RoundsToNearestOnce()
    {
        foreach (ScalarType from in new[] { ScalarType.I32, ScalarType.I64, ScalarType.U32, ScalarType.U64 })
        {
            foreach (ulong wide in s_wide)
            {
                ulong a = Unchecked(ScalarType.U64, from, wide);
                BigInteger x = ScalarArithmeticTests.Exact(from, a);

                Assert.That(ScalarBits.To<double>(Unchecked(from, ScalarType.F64, a)), Is.EqualTo((double)Rounded(x, 53)), $"{x} from {from}");
                Assert.That((double)ScalarBits.To<float>(Unchecked(from, ScalarType.F32, a)), Is.EqualTo((double)Rounded(x, 24)), $"{x} from {from}");
                double half = Math.Abs((double)x) >= 65520 ? double.CopySign(double.PositiveInfinity, (double)x) : (double)Rounded(x, 11);
                Assert.That((double)ScalarBits.To<Half>(Unchecked(from, ScalarType.F16, a)), Is.EqualTo(half), $"{x} from {from}");
            }
        }
    }

    [Test]
    public void FloatToFloat_IsWhatTheCastGives()
    {
        foreach (double d in s_doubles)
        {
            (float f, Half h) = ((float)d, (Half)d);
            AssertSame(ScalarType.F32, Unchecked(ScalarType.F64, ScalarType.F32, ScalarBits.Of(d)), ScalarBits.Of(f));
            AssertSame(ScalarType.F16, Unchecked(ScalarType.F64, ScalarType.F16, ScalarBits.Of(d)), ScalarBits.Of(h));
            AssertSame(ScalarType.F16, Unchecked(ScalarType.F32, ScalarType.F16, ScalarBits.Of(f)), ScalarBits.Of((Half)f));
            AssertSame(ScalarType.F64, Unchecked(ScalarType.F32, ScalarType.F64, ScalarBits.Of(f)), ScalarBits.Of((double)f));
            AssertSame(ScalarType.F64, Unchecked(ScalarType.F16, ScalarType.F64, ScalarBits.Of(h)), ScalarBits.Of((double)h));
            AssertSame(ScalarType.F32, Unchecked(ScalarType.F16, ScalarType.F32, ScalarBits.Of(h)), ScalarBits.Of((float)h));
        }
    }

    private static IEnumerable<(ScalarType Type, ulong Bits, double Value)> Floats()
    {
        foreach (double d in s_doubles)
        {
            yield return (ScalarType.F64, ScalarBits.Of(d), d);
            yield return (ScalarType.F32, ScalarBits.Of((float)d), (float)d);
            yield return (ScalarType.F16, ScalarBits.Of((Half)d), (double)(Half)d);
        }
    }

    private static ulong Unchecked(ScalarType from, ScalarType to, ulong a)
    {
        Assert.That(ScalarArithmetic.TryConvert(ConvertMode.Unchecked, from, to, a, out ulong result, out _), Is.True);
        return result;
    }

    // To nearest with so many bits, ties to even.
    private static BigInteger Rounded(BigInteger x, int bits)
    {
        int excess = (int)BigInteger.Abs(x).GetBitLength() - bits;
        if (excess <= 0)
        {
            return x;
        }
        BigInteger unit = BigInteger.One << excess;
        (BigInteger quotient, BigInteger rest) = BigInteger.DivRem(BigInteger.Abs(x), unit);
        if (2 * rest > unit || (2 * rest == unit && !quotient.IsEven))
        {
            quotient++;
        }
        return x.Sign * quotient * unit;
    }

    private static void AssertSame(ScalarType type, ulong actual, ulong expected) =>
        Assert.That(ScalarBits.AreSame(type, actual, expected), Is.True, $"{ScalarBits.Text(type, actual)}, not {ScalarBits.Text(type, expected)}");

    // Not inlined, so that nothing is folded: these are the casts as the runtime does them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static sbyte ToI8(double x) => unchecked((sbyte)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static short ToI16(double x) => unchecked((short)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte ToU8(double x) => unchecked((byte)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort ToU16(double x) => unchecked((ushort)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static sbyte ToI8(float x) => unchecked((sbyte)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static short ToI16(float x) => unchecked((short)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte ToU8(float x) => unchecked((byte)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort ToU16(float x) => unchecked((ushort)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static sbyte ToI8(Half x) => unchecked((sbyte)x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort ToU16(Half x) => unchecked((ushort)x);
}
