using System.Numerics;
using System.Runtime.InteropServices;
using Avial.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Avial.Tests.Numerics;

public sealed class BinnedSum64Tests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true);

    private static readonly double[] s_hard =
    [
        0, -0.0, double.Epsilon, -double.Epsilon, 3 * double.Epsilon, Math.BitDecrement(Math.ScaleB(1, -1022)), Math.ScaleB(1, -1022),
        Math.ScaleB(1, -955), Math.BitDecrement(Math.ScaleB(1, -955)), Math.ScaleB(1, -996), Math.ScaleB(-3, -1036), 1, -1, 1.5,
        Math.ScaleB(1, 1005), Math.BitDecrement(Math.ScaleB(1, 1005)), -Math.ScaleB(1, 965), double.MaxValue, -double.MaxValue, 1e300, 1e-300,
    ];

    // Values of one scale, of all scales, halfway between units (ties), and the edges of the format.
    private static readonly Gen<double> s_finite = Gen.OneOf(
        from bits in Gen.Choose(int.MinValue, int.MaxValue) select (double)bits,
        from bits in Gen.Choose(int.MinValue, int.MaxValue) from e in Gen.Choose(-1080, 990) select Math.ScaleB(bits, e),
        from odd in Gen.Choose(-50, 50) from bin in Gen.Choose(1, 51) select Math.ScaleB(2 * odd + 1, 40 * bin - 1074 - 1),
        Gen.Elements(s_hard));

    [Test]
    public void Result_OfAnyValues_IsTheModels() =>
        Prop.ForAll(Gen.ArrayOf(s_finite).ToArbitrary(), values =>
        {
            double expected = BinnedModel.Double.Sum([.. values.Select(BinnedModel.Double.ToUnits)]);

            return SameBits(SumOf(values), expected);
        }).Check(s_config);

    [Test]
    public void Result_OfShuffledAndMergedParts_IsTheSame() =>
        Prop.ForAll((from values in Gen.ArrayOf(s_finite) from seed in Gen.Choose(0, int.MaxValue) select (values, seed)).ToArbitrary(), t =>
        {
            double whole = SumOf(t.values);

            return SameBits(SumOfShuffledParts(t.values, new Random(t.seed)), whole);
        }).Check(s_config);

    [Test]
    public void Result_OfManyValues_OutlastsCarries([Values(1, -1)] int sign, [Values(-1074, -1000, -960, 0, 900, 1010)] int exponent)
    {
        double x = sign * Math.ScaleB(Math.BitDecrement(2.0), exponent);
        const int Count = 5000;
        BinnedSum64 sum = default;

        for (int i = 0; i < Count; i++)
        {
            sum.Add(x);
        }

        Assert.That(sum.Result(), Is.EqualTo(BinnedModel.Double.Round(Count * BinnedModel.Double.ToUnits(x))));
    }

    [Test]
    public void Merge_RepeatedUntilTheSumIsHuge_StaysExact()
    {
        BinnedSum64 sum = default;
        sum.Add(0.1);
        sum.Add(-7e-13);
        BigInteger units = BinnedModel.Double.ToUnits(0.1) + BinnedModel.Double.ToUnits(-7e-13);

        for (int doubling = 1; doubling <= 40; doubling++)
        {
            sum.Merge(in sum);
            Assert.That(sum.Result(), Is.EqualTo(BinnedModel.Double.Round(units << doubling)), $"after {doubling} doublings");
        }
    }

    [Test]
    public void Result_OfSubnormals_IsExact()
    {
        double[] values = [double.Epsilon, 5 * double.Epsilon, -2 * double.Epsilon, 1e-310];

        Assert.That(SumOf(values), Is.EqualTo(4 * double.Epsilon + 1e-310));
    }

    [Test]
    public void Result_OfValuesThatCancelAboveTheMaximum_DoesNotOverflow()
    {
        Assert.That(SumOf(double.MaxValue, double.MaxValue, -double.MaxValue), Is.EqualTo(double.MaxValue));
        Assert.That(SumOf(double.MaxValue, double.MaxValue), Is.EqualTo(double.PositiveInfinity));
        Assert.That(SumOf(-double.MaxValue, -1e300), Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Result_OfInfinitiesAndNaN_IsAsInIeeeSummation()
    {
        Assert.That(SumOf(1, double.PositiveInfinity, -double.MaxValue), Is.EqualTo(double.PositiveInfinity));
        Assert.That(SumOf(double.NegativeInfinity, double.NegativeInfinity), Is.EqualTo(double.NegativeInfinity));
        Assert.That(SumOf(double.PositiveInfinity, 1, double.NegativeInfinity), Is.NaN);
        Assert.That(SumOf(1, double.NaN, double.PositiveInfinity), Is.NaN);
    }

    [Test]
    public void Merge_OfInfinitiesFromBothSides_IsNaN()
    {
        BinnedSum64 left = default;
        BinnedSum64 right = default;
        left.Add(double.PositiveInfinity);
        right.Add(double.NegativeInfinity);

        left.Merge(in right);

        Assert.That(left.Result(), Is.NaN);
    }

    [Test]
    public void Result_OfZeros_IsPositiveZero()
    {
        Assert.That(SameBits(SumOf(), 0.0));
        Assert.That(SameBits(SumOf(-0.0, -0.0), 0.0));
        Assert.That(SameBits(SumOf(1.5, -0.0, -1.5), 0.0));
    }

    // Emitted code reads and writes these places.
    [TestCase("_bin0", 0)]
    [TestCase("_bin1", 8)]
    [TestCase("_bin2", 16)]
    [TestCase("_limit", 24)]
    [TestCase("_special", 32)]
    [TestCase("_carry0", 40)]
    [TestCase("_carry1", 44)]
    [TestCase("_carry2", 48)]
    [TestCase("_top", 52)]
    [TestCase("_room", 56)]
    public void Layout_IsFixed(string field, int offset) =>
        Assert.That((int)Marshal.OffsetOf<BinnedSum64>(field), Is.EqualTo(offset));

    [Test]
    public unsafe void Pointers_DoAsTheMethods()
    {
        Assert.That(sizeof(BinnedSum64), Is.EqualTo(64));
        BinnedSum64 left = default;
        BinnedSum64 right = default;

        BinnedSum64.AddTo(&left, 1.25);
        BinnedSum64.AddTo(&right, 1e20);
        BinnedSum64.MergeInto(&left, &right);

        Assert.That(BinnedSum64.ResultOf(&left), Is.EqualTo(1e20 + 1.25));
    }

    private static double SumOf(params double[] values)
    {
        BinnedSum64 sum = default;
        foreach (double x in values)
        {
            sum.Add(x);
        }

        return sum.Result();
    }

    private static double SumOfShuffledParts(double[] values, Random random)
    {
        double[] shuffled = [.. values];
        random.Shuffle(shuffled);
        var parts = new BinnedSum64[random.Next(1, 6)];
        foreach (double x in shuffled)
        {
            parts[random.Next(parts.Length)].Add(x);
        }

        List<BinnedSum64> rest = [.. parts];
        while (rest.Count > 1)
        {
            int from = random.Next(rest.Count - 1) + 1;
            BinnedSum64 into = rest[0];
            into.Merge(rest[from]);
            rest[0] = into;
            rest.RemoveAt(from);
        }

        return rest[0].Result();
    }

    private static bool SameBits(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
}
