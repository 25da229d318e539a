using Avial.Planning.Machine;

namespace Avial.Tests.Planning.Machine;

public sealed class MachineConstantsTests
{
    private static readonly MachineConstants s_constants = new(1e-6, 0.25e-9, 0.5e-9, 0.125e-9, 0.0625e-9, 2e-6);

    [Test]
    public void Model_OfOneRankACore_HasTheConstants()
    {
        MachineModel model = s_constants.Model(ranks: 2, threadsPerRank: 1, cores: 2);

        Assert.That(model.Latency, Is.EqualTo(1e-6));
        Assert.That(model.SecondsPerByte, Is.EqualTo(0.25e-9));
        Assert.That(model.SecondsPerOperation, Is.EqualTo(0.5e-9));
        Assert.That(model.SecondsPerByteOfMemory, Is.EqualTo(0.125e-9));
        Assert.That(model.Origin, Is.EqualTo("measured"));
    }

    [TestCase(2, 4, 8, 0.125, 0.125, 1, Description = "Four cores a rank: four times the operations, but half the memory's rate.")]
    [TestCase(2, 8, 8, 0.125, 0.125, 1, Description = "More threads than cores help nobody.")]
    [TestCase(8, 1, 2, 2, 0.5, 4, Description = "Four ranks a core share it.")]
    public void Model_SharesCoresAndMemory(int ranks, int threads, int cores, double perOperation, double perByte, double waiting)
    {
        MachineModel model = s_constants.Model(ranks, threads, cores);

        Assert.That(model.SecondsPerOperation, Is.EqualTo(perOperation * 1e-9).Within(1e-20));
        Assert.That(model.SecondsPerByteOfMemory, Is.EqualTo(perByte * 1e-9).Within(1e-20));
        Assert.That(model.Latency, Is.EqualTo(waiting * 1e-6).Within(1e-20));
    }

    [Test]
    public void Plausible_OfPlausibleConstants_ChangesNothing() => Assert.That(s_constants.Plausible(8), Is.EqualTo(s_constants));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1e9)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Plausible_OfAbsurdConstants_IsPlausible(double number)
    {
        MachineConstants constants = new MachineConstants(number, number, number, number, number, number).Plausible(4);

        Assert.That(constants.Plausible(4), Is.EqualTo(constants));
        Assert.That(constants.Latency, Is.InRange(50e-9, 50e-6));
        Assert.That(constants.PerOperation, Is.InRange(0.01e-9, 100e-9));
        Assert.That(constants.PerByteOfSharedMemory, Is.LessThanOrEqualTo(constants.PerByteOfMemory).And.GreaterThanOrEqualTo(constants.PerByteOfMemory / 4));
    }

    [Test]
    public void Measure_GivesPlausibleConstants()
    {
        MachineConstants constants = MachineMeasurement.Measure();

        TestContext.Out.WriteLine($"{constants}\n{constants.Model(2, 1, Environment.ProcessorCount)}");
        Assert.That(constants.Plausible(Environment.ProcessorCount), Is.EqualTo(constants));
    }
}
