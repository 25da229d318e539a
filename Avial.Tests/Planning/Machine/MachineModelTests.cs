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
    public void ComputeTime_OnAFasterRank_IsShorterButForTheStart() => Assert.That(s_model.ComputeTime(10, 4, 0, speed: 2), Is.EqualTo(2 + 10));

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
