using System.Numerics;
using System.Runtime.InteropServices;
using Avial.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Avial.Tests.Numerics;

public sealed class BinnedSum32Tests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true);

    private static readonly float[] s_hard =
    [
        0, -0f, float.Epsilon, -float.Epsilon, 3 * float.Epsilon, MathF.BitDecrement(MathF.ScaleB(1, -126)), MathF.ScaleB(1, -126),
        MathF.ScaleB(1, -111), MathF.BitDecrement(MathF.ScaleB(1, -111)), MathF.ScaleB(1, -124), MathF.ScaleB(-3, -138), 1, -1, 1.5f,
        MathF.ScaleB(1, 110), MathF.BitDecrement(MathF.ScaleB(1, 110)), -MathF.ScaleB(1, 123), float.MaxValue, -float.MaxValue, 1e38f, 1e-38f,
    ];

    // Values of one scale, of all scales, halfway between units (ties), and the edges of the format.
    private static readonly Gen<float> s_finite = Gen.OneOf(
        from bits in Gen.Choose(int.MinValue, int.MaxValue) select (float)bits,
        from bits in Gen.Choose(int.MinValue, int.MaxValue) from e in Gen.Choose(-200, 96) select MathF.ScaleB(bits, e),
        from odd in Gen.Choose(-50, 50) from bin in Gen.Choose(1, 20) select MathF.ScaleB(2 * odd + 1, 13 * bin - 149 - 1),
        Gen.Elements(s_hard));

    [Test]
    public void Result_OfAnyValues_IsTheModels() =>
        Prop.ForAll(Gen.ArrayOf(s_finite).ToArbitrary(), values =>
        {
            float expected = (float)BinnedModel.Single.Sum([.. values.Select(x => BinnedModel.Single.ToUnits(x))]);

            return SameBits(SumOf(values), expected);
        }).Check(s_config);

    [Test]
    public void Result_OfShuffledAndMergedParts_IsTheSame() =>
        Prop.ForAll((from values in Gen.ArrayOf(s_finite) from seed in Gen.Choose(0, int.MaxValue) select (values, seed)).ToArbitrary(), t =>
        {
            float whole = SumOf(t.values);

            return SameBits(SumOfShuffledParts(t.values, new Random(t.seed)), whole);
        }).Check(s_config);

    [Test]
    public void Result_OfManyValues_OutlastsCarries([Values(1, -1)] int sign, [Values(-149, -120, -112, 0, 105, 112)] int exponent)
    {
        float x = sign * MathF.ScaleB(MathF.BitDecrement(2f), exponent);
        const int Count = 5000;
        BinnedSum32 sum = default;

        for (int i = 0; i < Count; i++)
        {
            sum.Add(x);
        }

        Assert.That(sum.Result(), Is.EqualTo(BinnedModel.Single.Round(Count * BinnedModel.Single.ToUnits(x))));
    }

    [Test]
    public void Merge_RepeatedUntilTheSumIsHuge_StaysExact()
    {
        BinnedSum32 sum = default;
        sum.Add(0.1f);
        sum.Add(-7e-6f);
        BigInteger units = BinnedModel.Single.ToUnits(0.1f) + BinnedModel.Single.ToUnits(-7e-6f);

        for (int doubling = 1; doubling <= 40; doubling++)
        {
            sum.Merge(in sum);
            Assert.That(sum.Result(), Is.EqualTo(BinnedModel.Single.Round(units << doubling)), $"after {doubling} doublings");
        }
    }

    [Test]
    public void Result_OfSubnormals_IsExact()
    {
        float[] values = [float.Epsilon, 5 * float.Epsilon, -2 * float.Epsilon, 1e-40f];

        Assert.That(SumOf(values), Is.EqualTo(4 * float.Epsilon + 1e-40f));
    }

    [Test]
    public void Result_OfValuesThatCancelAboveTheMaximum_DoesNotOverflow()
    {
        Assert.That(SumOf(float.MaxValue, float.MaxValue, -float.MaxValue), Is.EqualTo(float.MaxValue));
        Assert.That(SumOf(float.MaxValue, float.MaxValue), Is.EqualTo(float.PositiveInfinity));
        Assert.That(SumOf(-float.MaxValue, -1e38f), Is.EqualTo(float.NegativeInfinity));
    }

    [Test]
    public void Result_OfInfinitiesAndNaN_IsAsInIeeeSummation()
    {
        Assert.That(SumOf(1, float.PositiveInfinity, -float.MaxValue), Is.EqualTo(float.PositiveInfinity));
        Assert.That(SumOf(float.NegativeInfinity, float.NegativeInfinity), Is.EqualTo(float.NegativeInfinity));
        Assert.That(SumOf(float.PositiveInfinity, 1, float.NegativeInfinity), Is.NaN);
        Assert.That(SumOf(1, float.NaN, float.PositiveInfinity), Is.NaN);
    }

    [Test]
    public void Merge_OfInfinitiesFromBothSides_IsNaN()
    {
        BinnedSum32 left = default;
        BinnedSum32 right = default;
        left.Add(float.PositiveInfinity);
        right.Add(float.NegativeInfinity);

        left.Merge(in right);

        Assert.That(left.Result(), Is.NaN);
    }

    [Test]
    public void Result_OfZeros_IsPositiveZero()
    {
        Assert.That(SameBits(SumOf(), 0f));
        Assert.That(SameBits(SumOf(-0f, -0f), 0f));
        Assert.That(SameBits(SumOf(1.5f, -0f, -1.5f), 0f));
    }

    // Emitted code reads and writes these places.
    [TestCase("_bin0", 0)]
    [TestCase("_bin1", 4)]
    [TestCase("_bin2", 8)]
    [TestCase("_limit", 12)]
    [TestCase("_special", 16)]
    [TestCase("_carry0", 20)]
    [TestCase("_carry1", 24)]
    [TestCase("_carry2", 28)]
    [TestCase("_top", 32)]
    [TestCase("_room", 36)]
    public void Layout_IsFixed(string field, int offset) =>
        Assert.That((int)Marshal.OffsetOf<BinnedSum32>(field), Is.EqualTo(offset));

    [Test]
    public unsafe void Pointers_DoAsTheMethods()
    {
        Assert.That(sizeof(BinnedSum32), Is.EqualTo(40));
        BinnedSum32 left = default;
        BinnedSum32 right = default;

        BinnedSum32.AddTo(&left, 1.25f);
        BinnedSum32.AddTo(&right, 1e8f);
        BinnedSum32.MergeInto(&left, &right);

        Assert.That(BinnedSum32.ResultOf(&left), Is.EqualTo(1e8f + 1.25f));
    }

    private static float SumOf(params float[] values)
    {
        BinnedSum32 sum = default;
        foreach (float x in values)
        {
            sum.Add(x);
        }

        return sum.Result();
    }

    private static float SumOfShuffledParts(float[] values, Random random)
    {
        float[] shuffled = [.. values];
        random.Shuffle(shuffled);
        var parts = new BinnedSum32[random.Next(1, 6)];
        foreach (float x in shuffled)
        {
            parts[random.Next(parts.Length)].Add(x);
        }

        List<BinnedSum32> rest = [.. parts];
        while (rest.Count > 1)
        {
            int from = random.Next(rest.Count - 1) + 1;
            BinnedSum32 into = rest[0];
            into.Merge(rest[from]);
            rest[0] = into;
            rest.RemoveAt(from);
        }

        return rest[0].Result();
    }

    private static bool SameBits(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
}
