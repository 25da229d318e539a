using Avial.Planning.Machine;

namespace Avial.Tests;

/// <summary>All tests plan for one machine on which messages are free, so that small arrays are shared out over ranks, and nothing depends on what was measured.</summary>
[SetUpFixture]
internal sealed class StatedMachine
{
    [OneTimeSetUp]
    public void State() => MachineChoice.State(new MachineConstants(
        Latency: 0, PerByte: 0, PerOperation: 0.5e-9, PerByteOfMemory: 0.1e-9, PerByteOfSharedMemory: 0.1e-9 / 64, PerLaunch: 0));
}
