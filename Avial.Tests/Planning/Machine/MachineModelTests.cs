using Avial.Geometry;
using Avial.Planning.Machine;

namespace Avial.Tests.Planning.Machine;

public sealed class MachineModelTests
{
    // Powers of two: every result is exact.
    private static readonly MachineModel s_model = new()
    {
        Ranks = 4,
        Latency = 8,
        SecondsPerByte = 0.25,
        SecondsPerOperation = 0.5,
        SecondsPerByteOfMemory = 0.125,
        SecondsPerLaunch = 2,
    };

    [TestCase(0, 8)]
    [TestCase(4, 9)]
    [TestCase(1L << 40, 8 + 0.25 * (1L << 40))]
    public void MessageTime_IsLatencyAndBytes(long bytes, double seconds) => Assert.That(s_model.MessageTime(bytes), Is.EqualTo(seconds));

    [Test]
    public void ExchangeTime_CountsMessagesAndBytesApart()
    {
        Assert.That(s_model.ExchangeTime(0, 0), Is.Zero);
        Assert.That(s_model.ExchangeTime(3, 16), Is.EqualTo(28));
        Assert.That(s_model.ExchangeTime(1, 4), Is.EqualTo(s_model.MessageTime(4)));
    }

    [Test]
    public void ComputeTime_IsTheLongerOfComputingAndMemory()
    {
        Assert.That(s_model.ComputeTime(10, 4, 0), Is.EqualTo(2 + 20));
        Assert.That(s_model.ComputeTime(10, 4, 16), Is.EqualTo(2 + 20));
        Assert.That(s_model.ComputeTime(10, 4, 32), Is.EqualTo(2 + 40));
    }

    [Test]
    public void ComputeTime_OfNothing_StartsNothing() => Assert.That(s_model.ComputeTime(0, 4, 4), Is.Zero);

    [Test]
    public void ComputeTime_OnAFasterRank_IsShorterButForTheStart() => Assert.That(s_model.ComputeTime(10, 4, 0, weight: 2), Is.EqualTo(2 + 10));

    [Test]
    public void Weights_AreEqual_UnlessTheyAreGiven()
    {
        var weights = RankWeights.Of([new WeightRun(2, 1), new WeightRun(2, 3)]);

        Assert.That(s_model.Weights, Is.EqualTo(RankWeights.Equal(4)));
        Assert.That((s_model with { Weights = weights }).Weights, Is.EqualTo(weights));
        Assert.That((s_model with { Weights = weights }).Ranks, Is.EqualTo(4));
        Assert.That(new MachineModel { Weights = weights, Ranks = 4 }.Weights, Is.EqualTo(weights));
        Assert.That(new MachineModel { Ranks = 4, Weights = weights }, Is.EqualTo(new MachineModel { Weights = weights, Ranks = 4 }));
        Assert.That((s_model with { Weights = weights } with { Ranks = 8 }).Weights, Is.EqualTo(RankWeights.Equal(8)));
    }

    [TestCase(1, "machine: declared: 1.0 µs a message, 5.0 GB/s between ranks, 2.0 Gop/s and 10 GB/s a rank")]
    [TestCase(65536, "machine: declared: 1.0 µs a message, 5.0 GB/s between ranks, 2.0 Gop/s and 10 GB/s a rank")]
    public void Text_IsOneLine(int ranks, string text) => Assert.That(new MachineModel { Ranks = ranks }.ToString(), Is.EqualTo(text));

    [Test]
    public void Text_SaysWhatIsSpecial()
    {
        MachineModel limited = new MachineModel { Ranks = 2, MemoryPerRank = 3L << 30, Origin = "measured" };
        MachineModel uneven = new MachineModel
        {
            Ranks = 3,
            Weights = RankWeights.Of([new WeightRun(1, 2), new WeightRun(2, 5)]),
            Latency = 25e-9,
            SecondsPerByte = 1 / 123e6,
            SecondsPerOperation = 1 / 1e6,
            SecondsPerByteOfMemory = 1 / 1e12,
        };

        Assert.That(limited.ToString(),
            Is.EqualTo("machine: measured: 1.0 µs a message, 5.0 GB/s between ranks, 2.0 Gop/s and 10 GB/s a rank, which holds at most 3.00 GiB"));
        Assert.That(uneven.ToString(), Is.EqualTo("machine: declared: 25 ns a message, 123 MB/s between ranks, 2.0 to 5.0 Mop/s and 2.0 to 5.0 TB/s a rank"));
        Assert.That(MachineModel.Ideal(4).ToString(), Is.EqualTo("machine: ideal: free messages, 2.0 Gop/s and 10 GB/s a rank"));
        Assert.That((MachineModel.Ideal(4) with { Latency = 2e-3 }).ToString(), Is.EqualTo("machine: ideal: 2.0 ms a message, any rate between ranks, 2.0 Gop/s and 10 GB/s a rank"));
    }

    [Test]
    public void Ideal_HasFreeMessages()
    {
        var ideal = MachineModel.Ideal(8);

        Assert.That(ideal.Ranks, Is.EqualTo(8));
        Assert.That(ideal.ExchangeTime(1000, 1e12), Is.Zero);
        Assert.That(ideal.ComputeTime(2, 1, 1), Is.EqualTo(2 * ideal.ComputeTime(1, 1, 1)));
        Assert.That(ideal.MemoryPerRank, Is.Null);
    }
}
