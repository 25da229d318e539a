using static Avial.KernelMath;

namespace Avial.Tests;

/// <summary>The members of KernelMath on the host.</summary>
internal sealed class KernelMathTests
{
    [Test]
    public void Sum_OfFloats_IsInChunks()
    {
        float expected = 0;
        for (int chunk = 0; chunk < 4; chunk++)
        {
            float sum = 0;
            for (int k = chunk * 256; k < (chunk + 1) * 256; k++)
            {
                sum += 0.1f;
            }
            expected = chunk == 0 ? sum : expected + sum;
        }

        Assert.That(Sum(0, 1024, _ => 0.1f), Is.EqualTo(expected));
        Assert.That(Sum(5, 5, k => 1.0), Is.Zero);
        Assert.That(Sum(0, 4, k => (Half)k), Is.EqualTo((Half)6));
    }

    [Test]
    public void Sum_OfNarrowIntegers_IsRefused() =>
        Assert.That(() => Sum(0, 3, k => (byte)k), Throws.TypeOf<Avial.Diagnostics.AvialException>().With.Message.StartsWith("AVL0214"));

    [Test]
    public void Extremes_OfEmptyRanges_AreErrors()
    {
        Assert.That(() => Min(3, 3, k => k), Throws.InvalidOperationException);
        Assert.That(() => ArgMax(3, 2, k => k), Throws.InvalidOperationException);
    }

    [Test]
    public void Min_PropagatesNaN_AndOrdersZeros()
    {
        Assert.That(Min(0, 3, k => k == 1 ? double.NaN : k), Is.NaN);
        Assert.That(double.IsNegative(Min(0, 2, k => k == 0 ? 0.0 : -0.0)), Is.True);
    }

    [Test]
    public void ArgMin_TakesTheLowestIndex_AndTheFirstNaN()
    {
        Assert.That(ArgMin(0, 5, k => k % 2), Is.Zero);
        Assert.That(ArgMin(0, 5, k => k is 2 or 4 ? double.NaN : -k), Is.EqualTo(2));
        Assert.That(ArgMax(0, 5, k => k % 3), Is.EqualTo(2));
    }

    [Test]
    public void Function_ComputesOnTheHost()
    {
        Func<double, double, double> flux = Function((double l, double r) => l * r + 1);

        Assert.That(flux(2, 3), Is.EqualTo(7));
        Assert.That(flux(3, 3), Is.EqualTo(10));
    }

    [Test]
    public void RandomNumbers_AreFunctionsOfTheirArguments()
    {
        Assert.That(Uniform(1, 2), Is.EqualTo(Uniform(1, 0, 2)).And.InRange(0, 1));
        Assert.That(Normal(1, 2), Is.EqualTo(Normal(1, 0, 2)).And.Not.EqualTo(Normal(1, 3)));
        Assert.That(RandomBits(1, 2), Is.EqualTo(RandomBits(1, 0, 2)));
    }
}
