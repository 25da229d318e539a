using Avial.Numerics;

namespace Avial.Tests.Numerics;

public sealed class PhiloxTests
{
    // Random123's kat_vectors, philox4x32 10.
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_OfThePublishedVectors_IsAsPublished(
        uint c0, uint c1, uint c2, uint c3, uint key0, uint key1, uint w0, uint w1, uint w2, uint w3)
    {
        var block = Philox.Block(c0, c1, c2, c3, key0, key1);

        Assert.That(block, Is.EqualTo((w0, w1, w2, w3)));
    }

    [Test]
    public void Draws_TakeTheWordsInOrder()
    {
        // The pi vector: index 0x85a308d3_243f6a88, stream 0x03707344_13198a2e, seed 0x299f31d0_a4093822.
        const ulong Seed = 0x299f31d0_a4093822;
        const ulong Stream = 0x03707344_13198a2e;
        const long Index = unchecked((long)0x85a308d3_243f6a88);

        Assert.That(Philox.Bits32(Seed, Stream, Index), Is.EqualTo(0xd16cfe09u));
        Assert.That(Philox.Bits64(Seed, Stream, Index), Is.EqualTo(0x94fdcceb_d16cfe09ul));
        Assert.That(Philox.Uniform16(Seed, Stream, Index), Is.EqualTo((Half)((0xd16cfe09u >> 21) / 2048f)));
        Assert.That(Philox.Uniform32(Seed, Stream, Index), Is.EqualTo(0xd16cfe * (1f / 0x1000000)));
        Assert.That(Philox.Uniform64(Seed, Stream, Index), Is.EqualTo((0x94fdcceb_d16cfe09ul >> 11) * (1.0 / (1L << 53))));
    }

    [Test]
    public void Uniform_OfManyIndices_LiesInTheUnitIntervalAroundOneHalf()
    {
        double[] draws = [.. Enumerable.Range(0, 10_000).Select(i => Philox.Uniform64(1, 2, i))];

        Assert.That(draws, Is.All.InRange(0.0, Math.BitDecrement(1.0)));
        Assert.That(draws.Average(), Is.EqualTo(0.5).Within(0.01));
        Assert.That(draws.Distinct().Count(), Is.EqualTo(draws.Length));
    }

    [Test]
    public void Normal_OfManyIndices_HasMeanZeroAndVarianceOne()
    {
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(i => Philox.Normal64(7, 0, i))];

        Assert.That(draws.Average(), Is.EqualTo(0.0).Within(0.03));
        Assert.That(draws.Average(x => x * x), Is.EqualTo(1.0).Within(0.05));
        Assert.That(draws, Is.All.InRange(-8.6, 8.6));
        Assert.That(Philox.Normal16(7, 0, 3), Is.EqualTo((Half)draws[3]));
        Assert.That(Philox.Normal32(7, 0, 3), Is.EqualTo((float)draws[3]));
    }

    [Test]
    public void Draws_OfOtherSeedsAndStreams_Differ()
    {
        ulong[] draws = [Philox.Bits64(0, 0, 0), Philox.Bits64(1, 0, 0), Philox.Bits64(0, 1, 0), Philox.Bits64(0, 0, 1), Philox.Bits64(0, 0, -1)];

        Assert.That(draws, Is.Unique);
    }
}
