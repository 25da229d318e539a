using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Tests.Geometry;

/// <summary>What block grids cost in elements sent, counted part by part, against the best there is.</summary>
internal sealed class PartitionQualityTests
{
    private const int Ranks = 64;

    [TestCase(64, 64, 64)]
    [TestCase(100, 50, 30)]
    [TestCase(97, 101, 103)]
    [TestCase(512, 64, 8)]
    [TestCase(1000, 12, 10)]
    [TestCase(130, 140, 4)]
    public void Stencil_BestGridByFormula_SendsNoMoreThanFivePercentAboveTheBestBricks(int x, int y, int z)
    {
        long[] extents = [x, y, z];
        ImmutableArray<int> best = Factorisations.Of(Ranks, 3).MinBy(g => (FacesByFormula(g, extents), MostByFormula(g, extents)));
        (long sent, long most) = CountFaces(best, extents);
        long bestSent = Math.Min(BestHalving(x, y, z, Ranks), AllGrids().Min(g => CountFaces(g, extents).Sent));
        Assert.That(sent, Is.EqualTo(FacesByFormula(best, extents)));
        Assert.That(sent, Is.LessThanOrEqualTo(1.05 * bestSent), $"{string.Join('×', best)} sends {sent}, the best bricks {bestSent}");
        long bestMost = AllGrids().Where(g => CountFaces(g, extents).Sent <= 1.05 * bestSent).Min(g => CountFaces(g, extents).Most);
        Assert.That(most, Is.LessThanOrEqualTo(1.05 * bestMost), $"one rank of {string.Join('×', best)} sends {most}, of the best bricks {bestMost}");
    }

    [Test]
    public void Stencil_Cube_IsCutIntoCubes()
    {
        ImmutableArray<int> best = Factorisations.Of(Ranks, 3).MinBy(g => FacesByFormula(g, [64, 64, 64]));
        Assert.That(best, Is.EqualTo(new[] { 4, 4, 4 }));
        Assert.That(CountFaces(best, [64, 64, 64]).Most, Is.EqualTo(6 * 16 * 16), "an inner rank sends its six faces");
    }

    [TestCase(64, 1)]
    [TestCase(64, 2)]
    [TestCase(60, 3)]
    [TestCase(64, 8)]
    [TestCase(512, 64)]
    [TestCase(61, 7)]
    [TestCase(997, 16)]
    public void Transpose_RowSlabsToColumnSlabs_SendsTheLowerBoundOfAnAllToAll(int n, int ranks)
    {
        Box space = Box.OfExtents([n, n]);
        Distribution rows = Distribution.Blocks(space, [ranks, 1], ranks);
        Distribution columns = Distribution.Blocks(space, [1, ranks], ranks);
        // n² (1 − 1/P) / P: all that a rank has but what it keeps.
        double bound = (double)n * n * (ranks - 1) / ((double)ranks * ranks);
        for (int rank = 0; rank < ranks; rank++)
        {
            Box own = rows.Own(new RankId(rank));
            Owners receivers = columns.OwnersOf(own);
            long sent = 0;
            foreach (RankId receiver in receivers)
            {
                sent += receiver.Value == rank ? 0 : columns.Own(receiver).Intersect(own).Count;
            }
            Assert.That(receivers.Count, Is.EqualTo(ranks));
            if (n % ranks == 0)
            {
                Assert.That(sent, Is.EqualTo(bound));
            }
            Assert.That(sent, Is.LessThanOrEqualTo(bound * 1.05));
        }
    }

    /// <summary>Both sides of every cut are sent once.</summary>
    private static long FacesByFormula(ImmutableArray<int> grid, long[] extents)
    {
        long sent = 0;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long face = 1;
            for (int other = 0; other < extents.Length; other++)
            {
                face *= other == axis ? 1 : extents[other];
            }
            sent += 2 * (Math.Min(grid[axis], extents[axis]) - 1) * face;
        }
        return sent;
    }

    /// <summary>What the rank with the most neighbours and the largest part sends, at most.</summary>
    private static long MostByFormula(ImmutableArray<int> grid, long[] extents)
    {
        long most = 0;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long face = 1;
            for (int other = 0; other < extents.Length; other++)
            {
                face *= other == axis ? 1 : (extents[other] + grid[other] - 1) / grid[other];
            }
            most += Math.Min(2, grid[axis] - 1) * face;
        }
        return most;
    }

    /// <summary>What ranks receive for a halo of one element behind each face, asked of the owners; the stencil is symmetric: they send as much.</summary>
    private static (long Sent, long Most) CountFaces(ImmutableArray<int> grid, long[] extents)
    {
        Box space = Box.OfExtents(extents);
        Distribution blocks = Distribution.Blocks(space, grid.AsSpan(), Ranks);
        long sent = 0;
        long most = 0;
        foreach (RankId rank in blocks.OwnersOf(space))
        {
            Box own = blocks.Own(rank);
            long received = 0;
            for (int axis = 0; axis < extents.Length; axis++)
            {
                received += Held(blocks, own.With(axis, own.Low[axis] - 1, own.Low[axis]));
                received += Held(blocks, own.With(axis, own.High[axis], own.High[axis] + 1));
            }
            sent += received;
            most = Math.Max(most, received);
        }
        return (sent, most);
    }

    private static long Held(Distribution blocks, Box halo)
    {
        long held = 0;
        foreach (RankId owner in blocks.OwnersOf(halo))
        {
            held += blocks.Own(owner).Intersect(halo).Count;
        }
        return held;
    }

    /// <summary>All grids of all ranks, by trying all numbers.</summary>
    private static IEnumerable<ImmutableArray<int>> AllGrids() =>
        from a in Enumerable.Range(1, Ranks)
        from b in Enumerable.Range(1, Ranks)
        from c in Enumerable.Range(1, Ranks)
        where a * b * c == Ranks
        select ImmutableArray.Create(a, b, c);

    /// <summary>The least sent by any way to halve a brick, each half in its own way, until there is one for each rank.</summary>
    private static long BestHalving(long x, long y, long z, int ranks)
    {
        var known = new Dictionary<(long, long, long, int), long>();
        return Best(x, y, z, ranks);

        long Best(long x, long y, long z, int ranks)
        {
            if (ranks == 1)
            {
                return 0;
            }
            if (!known.TryGetValue((x, y, z, ranks), out long best))
            {
                best = long.MaxValue;
                best = x < 2 ? best : Math.Min(best, 2 * y * z + Best(x / 2, y, z, ranks / 2) + Best(x - x / 2, y, z, ranks / 2));
                best = y < 2 ? best : Math.Min(best, 2 * x * z + Best(x, y / 2, z, ranks / 2) + Best(x, y - y / 2, z, ranks / 2));
                best = z < 2 ? best : Math.Min(best, 2 * x * y + Best(x, y, z / 2, ranks / 2) + Best(x, y, z - z / 2, ranks / 2));
                known.Add((x, y, z, ranks), best);
            }
            return best;
        }
    }
}
