using Avial.Geometry;
using Avial.Planning.Machine;
using Avial.Tests.Diagnostics;

namespace Avial.Tests.Planning.Machine;

public sealed class MachineChoiceTests
{
    private static readonly SessionOptions s_options = new() { MachineFile = null, MemoryPerRank = null };

    [Test]
    public void For_OneRank_MeasuresNothing() => Assert.That(MachineChoice.For(s_options, 1), Is.EqualTo(new MachineModel { Ranks = 1 }));

    [Test]
    public void For_AStatedMachine_TakesIt()
    {
        var weights = RankWeights.Of([new WeightRun(1, 1), new WeightRun(2, 4)]);
        SessionOptions options = s_options with { Machine = MachineModel.Ideal(3) with { Weights = weights }, MachineFile = "no such file" };

        Assert.That(MachineChoice.For(options, 3), Is.EqualTo(options.Machine));
        Assert.That(MachineChoice.For(options, 5), Is.EqualTo(MachineModel.Ideal(5)));
    }

    [Test]
    public void For_AMachineFile_TakesIt()
    {
        using var file = new MachineTestFile("""{ "nodes": [{ "ranksPerNode": 3 }] }""");

        MachineModel model = MachineChoice.For(s_options with { MachineFile = file.Path }, 3);

        Assert.That(model.Origin, Is.EqualTo("machine file cluster.json"));
        Assert.That(model.Ranks, Is.EqualTo(3));
    }

    [TestCase(null, null, null)]
    [TestCase(100L, null, 100L)]
    [TestCase(null, 100L, 100L)]
    [TestCase(100L, 200L, 100L)]
    [TestCase(200L, 100L, 100L)]
    public void For_TwoLimitsOfMemory_TakesTheLower(long? machine, long? option, long? expected)
    {
        SessionOptions options = s_options with { Machine = MachineModel.Ideal(2) with { MemoryPerRank = machine }, MemoryPerRank = option };

        Assert.That(MachineChoice.For(options, 2).MemoryPerRank, Is.EqualTo(expected));
    }

    [TestCase(0L)]
    [TestCase(-5L)]
    public void Session_WithNoMemory_IsRefused(long bytes) => Refused.With(() => Session.Create(o => o with { MemoryPerRank = bytes }),
        $"AVL0662: A rank cannot have {bytes} bytes of memory; give MemoryPerRank 1 or more, or null to have no limit.");

    [Test]
    public void Session_WithAFileOfMoreRanksThanItHas_IsRefused()
    {
        using var file = new MachineTestFile("""{ "nodes": [{ "ranksPerNode": 8 }] }""");
        Session before = Session.Current;

        Refused.With(() => Session.Create(o => o with { MachineFile = file.Path }),
            $"AVL0745: The machine file '{file.Path}' names 8 ranks, the program runs on 1. Run it on 8, or give the file's nodes 1 rank together.");
        Assert.That(Session.Current, Is.SameAs(before));
    }

    [Test]
    public void Session_PlansForTheMachineOfItsOptions()
    {
        using var file = new MachineTestFile("""{ "nodes": [{ "memoryPerRank": "1 MiB" }] }""");
        using Session session = Session.Create(o => o with { MachineFile = file.Path });

        Assert.That(session.Machine.MemoryPerRank, Is.EqualTo(1L << 20));
    }
}
