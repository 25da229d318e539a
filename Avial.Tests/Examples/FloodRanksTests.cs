using System.Runtime.InteropServices;
using Avial.Examples.Flood;

namespace Avial.Tests.Examples;

/// <summary>The flood on ranks: the same water to the last bit, and none lost between them.</summary>
public sealed class FloodRanksTests
{
    [TestCase("dam-break", 10, 12)]
    [TestCase("rain", 10, 200)]
    public void Water_OnRanks_HasTheBitsOfOneRank(string scenario, double cell, double seconds)
    {
        var model = Scenarios.Create(scenario, cell);
        Water[] expected = Advance(1, model, seconds);

        foreach (int ranks in (int[])[2, 3, 8])
        {
            Water[] found = Advance(ranks, model, seconds);
            Assert.That(found.Select(Summary), Is.EqualTo(expected.Select(Summary)), $"{ranks} ranks");
        }
    }

    [Test]
    public void Water_OnEightRanks_IsConservedAndNeverNegative()
    {
        var model = Scenarios.Create("dam-break", 10);
        double expected = new Balance(model.Start, model.Bed).Volume;

        Water end = Advance(8, model, 60)[^1];

        Assert.That(new Balance(end.Cells, model.Bed).Volume, Is.EqualTo(expected).Within(1e-12 * expected));
        Assert.That(end.Cells.Min(q => q.H), Is.Not.Negative);
    }

    [Test]
    public void Lakes_OnEightRanks_StayAtRest()
    {
        var model = Scenarios.Create("lake-at-rest", 10);

        Water end = Advance(8, model, 10)[^1];

        Assert.That(end.Cells.Max(q => Math.Max(Math.Abs(q.Hu), Math.Abs(q.Hv))), Is.LessThan(1e-10));
    }

    [Test]
    public void Water_RecordedByEachOfFourRanks_HasTheBitsOfOneRank()
    {
        var model = Scenarios.Create("dam-break", 10);
        string expected = Summary(Advance(1, model, 8)[^1]);

        var found = new string[4];
        RankSession.Run(4, session =>
        {
            Func<double, Water> advance = Simulation.Start(model);
            advance(4);
            found[session.Rank] = Summary(advance(8));
        });

        Assert.That(found, Is.All.EqualTo(expected));
    }

    private static Water[] Advance(int ranks, FloodModel model, double seconds)
    {
        using Session session = RankSession.Open(ranks);
        Func<double, Water> advance = Simulation.Start(model);
        return [advance(seconds / 2), advance(seconds)];
    }

    private static string Summary(Water water) =>
        $"{water.Steps} steps to {water.Time:R}: {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(MemoryMarshal.AsBytes(water.Cells.AsSpan())))}";
}
