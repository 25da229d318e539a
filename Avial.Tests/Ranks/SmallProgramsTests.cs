using Avial.Planning.Distributing;

namespace Avial.Tests.Ranks;

/// <summary>Small programs have the bits of one rank on any number of ranks, with fewer elements than ranks, and however their arrays are distributed.</summary>
public sealed class SmallProgramsTests
{
    [TestCaseSource(typeof(SmallPrograms), nameof(SmallPrograms.All))]
    public void Program_OnRanks_HasTheBitsOfOneRank(object smallProgram)
    {
        var program = (SmallProgram)smallProgram;
        object[] expected = On(1, null, program);

        foreach (int ranks in (int[])[2, 3, 4, 8])
        {
            for (int seed = 0; seed < 3; seed++)
            {
                object[] found = On(ranks, seed == 0 ? new ShapeChooser() : new RandomChooser(seed), program);
                Assert.That(found, Is.EqualTo(expected), $"{ranks} ranks, seed {seed}");
            }
        }
    }

    [TestCaseSource(typeof(SmallPrograms), nameof(SmallPrograms.All))]
    public void Program_RecordedByEachRank_HasTheBitsOfOneRank(object smallProgram)
    {
        var program = (SmallProgram)smallProgram;
        object[] expected = On(1, null, program);

        var found = new object[3][];
        RankSession.Run(3, session => found[session.Rank] = [.. program.Run().Cast<object>()]);

        Assert.That(found, Is.All.EqualTo(expected));
    }

    private static object[] On(int ranks, IDistributionChooser? chooser, SmallProgram program)
    {
        using Session session = RankSession.Open(ranks, chooser);
        return [.. program.Run().Cast<object>()];
    }
}
