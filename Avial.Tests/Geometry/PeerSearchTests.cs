using System.Numerics;
using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class PeerSearchTests
{
    [Test]
    public void Stencil_FivePoint_FindsTheFaceNeighboursOfAnInnerRank()
    {
        Box space = Box.OfExtents([64, 64]);
        Distribution blocks = Distribution.Blocks(space, [4, 4], 16);
        // The hull of a five-point stencil: its corners are needed as well.
        var need = new AffineNeed(space, space, [new(0, 1, -1, 1), new(1, 1, -1, 1)]);
        Assert.That(Found(blocks, need, blocks.Own(new RankId(5))), Is.EqualTo(new[] { 0, 1, 2, 4, 5, 6, 8, 9, 10 }));
    }

    [Test]
    public void Transpose_RowsFromColumns_FindsAll()
    {
        Box space = Box.OfExtents([64, 64]);
        Distribution rows = Distribution.Blocks(space, [8, 1], 8);
        var need = new AffineNeed(space, space, [new(1, 1, 0, 0), new(0, 1, 0, 0)]);
        Assert.That(Found(rows, need, rows.Own(new RankId(3))), Is.EqualTo(Enumerable.Range(0, 8)));
    }

    [Test]
    public void Search_RandomNeedsAndDistributions_AgreesWithAScanOfAllRanks([Range(0, 600)] int seed)
    {
        var random = new Random(seed);
        Box space = RandomDistributions.Space(random, random.Next(0, 4), 14);
        Distribution consumer = RandomDistributions.Of(random, space);
        AffineNeed need = RandomNeed(random, space);
        Box sent = RandomDistributions.Part(random, need.Array);
        int[] scanned = [.. Enumerable.Range(0, consumer.Ranks).Where(r => consumer.Owns(new RankId(r)) && Needs(need, consumer.Own(new RankId(r)), sent))];
        Assert.That(Found(consumer, need, sent), Is.EqualTo(scanned), $"{consumer} of {space}, {sent} of {need.Array} for {string.Join(", ", need.Reads)}");
    }

    [Test]
    public void Search_SixtyFiveThousandRanks_AsksLittleAndAllocatesNothing()
    {
        Box space = Box.OfExtents([100_000, 100_000]);
        Distribution blocks = Distribution.Blocks(space, [256, 256], 65_536);
        var need = new AffineNeed(space, space, [new(0, 1, -1, 1), new(1, 1, -1, 1)]);
        Box own = blocks.Own(new RankId(256 * 100 + 100));
        long[] low = [.. own.Low];
        long[] high = [.. own.High];
        Count(blocks, need, low, high);
        int asked = need.Evaluations;
        long before = GC.GetAllocatedBytesForCurrentThread();
        int found = Count(blocks, need, low, high);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(found, Is.EqualTo(9));
        Assert.That(asked, Is.LessThanOrEqualTo(9 * 4 * BitOperations.Log2(65_536)));
    }

    private static AffineNeed RandomNeed(Random random, Box space)
    {
        Box domain = space;
        for (int axis = 0; axis < space.Rank && random.Next(2) == 0; axis++)
        {
            domain = domain.With(axis, space.Low[axis] + random.Next(3), space.High[axis] - random.Next(3));
        }
        var reads = new AffineRead[random.Next(0, 4)];
        var array = Box.OfExtents(new long[reads.Length]);
        for (int axis = 0; axis < reads.Length; axis++)
        {
            long low = random.Next(-3, 4);
            int of = random.Next(-1, space.Rank);
            reads[axis] = new AffineRead(of, random.Next(-2, 4), low, low + random.Next(0, 4));
            array = array.With(axis, random.Next(-5, 1), random.Next(1, 20));
        }
        return new AffineNeed(domain, array, reads);
    }

    private static bool Needs(AffineNeed need, Box part, Box sent)
    {
        var low = new long[need.Reads.Length];
        var high = new long[need.Reads.Length];
        return need.TryEvaluate(part.Low.AsSpan(), part.High.AsSpan(), low, high) && sent.Meets(new Box([.. low], [.. high]));
    }

    private static List<int> Found(Distribution consumer, AffineNeed need, Box sent)
    {
        var found = new List<int>();
        foreach (RankId rank in PeerSearch.Of(consumer, need, sent.Low.AsSpan(), sent.High.AsSpan()))
        {
            found.Add(rank.Value);
        }
        return found;
    }

    private static int Count(Distribution consumer, AffineNeed need, long[] low, long[] high)
    {
        int count = 0;
        foreach (RankId _ in PeerSearch.Of(consumer, need, low, high))
        {
            count++;
        }
        return count;
    }
}
