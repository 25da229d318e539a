using Avial.Backends.Managed;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Backends.Managed;

public sealed class ManagedProgramTests
{
    [Test]
    public void RandomPrograms_LeaveTheInterpretersBits([Range(0, 9)] int batch)
    {
        for (int seed = batch * 40; seed < (batch + 1) * 40; seed++)
        {
            var random = new Random(seed);
            LoopsFunction function = new RandomLoops(random).Next();
            int rows = random.Next(1, 4);
            int elements = RandomLoops.Elements(rows, RandomLoops.Columns);
            byte[][] buffers = [.. function.Buffers.Select(b => ScalarInputs.Buffer(random, b.Type, elements))];
            long[] scalars = [.. ScalarInputs.Types.Select(t => (long)ScalarInputs.Next(random, t)), RandomLoops.Columns];

            LoopsRun.AssertSame(function, buffers, scalars, [0, random.Next(3)], [rows, RandomLoops.Columns - random.Next(3)], $"seed {seed}");
        }
    }
}
