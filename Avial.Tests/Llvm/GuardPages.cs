using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends;
using Avial.Tests.Backends.Interpreters;
using Avial.Tests.Backends.Windows;
using Avial.Tests.Generators;
using Avial.Tests.Programs;

namespace Avial.Tests.Llvm;

/// <summary>
/// Operations whose arrays lie between pages without access, at sizes around the widths of vectors. Run in a process of its own: an access outside ends it, and what it wrote
/// last says where.
/// </summary>
internal static class GuardPages
{
    private const int LargestSize = 70;
    private const int Seeds = 60;

    public static void Run()
    {
        GuardedMemory.IsProtecting = true;
        using var pool = new WorkerPool(1);
        foreach (ScalarType type in (ScalarType[])[ScalarType.F64, ScalarType.F32])
        {
            for (long n = 1; n <= LargestSize; n++)
            {
                foreach (StandardOperation operation in StandardOperation.All(type, n))
                {
                    Console.WriteLine($"{operation.Name} of {type} at {n}");
                    AssertAgrees(operation, (int)n, pool);
                }
            }
        }
        for (int seed = 0; seed < Seeds; seed++)
        {
            ProtectedMemory.EndsAtPage = seed % 4 < 2;
            Console.WriteLine($"kernel {seed}");
            WindowedMapTests.AssertAgrees(seed, new KernelGeneratorOptions { Domain = seed % 2 == 0 ? null : RandomDomainOf(seed), Size = 10 });
            Console.WriteLine($"reduction {seed}");
            WindowedReductionTests.AssertAgrees(seed);
        }
        Console.WriteLine("all inside");
    }

    /// <summary>Reads a byte behind protected memory, which ends the process.</summary>
    public static unsafe byte ReadBehind()
    {
        ProtectedMemory.EndsAtPage = true;
        var memory = new ProtectedMemory(3);
        byte behind = memory.Address[3];
        GC.KeepAlive(memory);
        return behind;
    }

    private static Box RandomDomainOf(int seed) => Tests.Backends.Lowering.RandomDomains.Next(new Random(seed));

    private static void AssertAgrees(StandardOperation operation, int seed, WorkerPool pool)
    {
        Storage[] data = operation.RandomInputs(new Random(seed));
        var one = new WindowedCase(operation.Operation, data, []);
        Storage[]? expected = null;
        foreach (ICodeGenerator generator in CodeGenerators.All)
        {
            CompiledOperation compiled = CompiledOperation.Compile(OperationLowering.Lower(one.Node, choices: generator.Choices), generator);
            foreach (bool endsAtPage in (bool[])[true, false])
            {
                ProtectedMemory.EndsAtPage = endsAtPage;
                Storage[] inputs = [.. data.Select(d => InputWindows.Copy(d, d.Type.Box))];
                Storage[] outputs = [.. operation.Operation.Outputs.Select(o => GuardedMemory.Allocate(o, o.Box))];
                StageLauncher.Launch(compiled, one.Context(inputs, outputs, null, new Random(seed)), 0, pool);
                expected ??= outputs;
                Assert.That(StorageBits.Difference([.. expected], [.. outputs]), Is.Null, $"{generator.Name}, {operation.Name} at {seed}");
            }
        }
    }
}
