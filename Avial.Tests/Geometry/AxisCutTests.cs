using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class AxisCutTests
{
    [Test]
    public void Boundary_EqualParts_AreFloored()
    {
        var cut = new AxisCut(0, 10, 3);
        Assert.That(Boundaries(cut), Is.EqualTo(new long[] { 0, 3, 6, 10 }));
    }

    [Test]
    public void Boundary_Snapped_IsTheMultipleBelow()
    {
        var cut = new AxisCut(5, 105, 3, snap: 16);
        Assert.That(Boundaries(cut), Is.EqualTo(new long[] { 5, 32, 64, 105 }));
    }

    [Test]
    public void Boundary_Weighted_FollowsTheWeights()
    {
        var cut = new AxisCut(0, 100, 4, weights: RankWeights.OfEach([1, 1, 2, 0]));
        Assert.That(Boundaries(cut), Is.EqualTo(new long[] { 0, 25, 50, 100, 100 }));
    }

    [Test]
    public void Boundary_SnappedWithIdleEnd_GivesTheRestToThoseWithWeight()
    {
        var cut = new AxisCut(0, 10, 3, snap: 8, weights: RankWeights.OfEach([1, 0, 0]));
        Assert.That(Boundaries(cut), Is.EqualTo(new long[] { 0, 10, 10, 10 }));
    }

    [Test]
    public void Boundary_NoWeightAtAll_CutsEvenly()
    {
        var cut = new AxisCut(0, 8, 4, weights: RankWeights.OfEach([0, 0, 0, 0]));
        Assert.That(cut, Is.EqualTo(new AxisCut(0, 8, 4)));
    }

    [Test]
    public void Boundary_HugeAxis_IsExact()
    {
        var cut = new AxisCut(0, 1L << 60, 65_536);
        Assert.That(cut.Boundary(65_535), Is.EqualTo((1L << 60) - (1L << 44)));
        Assert.That(cut.PartOf((1L << 60) - (1L << 44) - 1), Is.EqualTo(65_534));
        Assert.That(cut.PartOf((1L << 60) - (1L << 44)), Is.EqualTo(65_535));
    }

    [Test]
    public void PartOf_OutsideTheAxis_Throws()
    {
        var cut = new AxisCut(2, 5, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => cut.PartOf(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cut.PartOf(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AxisCut(2, 2, 2).PartOf(2));
    }

    [Test]
    public void Queries_RandomCuts_AgreeWithAScanOfTheParts([Range(0, 400)] int seed)
    {
        var random = new Random(seed);
        AxisCut cut = RandomDistributions.Cut(random);
        long[] boundaries = Boundaries(cut);
        Assert.That(boundaries, Is.Ordered.Ascending);
        Assert.That((boundaries[0], boundaries[^1]), Is.EqualTo((cut.Low, cut.High)));
        Assert.That(boundaries[1..^1].Where(b => b != cut.Low && b != cut.High && b % cut.Snap != 0), Is.Empty);
        bool[] filled = [.. Enumerable.Range(0, cut.Parts).Select(k => boundaries[k] < boundaries[k + 1])];
        for (long index = cut.Low; index < cut.High; index++)
        {
            int part = Enumerable.Range(0, cut.Parts).Single(k => boundaries[k] <= index && index < boundaries[k + 1]);
            Assert.That(cut.PartOf(index), Is.EqualTo(part), $"{cut}, index {index}");
        }
        for (int trial = 0; trial < 20; trial++)
        {
            long low = random.NextInt64(cut.Low - 2, cut.High + 3);
            long high = random.NextInt64(cut.Low - 2, cut.High + 3);
            int[] touched = [.. Enumerable.Range(0, cut.Parts).Where(k => filled[k] && Math.Max(low, boundaries[k]) < Math.Min(high, boundaries[k + 1]))];
            (int, int) expected = touched.Length == 0 ? (0, 0) : (touched[0], touched[^1] + 1);
            Assert.That(cut.PartsOf(low, high), Is.EqualTo(expected), $"{cut}, {low}..{high}");
        }
        for (int first = 0; first <= cut.Parts; first++)
        {
            for (int end = first; end <= cut.Parts; end++)
            {
                Assert.That(cut.NonEmpty(first, end), Is.EqualTo(filled[first..end].Count(f => f)), $"{cut}, parts {first}..{end}");
            }
        }
    }

    [Test]
    public void Parts_WithoutWeightBesideOthersThatHaveSome_AreEmpty([Range(0, 200)] int seed)
    {
        AxisCut cut = RandomDistributions.Cut(new Random(seed));
        for (int part = 0; part < cut.Parts && cut.Weights is not null; part++)
        {
            (long low, long high) = cut.Of(part);
            Assert.That(low == high || cut.Weights[part] > 0, Is.True, $"{cut}, part {part}");
        }
    }

    private static long[] Boundaries(AxisCut cut) => [.. Enumerable.Range(0, cut.Parts + 1).Select(cut.Boundary)];
}
