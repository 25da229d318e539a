using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class RankWeightsTests
{
    [Test]
    public void Of_NeighboursOfOneWeight_AreJoined()
    {
        RankWeights weights = RankWeights.Of([new(2, 1), new(0, 7), new(3, 1), new(2, 5), new(1, 1)]);
        Assert.That(weights.ToString(), Is.EqualTo("5×1, 2×5, 1×1"));
        Assert.That(weights.Classes, Is.EqualTo(new long[] { 1, 5 }));
        Assert.That(weights, Is.EqualTo(RankWeights.OfEach([1, 1, 1, 1, 1, 5, 5, 1])));
        Assert.That(weights.GetHashCode(), Is.EqualTo(RankWeights.OfEach([1, 1, 1, 1, 1, 5, 5, 1]).GetHashCode()));
        Assert.That(weights, Is.Not.EqualTo(RankWeights.Equal(8)));
    }

    [Test]
    public void Cumulative_RandomRuns_IsThePrefixSum([Range(0, 60)] int seed)
    {
        var random = new Random(seed);
        RankWeights weights = RandomDistributions.Weights(random, random.Next(1, 30));
        long sum = 0;
        for (int rank = 0; rank < weights.Ranks; rank++)
        {
            Assert.That(weights.Cumulative(rank), Is.EqualTo(sum));
            sum += weights[rank];
        }
        Assert.That(weights.Cumulative(weights.Ranks), Is.EqualTo(sum));
        Assert.That(weights.TotalWeight, Is.EqualTo(sum));
        for (long within = 0; within < sum; within++)
        {
            int last = Enumerable.Range(0, weights.Ranks).Last(r => weights.Cumulative(r) <= within);
            Assert.That(weights.LastWithin(within), Is.EqualTo(last));
        }
    }

    [Test]
    public void Marginal_RandomRunsAndGrids_IsTheSumOverTheOtherAxes([Range(0, 100)] int seed)
    {
        var random = new Random(seed);
        int[] grid = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 6))];
        int cells = grid.Aggregate(1, (a, b) => a * b);
        RankWeights weights = RandomDistributions.Weights(random, cells + random.Next(3));
        int inner = cells;
        for (int axis = 0; axis < grid.Length; axis++)
        {
            inner /= grid[axis];
            var sums = new long[grid[axis]];
            for (int rank = 0; rank < cells; rank++)
            {
                sums[rank / inner % grid[axis]] += weights[rank];
            }
            Assert.That(weights.Marginal(grid, axis), Is.EqualTo(RankWeights.OfEach(sums)));
        }
    }

    [TestCase("32×1, 32×2")]
    [TestCase("7×0")]
    public void TryParse_Printed_ReadsBack(string text)
    {
        Assert.That(RankWeights.TryParse(text, out RankWeights? weights), Is.True);
        Assert.That(weights!.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("3")]
    [TestCase("3×-1")]
    [TestCase("3×1;2×2")]
    public void TryParse_SomethingElse_IsRefused(string text) => Assert.That(RankWeights.TryParse(text, out _), Is.False);
}
