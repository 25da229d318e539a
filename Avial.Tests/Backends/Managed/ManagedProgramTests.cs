namespace Avial.Tests.Backends.Managed;

public sealed class ManagedProgramTests
{
    [Test]
    public void RandomPrograms_LeaveTheInterpretersBits([Range(0, 9)] int batch)
    {
        for (int seed = batch * 40; seed < (batch + 1) * 40; seed++)
        {
            LoopsRun.AssertSameRandom(seed);
        }
    }
}
