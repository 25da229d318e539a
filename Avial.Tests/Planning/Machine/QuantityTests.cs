using Avial.Planning.Machine;
using Avial.Tests.Diagnostics;

namespace Avial.Tests.Planning.Machine;

public sealed class QuantityTests
{
    [TestCase("0", 0)]
    [TestCase("4096", 4096)]
    [TestCase(" 16 GiB ", 16L << 30)]
    [TestCase("1.5KiB", 1536)]
    [TestCase("2 gb", 2e9)]
    [TestCase("1e3 B", 1000)]
    [TestCase("-1 MiB", -(1L << 20))]
    public void Size_OfAText_IsInBytes(string text, double bytes) => Assert.That(Quantity.Size.Parse(text), Is.EqualTo(bytes));

    [TestCase("")]
    [TestCase("GiB")]
    [TestCase("16 G")]
    [TestCase("16 GiB/s")]
    [TestCase("1,5 GiB")]
    [TestCase("1 2")]
    [TestCase("NaN")]
    [TestCase("1e999")]
    public void Size_OfWhatIsNone_IsNull(string text) => Assert.That(Quantity.Size.Parse(text), Is.Null);

    [Test]
    public void OtherQuantities_HaveTheirUnits()
    {
        Assert.That(Quantity.Time.Parse("1.5 µs"), Is.EqualTo(1.5e-6).Within(1e-20));
        Assert.That(Quantity.Time.Parse("20 ns"), Is.EqualTo(20e-9).Within(1e-20));
        Assert.That(Quantity.Rate.Parse("10 GB/s"), Is.EqualTo(10e9));
        Assert.That(Quantity.Speed.Parse("2 Gop/s"), Is.EqualTo(2e9));
    }

    [TestCase(null, null)]
    [TestCase(" ", null)]
    [TestCase("1", 1L)]
    [TestCase("2 GiB", 2L << 30)]
    public void MemorySetting_IsItsBytes(string? setting, long? bytes) => Assert.That(MemorySetting.Parse(setting), Is.EqualTo(bytes));

    [TestCase("0")]
    [TestCase("0.5 B")]
    [TestCase("-2 GiB")]
    [TestCase("lots")]
    [TestCase("9e18 TiB")]
    public void MemorySetting_OfAWrongText_SaysWhatIsRight(string setting) => Refused.With(() => (object?)MemorySetting.Parse(setting),
        $"AVL0661: AVIAL_MEMORY_PER_RANK is '{setting}'; it must be a size of 1 byte or more, such as 2 GiB. Correct it, or unset it to have no limit.");
}
