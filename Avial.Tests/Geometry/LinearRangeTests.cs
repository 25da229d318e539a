using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class LinearRangeTests
{
    [Test]
    public void Of_RandomBoxes_SpansTheirRowMajorPlaces([Range(0, 100)] int seed)
    {
        var random = new Random(seed);
        long[] extents = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(1, 6))];
        Box array = Box.OfExtents(extents);
        Box box = RandomDistributions.Part(random, array).Intersect(array);
        long[] places = [.. RandomDistributions.Indices(box).Select(i => Place(i, extents))];
        LinearRange range = LinearRange.Of(box, extents);
        Assert.That(range, Is.EqualTo(places.Length == 0 ? default : new LinearRange(places[0], places[^1] + 1)));
        Assert.That(LinearRange.IsContiguous(box, extents), Is.EqualTo(range.Length == places.Length));
        if (extents.Length > 0 && !range.IsEmpty)
        {
            long inner = array.Count / extents[0];
            Assert.That(range.Rows(inner), Is.EqualTo((range.Low / inner, (range.High - 1) / inner + 1)));
        }
    }

    [Test]
    public void TryFlatten_RandomDistributions_OwnTheSameElements([Range(0, 300)] int seed)
    {
        var random = new Random(seed);
        long[] extents = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(0, 12))];
        Box space = Box.OfExtents(extents);
        Distribution distribution = random.Next(2) == 0 || extents.Length == 0 ? RandomDistributions.Of(random, space) : Slabs(random, space);
        bool cutsInner = distribution.Grid.Skip(1).Any(p => p > 1);
        Assert.That(LinearRange.TryFlatten(distribution, out Distribution? flat), Is.EqualTo(!cutsInner));
        if (flat is null)
        {
            return;
        }
        Assert.That(flat.Kind, Is.EqualTo(distribution.Kind));
        for (int rank = 0; rank < distribution.Ranks; rank++)
        {
            IEnumerable<long> places = Owned(distribution, rank).Select(i => Place(i, extents));
            Assert.That(Owned(flat, rank).Select(i => i[0]), Is.EqualTo(places), $"{distribution} of {space}");
        }
    }

    [Test]
    public void TryUnflatten_RandomDistributions_OwnTheSameElementsOrAreRefused([Range(0, 300)] int seed)
    {
        var random = new Random(seed);
        long[] extents = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(0, 12))];
        Box line = Box.OfExtents([Box.OfExtents(extents).Count]);
        long inner = extents.Skip(1).Aggregate(1L, (a, b) => a * b);
        int parts = random.Next(1, 7);
        Distribution flat = random.Next(3) == 0 ? RandomDistributions.Of(random, line)
            : Distribution.Blocks(line, [parts], parts, random.Next(2) == 0 ? [] : [Math.Max(1, inner) * random.Next(1, 3)]);
        if (!LinearRange.TryUnflatten(flat, extents, out Distribution? distribution))
        {
            Assert.That(flat.Kind, Is.EqualTo(DistributionKind.Blocks));
            return;
        }
        for (int rank = 0; rank < flat.Ranks; rank++)
        {
            IEnumerable<long> places = Owned(distribution, rank).Select(i => Place(i, extents));
            Assert.That(Owned(flat, rank).Select(i => i[0]), Is.EqualTo(places), $"{flat} as {distribution}");
        }
    }

    [Test]
    public void TryUnflatten_Flattened_IsTheOriginal([Range(0, 60)] int seed)
    {
        var random = new Random(seed);
        Box space = Box.OfExtents([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (long)random.Next(1, 12))]);
        Distribution slabs = Slabs(random, space);
        Assert.That(LinearRange.TryFlatten(slabs, out Distribution? flat), Is.True);
        Assert.That(LinearRange.TryUnflatten(flat!, space.High.AsSpan(), out Distribution? again), Is.True);
        Assert.That(again, Is.EqualTo(slabs));
    }

    [Test]
    public void TryUnflatten_CutsWithinRows_IsRefused()
    {
        Distribution flat = Distribution.Blocks(Box.OfExtents([30]), [4], 4);
        Assert.That(LinearRange.TryUnflatten(flat, [10, 3], out _), Is.False);
        Assert.That(LinearRange.TryUnflatten(Distribution.Blocks(Box.OfExtents([30]), [5], 5), [10, 3], out _), Is.True);
        Assert.That(LinearRange.TryUnflatten(flat, [10, 4], out _), Is.False, "another number of elements");
    }

    [Test]
    public void OfSlab_Rows_AreMultiplied() => Assert.That(LinearRange.OfSlab(2, 5, 7), Is.EqualTo(new LinearRange(14, 35)));

    private static IEnumerable<long[]> Owned(Distribution distribution, int rank) =>
        distribution.Owns(new RankId(rank)) ? RandomDistributions.Indices(distribution.Own(new RankId(rank))) : [];

    private static Distribution Slabs(Random random, Box space)
    {
        int parts = random.Next(1, 7);
        int[] grid = [.. Enumerable.Range(0, space.Rank).Select(a => a == 0 ? parts : 1)];
        long[] snaps = [.. grid.Select(_ => (long)random.Next(1, 4))];
        RankWeights? weights = random.Next(2) == 0 ? null : RandomDistributions.Weights(random, parts + 1);
        return Distribution.Blocks(space, grid, parts + 1, snaps, weights);
    }

    private static long Place(long[] index, long[] extents)
    {
        long place = 0;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            place = place * extents[axis] + index[axis];
        }
        return place;
    }
}
