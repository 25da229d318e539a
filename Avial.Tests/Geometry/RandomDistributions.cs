using Avial.Geometry;

namespace Avial.Tests.Geometry;

/// <summary>Small distributions of all kinds, odd ones included, from a seed.</summary>
internal static class RandomDistributions
{
    public static RankWeights Weights(Random random, int ranks)
    {
        var runs = new List<WeightRun>();
        for (int left = ranks; left > 0;)
        {
            int count = random.Next(1, left + 1);
            runs.Add(new WeightRun(count, random.Next(4)));
            left -= count;
        }
        return RankWeights.Of([.. runs]);
    }

    public static AxisCut Cut(Random random)
    {
        long low = random.Next(-10, 10);
        int parts = random.Next(1, 14);
        long length = random.Next(4) == 0 ? random.Next(3) : random.Next(60);
        long snap = random.Next(3) == 0 ? 1 : random.Next(1, 20);
        return new AxisCut(low, low + length, parts, snap, random.Next(2) == 0 ? null : Weights(random, parts));
    }

    public static Box Space(Random random, int axes, int size)
    {
        long[] low = [.. Enumerable.Range(0, axes).Select(_ => (long)random.Next(-4, 5))];
        long[] high = [.. low.Select(l => l + (random.Next(12) == 0 ? 0 : random.Next(1, size)))];
        return new Box([.. low], [.. high]);
    }

    /// <summary>A box that may reach out of the space and may be empty.</summary>
    public static Box Part(Random random, Box space)
    {
        Box part = space;
        for (int axis = 0; axis < space.Rank; axis++)
        {
            long low = random.NextInt64(space.Low[axis] - 3, space.High[axis] + 3);
            part = part.With(axis, low, low + random.Next(0, 8));
        }
        return part;
    }

    public static Distribution Of(Random random, Box space)
    {
        int[] grid = [.. Enumerable.Range(0, space.Rank).Select(_ => random.Next(1, 6))];
        int ranks = grid.Aggregate(1, (a, b) => a * b) + random.Next(3);
        long[] snaps = [.. grid.Select(_ => random.Next(2) == 0 ? 1L : random.Next(1, 7))];
        return random.Next(6) switch
        {
            0 => Distribution.Everywhere(space, ranks),
            1 => Distribution.OnOne(space, new RankId(random.Next(ranks)), ranks),
            2 => Distribution.Blocks(space, grid, ranks),
            3 => Distribution.Blocks(space, grid, ranks, snaps),
            _ => Distribution.Blocks(space, grid, ranks, snaps, Weights(random, ranks)),
        };
    }

    /// <summary>All indices of a box, row-major.</summary>
    public static IEnumerable<long[]> Indices(Box box)
    {
        IEnumerable<long[]> indices = [[]];
        for (int axis = 0; axis < box.Rank; axis++)
        {
            (long low, long length) = (box.Low[axis], box.Length(axis));
            indices = [.. indices.SelectMany(i => Enumerable.Range(0, (int)length).Select(k => (long[])[.. i, low + k]))];
        }
        return indices;
    }
}
