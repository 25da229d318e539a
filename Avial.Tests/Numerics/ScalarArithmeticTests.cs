using System.Numerics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Numerics;

/// <summary>Integers are compared with exact arithmetic, floats with C#'s operators written out type by type.</summary>
public sealed class ScalarArithmeticTests
{
    private static readonly ScalarType[] s_integers =
    [
        ScalarType.I8, ScalarType.I16, ScalarType.I32, ScalarType.I64, ScalarType.U8, ScalarType.U16, ScalarType.U32, ScalarType.U64,
    ];

    private static readonly double[] s_doubles =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 3, -3, 7, 0.1, 127, 128, -128, -129, 255, 256, 300, -300, 32767, 32768, 65535, 65536, 1e5, 2147483647, 2147483648,
        -2147483648.0, -2147483649.0, 4294967295, 4294967296, 9.3e18, -9.3e18, 1.9e19, 1e30, -1e30, 1e308, double.Epsilon, -double.Epsilon,
        double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 65504, 65519, 65520, 5.96e-8, 1e-40, 2147483646.5, 254.9, 255.9, -0.9,
    ];

    [TestCaseSource(nameof(s_integers))]
    public void Binary_OfIntegers_WrapsTheExactResultOrTraps(ScalarType type)
    {
        foreach (ulong a in Integers(type))
        {
            foreach (ulong b in Integers(type))
            {
                (BigInteger x, BigInteger y) = (Exact(type, a), Exact(type, b));
                foreach (BinaryOp op in Enum.GetValues<BinaryOp>().Except([BinaryOp.ShiftLeft, BinaryOp.ShiftRight]))
                {
                    (BigInteger? exact, TrapKind expectedTrap) = Model(op, type, x, y);

                    bool isFine = ScalarArithmetic.TryBinary(op, type, a, b, out ulong result, out TrapKind trap);

                    Assert.That(isFine, Is.EqualTo(exact is not null), $"{x} {op} {y}");
                    Assert.That(isFine ? Exact(type, result) : (int)trap, Is.EqualTo(exact is { } e ? Wrap(type, e) : (int)expectedTrap), $"{x} {op} {y}");
                    Assert.That(result, Is.EqualTo(isFine ? Slot(type, Exact(type, result)) : 0), "the slot is extended to 64 bits");
                }
            }
        }
    }

    [TestCaseSource(nameof(s_integers))]
    public void Shifts_MaskTheCountToTheWidth(ScalarType type)
    {
        int bits = 8 * type.Size();
        foreach (ulong a in Integers(type))
        {
            foreach (int count in new[] { 0, 1, 3, bits - 1, bits, bits + 1, 2 * bits + 3, -1, -bits, int.MinValue, int.MaxValue })
            {
                BigInteger x = Exact(type, a);
                ulong slot = ScalarBits.Of(count);

                ScalarArithmetic.TryBinary(BinaryOp.ShiftLeft, type, a, slot, out ulong left, out _);
                ScalarArithmetic.TryBinary(BinaryOp.ShiftRight, type, a, slot, out ulong right, out _);

                Assert.That(Exact(type, left), Is.EqualTo(Wrap(type, x << (count & (bits - 1)))), $"{x} << {count}");
                Assert.That(Exact(type, right), Is.EqualTo(x >> (count & (bits - 1))), $"{x} >> {count}");
            }
        }
    }

    [TestCaseSource(nameof(s_integers))]
    public void Unary_OfIntegers_WrapsOrTraps(ScalarType type)
    {
        foreach (ulong a in Integers(type))
        {
            BigInteger x = Exact(type, a);

            ScalarArithmetic.TryUnary(UnaryOp.Negate, type, a, out ulong negated, out _);
            ScalarArithmetic.TryUnary(UnaryOp.Not, type, a, out ulong complement, out _);
            bool isFine = ScalarArithmetic.TryUnary(UnaryOp.NegateChecked, type, a, out ulong @checked, out TrapKind trap);

            Assert.That(Exact(type, negated), Is.EqualTo(Wrap(type, -x)));
            Assert.That(Exact(type, complement), Is.EqualTo(Wrap(type, -x - 1)));
            Assert.That(isFine, Is.EqualTo(Wrap(type, -x) == -x));
            Assert.That(isFine ? Exact(type, @checked) : (int)trap, Is.EqualTo(isFine ? -x : (int)TrapKind.Overflow));
        }
    }

    [Test]
    public void Int32_OfRandomValues_IsWhatCSharpDoes([Values(1, 2)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++)
        {
            int x = random.Next(int.MinValue, int.MaxValue) >> random.Next(32);
            int y = random.Next(int.MinValue, int.MaxValue) >> random.Next(32) | 1;

            Assert.That(Int32(BinaryOp.Add, x, y), Is.EqualTo(unchecked(x + y)));
            Assert.That(Int32(BinaryOp.Multiply, x, y), Is.EqualTo(unchecked(x * y)));
            Assert.That(Int32(BinaryOp.Divide, x, y), Is.EqualTo(x / y));
            Assert.That(Int32(BinaryOp.Remainder, x, y), Is.EqualTo(x % y));
            Assert.That(Int32(BinaryOp.ShiftRight, x, y), Is.EqualTo(x >> y));
            Assert.That(Int32(BinaryOp.Min, x, y), Is.EqualTo(Math.Min(x, y)));
        }

        static int Int32(BinaryOp op, int x, int y) => ScalarArithmetic.TryBinary(op, ScalarType.I32, ScalarBits.Of(x), ScalarBits.Of(y), out ulong r, out _)
            ? ScalarBits.To<int>(r) : throw new AssertionException("trapped");
    }

    [Test]
    public void Double_OfAllPairsOfSpecials_IsWhatCSharpDoes()
    {
        foreach (double x in s_doubles)
        {
            foreach (double y in s_doubles)
            {
                CheckFloat(ScalarType.F64, ScalarBits.Of(x), ScalarBits.Of(y), op => ScalarBits.Of(op switch
                {
                    BinaryOp.Add => x + y,
                    BinaryOp.Subtract => x - y,
                    BinaryOp.Multiply => x * y,
                    BinaryOp.Divide => x / y,
                    BinaryOp.Remainder => x % y,
                    BinaryOp.Min => Math.Min(x, y),
                    _ => Math.Max(x, y),
                }));
                CheckComparisons(ScalarType.F64, ScalarBits.Of(x), ScalarBits.Of(y), [x == y, x != y, x < y, x <= y, x > y, x >= y]);
            }
        }
    }

    [Test]
    public void Single_OfAllPairsOfSpecials_IsWhatCSharpDoes()
    {
        foreach (float x in s_doubles.Select(d => (float)d))
        {
            foreach (float y in s_doubles.Select(d => (float)d))
            {
                CheckFloat(ScalarType.F32, ScalarBits.Of(x), ScalarBits.Of(y), op => ScalarBits.Of(op switch
                {
                    BinaryOp.Add => x + y,
                    BinaryOp.Subtract => x - y,
                    BinaryOp.Multiply => x * y,
                    BinaryOp.Divide => x / y,
                    BinaryOp.Remainder => x % y,
                    BinaryOp.Min => Math.Min(x, y),
                    _ => Math.Max(x, y),
                }));
                CheckComparisons(ScalarType.F32, ScalarBits.Of(x), ScalarBits.Of(y), [x == y, x != y, x < y, x <= y, x > y, x >= y]);
            }
        }
    }

    [Test]
    public void Half_OfAllPairsOfSpecials_IsWhatCSharpDoes()
    {
        foreach (Half x in s_doubles.Select(d => (Half)d))
        {
            foreach (Half y in s_doubles.Select(d => (Half)d))
            {
                CheckFloat(ScalarType.F16, ScalarBits.Of(x), ScalarBits.Of(y), op => ScalarBits.Of(op switch
                {
                    BinaryOp.Add => x + y,
                    BinaryOp.Subtract => x - y,
                    BinaryOp.Multiply => x * y,
                    BinaryOp.Divide => x / y,
                    BinaryOp.Remainder => x % y,
                    BinaryOp.Min => Half.Min(x, y),
                    _ => Half.Max(x, y),
                }));
                CheckComparisons(ScalarType.F16, ScalarBits.Of(x), ScalarBits.Of(y), [x == y, x != y, x < y, x <= y, x > y, x >= y]);
            }
        }
    }

    [Test]
    public void MinAndMax_PropagateNaNAndOrderZeros()
    {
        ScalarArithmetic.TryBinary(BinaryOp.Min, ScalarType.F64, ScalarBits.Of(0.0), ScalarBits.Of(-0.0), out ulong min, out _);
        ScalarArithmetic.TryBinary(BinaryOp.Max, ScalarType.F32, ScalarBits.Of(-0f), ScalarBits.Of(0f), out ulong max, out _);
        ScalarArithmetic.TryBinary(BinaryOp.Max, ScalarType.F16, ScalarBits.Of(Half.One), ScalarBits.Of(Half.NaN), out ulong nan, out _);

        Assert.That(min, Is.EqualTo(ScalarBits.Of(-0.0)));
        Assert.That(max, Is.EqualTo(ScalarBits.Of(0f)));
        Assert.That(Half.IsNaN(ScalarBits.To<Half>(nan)), Is.True);
    }

    [TestCaseSource(nameof(s_integers))]
    public void Comparisons_OfIntegers_AreExact(ScalarType type)
    {
        foreach (ulong a in Integers(type))
        {
            foreach (ulong b in Integers(type))
            {
                int order = Exact(type, a).CompareTo(Exact(type, b));
                CheckComparisons(type, a, b, [order == 0, order != 0, order < 0, order <= 0, order > 0, order >= 0]);
            }
        }
    }

    [TestCase(nameof(BinaryOp.And), 0b1000)]
    [TestCase(nameof(BinaryOp.Or), 0b1110)]
    [TestCase(nameof(BinaryOp.Xor), 0b0110)]
    public void Bool_HasTheTruthTable(string name, int table)
    {
        BinaryOp op = Enum.Parse<BinaryOp>(name);
        for (uint i = 0; i < 4; i++)
        {
            ScalarArithmetic.TryBinary(op, ScalarType.Bool, i >> 1, i & 1, out ulong result, out _);

            Assert.That(result, Is.EqualTo((ulong)(table >> (int)i) & 1));
        }
    }

    [Test]
    public void Not_OfBool_StaysZeroOrOne()
    {
        ScalarArithmetic.TryUnary(UnaryOp.Not, ScalarType.Bool, 0, out ulong one, out _);
        ScalarArithmetic.TryUnary(UnaryOp.Not, ScalarType.Bool, 1, out ulong zero, out _);

        Assert.That((zero, one), Is.EqualTo((0ul, 1ul)));
    }

    [Test]
    public void HighestAndLowest_AreTheNeutralElements()
    {
        foreach (ScalarType type in s_integers)
        {
            Assert.That(Exact(type, ScalarBits.Highest(type)), Is.EqualTo(Greatest(type)), type.Text());
            Assert.That(Exact(type, ScalarBits.Lowest(type)), Is.EqualTo(Least(type)), type.Text());
        }
        Assert.That(ScalarBits.To<float>(ScalarBits.Lowest(ScalarType.F32)), Is.EqualTo(float.NegativeInfinity));
        Assert.That(ScalarBits.To<Half>(ScalarBits.Highest(ScalarType.F16)), Is.EqualTo(Half.PositiveInfinity));
    }

    internal static ulong[] Integers(ScalarType type)
    {
        BigInteger[] values =
        [
            Least(type), Least(type) + 1, Least(type) / 2, -3, -2, -1, 0, 1, 2, 3, 7, 10, 63, 100, Greatest(type) / 2, Greatest(type) / 2 + 1, Greatest(type) - 1, Greatest(type),
        ];
        return [.. values.Where(v => v >= Least(type)).Select(v => Slot(type, v)).Distinct()];
    }

    internal static BigInteger Exact(ScalarType type, ulong slot) => type.IsSigned() ? (long)slot : slot;

    internal static ulong Slot(ScalarType type, BigInteger value) => type.IsSigned() ? (ulong)(long)value : (ulong)value;

    internal static BigInteger Least(ScalarType type) => type.IsSigned() ? -(BigInteger.One << (8 * type.Size() - 1)) : 0;

    internal static BigInteger Greatest(ScalarType type) => (BigInteger.One << (8 * type.Size() - (type.IsSigned() ? 1 : 0))) - 1;

    internal static BigInteger Wrap(ScalarType type, BigInteger value)
    {
        BigInteger modulus = BigInteger.One << (8 * type.Size());
        BigInteger low = ((value % modulus) + modulus) % modulus;
        return low > Greatest(type) ? low - modulus : low;
    }

    private static (BigInteger? Result, TrapKind Trap) Model(BinaryOp op, ScalarType type, BigInteger x, BigInteger y)
    {
        switch (op)
        {
            case BinaryOp.Divide or BinaryOp.Remainder when y == 0:
                return (null, TrapKind.DivideByZero);
            case BinaryOp.Divide or BinaryOp.Remainder when x / y > Greatest(type):
                return (null, TrapKind.Overflow);
        }
        BigInteger exact = op switch
        {
            BinaryOp.Add or BinaryOp.AddChecked => x + y,
            BinaryOp.Subtract or BinaryOp.SubtractChecked => x - y,
            BinaryOp.Multiply or BinaryOp.MultiplyChecked => x * y,
            BinaryOp.Divide => BigInteger.Divide(x, y),
            BinaryOp.Remainder => BigInteger.Remainder(x, y),
            BinaryOp.And => x & y,
            BinaryOp.Or => x | y,
            BinaryOp.Xor => x ^ y,
            BinaryOp.Min => BigInteger.Min(x, y),
            _ => BigInteger.Max(x, y),
        };
        bool isChecked = op is BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked;
        return isChecked && Wrap(type, exact) != exact ? (null, TrapKind.Overflow) : (exact, default);
    }

    private static void CheckFloat(ScalarType type, ulong x, ulong y, Func<BinaryOp, ulong> expected)
    {
        BinaryOp[] ops = [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Divide, BinaryOp.Remainder, BinaryOp.Min, BinaryOp.Max];
        foreach (BinaryOp op in ops)
        {
            Assert.That(ScalarArithmetic.TryBinary(op, type, x, y, out ulong result, out _), Is.True);
            Assert.That(ScalarBits.AreSame(type, result, expected(op)), Is.True,
                $"{ScalarBits.Text(type, x)} {op} {ScalarBits.Text(type, y)} = {ScalarBits.Text(type, result)}, not {ScalarBits.Text(type, expected(op))}");
        }
    }

    private static void CheckComparisons(ScalarType type, ulong x, ulong y, bool[] expected)
    {
        bool[] actual = [.. Enum.GetValues<CompareOp>().Select(op => ScalarArithmetic.Compare(op, type, x, y))];
        Assert.That(actual, Is.EqualTo(expected), $"{ScalarBits.Text(type, x)} and {ScalarBits.Text(type, y)}");
    }
}
