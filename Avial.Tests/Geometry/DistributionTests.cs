using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class DistributionTests
{
    private static readonly Box Square = Box.OfExtents([8, 8]);

    [Test]
    public void Own_TwoByTwo_IsTheQuadrants()
    {
        Distribution blocks = Distribution.Blocks(Square, [2, 2], 5);
        string[] owned = [.. Enumerable.Range(0, 5).Select(r => blocks.Own(new RankId(r)).ToString())];
        Assert.That(owned, Is.EqualTo(new[] { "[0..4, 0..4]", "[0..4, 4..8]", "[4..8, 0..4]", "[4..8, 4..8]", "[0..0, 0..0]" }));
    }

    [Test]
    public void Own_Scalar_IsOnTheFirstRank()
    {
        Distribution blocks = Distribution.Blocks(Box.OfExtents([]), [], 3);
        Assert.That(blocks.Owner([]), Is.EqualTo(new RankId(0)));
        Assert.That(blocks.Own(new RankId(0)).Count, Is.EqualTo(1));
        Assert.That(blocks.ToString(), Is.EqualTo("blocks "));
        Assert.That(Distribution.Parse("blocks ", Box.OfExtents([]), 3), Is.EqualTo(blocks));
    }

    [Test]
    public void Own_RandomDistributions_TilesTheSpaceAndAgreesWithOwner([Range(0, 200)] int seed)
    {
        var random = new Random(seed);
        Box space = RandomDistributions.Space(random, random.Next(0, 4), 9);
        Distribution distribution = RandomDistributions.Of(random, space);
        RankId[] owning = [.. Enumerable.Range(0, distribution.Ranks).Select(r => new RankId(r)).Where(distribution.Owns)];
        Box[] owned = [.. owning.Select(distribution.Own)];
        if (distribution.Kind == DistributionKind.Everywhere)
        {
            Assert.That(owned, Has.Length.EqualTo(space.IsEmpty ? 0 : distribution.Ranks).And.All.EqualTo(space));
            Assert.That(distribution.Owner([.. space.Low]), Is.Null);
            return;
        }
        foreach (long[] index in RandomDistributions.Indices(space))
        {
            Box point = new([.. index], [.. index.Select(i => i + 1)]);
            RankId owner = owning.Single(r => distribution.Own(r).Contains(point));
            Assert.That(distribution.Owner(index), Is.EqualTo(owner));
        }
        Assert.That(owned.Select(o => o.IsEmpty), Has.None.True);
        Assert.That(owned.Sum(o => o.Count), Is.EqualTo(space.Count));
        IEnumerable<RankId> others = Enumerable.Range(0, distribution.Ranks).Select(r => new RankId(r)).Except(owning);
        Assert.That(others.Where(r => space.Rank > 0 && !distribution.Own(r).IsEmpty), Is.Empty);
    }

    [Test]
    public void OwnersOf_RandomBoxes_AgreesWithAScanOfAllRanks([Range(0, 300)] int seed)
    {
        var random = new Random(seed);
        Box space = RandomDistributions.Space(random, random.Next(0, 4), 14);
        Distribution distribution = RandomDistributions.Of(random, space);
        Box box = RandomDistributions.Part(random, space);
        Owners owners = distribution.OwnersOf(box);
        var enumerated = new List<int>();
        foreach (RankId rank in owners)
        {
            enumerated.Add(rank.Value);
        }
        int[] scanned = [.. Enumerable.Range(0, distribution.Ranks).Where(r => distribution.Owns(new RankId(r)) && distribution.Own(new RankId(r)).Meets(box))];
        string what = $"{distribution} of {space}, {box}";
        Assert.That(enumerated, Is.EqualTo(scanned), what);
        Assert.That(owners.Count, Is.EqualTo(scanned.Length), what);
        Assert.That(owners.IsEmpty, Is.EqualTo(scanned.Length == 0), what);
        Assert.That(Enumerable.Range(0, distribution.Ranks).Where(r => owners.Contains(new RankId(r))), Is.EqualTo(scanned), what);
    }

    [Test]
    public void TryCoordinates_EveryRank_IsTheInverseOfRankAt()
    {
        Distribution blocks = Distribution.Blocks(Box.OfExtents([4, 4, 4]), [2, 3, 4], 26);
        Span<int> place = stackalloc int[3];
        for (int rank = 0; rank < 24; rank++)
        {
            Assert.That(blocks.TryCoordinates(new RankId(rank), place), Is.True);
            Assert.That(blocks.RankAt(place), Is.EqualTo(rank));
        }
        Assert.That(blocks.TryCoordinates(new RankId(24), place), Is.False);
        Assert.That(Distribution.Everywhere(Square, 4).TryCoordinates(new RankId(0), place), Is.False);
    }

    [TestCase("everywhere")]
    [TestCase("on rank 3")]
    [TestCase("blocks 2×2")]
    [TestCase("blocks 4×1 snapped to 64")]
    [TestCase("blocks 2×2 snapped to 64×1")]
    [TestCase("blocks 3×1 weighted 1×1, 3×2")]
    [TestCase("blocks 1×4 snapped to 2 weighted 1×0, 3×2")]
    public void Parse_Printed_ReadsBack(string text)
    {
        Distribution parsed = Distribution.Parse(text, Square, 4);
        Assert.That(parsed.ToString(), Is.EqualTo(text));
        Assert.That(Distribution.Parse(parsed.ToString(), Square, 4), Is.EqualTo(parsed));
    }

    [Test]
    public void Parse_RandomDistributions_ReadsBack([Range(0, 100)] int seed)
    {
        var random = new Random(seed);
        Distribution distribution = RandomDistributions.Of(random, RandomDistributions.Space(random, random.Next(0, 4), 9));
        Distribution parsed = Distribution.Parse(distribution.ToString(), distribution.Space, distribution.Ranks);
        Assert.That(parsed, Is.EqualTo(distribution));
        Assert.That(parsed.GetHashCode(), Is.EqualTo(distribution.GetHashCode()));
    }

    [TestCase("")]
    [TestCase("on rank 4")]
    [TestCase("on rank x")]
    [TestCase("blocks 2")]
    [TestCase("blocks 3×2")]
    [TestCase("blocks 0×2")]
    [TestCase("blocks 4294967296×4294967296")]
    [TestCase("blocks 2×2 snapped to 0")]
    [TestCase("blocks 2×2 weighted 3×1")]
    [TestCase("blocks 2×2 weighted 3")]
    public void TryParse_WhatDoesNotFit_IsRefused(string text)
    {
        Assert.That(Distribution.TryParse(text, Square, 4, out _), Is.False);
        Assert.Throws<FormatException>(() => Distribution.Parse(text, Square, 4));
    }

    [Test]
    public void Blocks_MoreThanRanks_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Distribution.Blocks(Square, [65_536, 65_536], 4));

    [Test]
    public void Representatives_RandomDistributions_HaveEveryCornerClassAndIdleness([Range(0, 100)] int seed)
    {
        var random = new Random(seed);
        Box space = RandomDistributions.Space(random, random.Next(0, 4), 14);
        Distribution distribution = RandomDistributions.Of(random, space);
        RankId[] chosen = [.. distribution.Representatives()];
        Assert.That(chosen, Is.Unique);
        Assert.That(chosen.Select(r => r.Value), Is.All.InRange(0, distribution.Ranks - 1));
        if (distribution.Kind == DistributionKind.Everywhere)
        {
            return;
        }
        RankId[] all = [.. Enumerable.Range(0, distribution.Ranks).Select(r => new RankId(r))];
        bool anyIdle = !all.All(distribution.Owns);
        Assert.That(!chosen.All(distribution.Owns), Is.EqualTo(anyIdle), $"{distribution} of {space}");
        if (!space.IsEmpty)
        {
            Assert.That(chosen, Does.Contain(distribution.Owner([.. space.Low])!.Value));
            Assert.That(chosen, Does.Contain(distribution.Owner([.. space.High.Select(h => h - 1)])!.Value));
        }
        if (!space.IsEmpty && distribution.Weights is RankWeights weights && distribution.Kind == DistributionKind.Blocks)
        {
            IEnumerable<long> classes = all.Take(distribution.Cells).Select(r => weights[r.Value]).Distinct();
            Assert.That(classes.Except(chosen.Select(r => weights[r.Value])), Is.Empty, $"{distribution} of {space}");
        }
    }

    [Test]
    public void Blocks_SixtyFiveThousandDifferentWeights_HaveFewRepresentatives()
    {
        long[] weights = [.. Enumerable.Range(0, 65_536).Select(r => 1000L + r * 7919L % 65_536)];
        Distribution blocks = Distribution.Blocks(Box.OfExtents([1L << 40, 1L << 40]), [256, 256], 65_536, default, RankWeights.OfEach(weights));
        Assert.That(blocks.Axes[0].Weights!.TotalWeight, Is.EqualTo(weights.Sum()));
        Assert.That(blocks.Axes[1].Weights!.TotalWeight, Is.EqualTo(weights.Sum()));
        RankId[] chosen = [.. blocks.Representatives()];
        Assert.That(chosen, Has.Length.LessThanOrEqualTo(7 * 7 + 64));
        Assert.That(chosen.Select(r => weights[r.Value]), Does.Contain(weights.Min()).And.Contain(weights.Max()));
    }

    [Test]
    public void OwnersOf_FewerElementsThanRanks_AreCountedByFormula()
    {
        Distribution blocks = Distribution.Blocks(Box.OfExtents([1000]), [65_536], 65_536);
        Owners owners = blocks.OwnersOf(new Box([10], [990]));
        Assert.That(owners.Count, Is.EqualTo(980));
        Assert.That(owners.Range(0).End - owners.Range(0).First, Is.GreaterThan(60_000));
        Assert.That(blocks.Representatives().Count(r => !blocks.Owns(r)), Is.EqualTo(1));
    }

    [Test]
    public void Queries_SixtyFiveThousandRanks_AllocateNothing()
    {
        RankWeights weights = RankWeights.Of([new(32_768, 1), new(32_768, 2)]);
        Distribution blocks = Distribution.Blocks(Box.OfExtents([100_000, 1_000_000]), [256, 256], 65_536, [1, 64], weights);
        Box box = new([50_000, 500_000], [50_800, 516_000]);
        Assert.That(blocks.Representatives(), Has.Length.LessThanOrEqualTo(18));
        Query(blocks, box);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long found = Query(blocks, box);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(found, Is.GreaterThan(0));
    }

    private static long Query(Distribution blocks, Box box)
    {
        Span<long> low = stackalloc long[2];
        Span<long> high = stackalloc long[2];
        Owners owners = blocks.OwnersOf(box);
        long points = owners.Contains(new RankId(7)) ? 0 : owners.Count;
        foreach (RankId rank in owners)
        {
            blocks.Own(rank, low, high);
            points += (high[0] - low[0]) * (high[1] - low[1]) + (blocks.Owner(low) == rank ? 0 : long.MinValue);
        }
        return points;
    }
}
