using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Execution;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Backends;

/// <summary>Runs a loops function on copies of the same memory and compares what it leaves behind.</summary>
internal static unsafe class LoopsRun
{
    /// <summary>Runs and returns the trap; <paramref name="buffers"/> are the contents, changed in place.</summary>
    public static TrapState Run(ICodeGenerator generator, LoopsFunction function, byte[][] buffers, long[] scalars, long[] low, long[] high)
    {
        CompiledFunction compiled = generator.Compile(function);
        byte** addresses = stackalloc byte*[buffers.Length];
        for (int i = 0; i < buffers.Length; i++)
        {
            addresses[i] = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, buffers[i].Length), 64);
            buffers[i].CopyTo(new Span<byte>(addresses[i], buffers[i].Length));
        }
        TrapState trap = TrapState.None;
        fixed (long* scalarSlots = scalars, lowSlots = low, highSlots = high)
        {
            compiled.Run(addresses, scalarSlots, lowSlots, highSlots, &trap);
        }
        for (int i = 0; i < buffers.Length; i++)
        {
            new Span<byte>(addresses[i], buffers[i].Length).CopyTo(buffers[i]);
            NativeMemory.AlignedFree(addresses[i]);
        }
        return trap;
    }

    /// <summary>Asserts that compiled code leaves the same bits (any NaN is any NaN) and the same trap as the interpreter, through these generators, else through all that compile; gives the buffers.</summary>
    public static byte[][] AssertSame(LoopsFunction function, byte[][] buffers, long[] scalars, long[] low, long[] high, string about, params ICodeGenerator[] generators)
    {
        byte[][] expected = [.. buffers.Select(b => (byte[])b.Clone())];
        TrapState expectedTrap = Run(LoopsInterpreter.Shared, function, expected, scalars, low, high);
        byte[][] actual = expected;
        foreach (ICodeGenerator generator in generators.Length > 0 ? generators : CodeGenerators.Compiling)
        {
            actual = [.. buffers.Select(b => (byte[])b.Clone())];
            TrapState actualTrap = Run(generator, function, actual, scalars, low, high);

            Assert.That(actualTrap, Is.EqualTo(expectedTrap), $"{generator.Name}: {about}");
            for (int i = 0; i < buffers.Length; i++)
            {
                AssertSame(function.Buffers[i], expected[i], actual[i], generator.Name, about);
            }
        }
        return actual;
    }

    /// <summary>The same for the random loops of a seed on random memory.</summary>
    public static void AssertSameRandom(int seed, params ICodeGenerator[] generators)
    {
        var random = new Random(seed);
        LoopsFunction function = new RandomLoops(random).Next();
        int rows = random.Next(1, 4);
        int elements = RandomLoops.Elements(rows, RandomLoops.Columns);
        byte[][] buffers = [.. function.Buffers.Select(b => ScalarInputs.Buffer(random, b.Type, elements))];
        long[] scalars = [.. ScalarInputs.Types.Select(t => (long)ScalarInputs.Next(random, t)), RandomLoops.Columns];

        AssertSame(function, buffers, scalars, [0, random.Next(3)], [rows, RandomLoops.Columns - random.Next(3)], $"seed {seed}", generators);
    }

    private static void AssertSame(BufferParameter buffer, byte[] expected, byte[] actual, string generator, string about)
    {
        int size = buffer.Type.Size();
        fixed (byte* e = expected, a = actual)
        {
            for (int i = 0; i < expected.Length / size; i++)
            {
                ulong expectedBits = ScalarBits.Load(e + i * size, buffer.Type);
                ulong actualBits = ScalarBits.Load(a + i * size, buffer.Type);
                if (!ScalarBits.AreSame(buffer.Type, expectedBits, actualBits))
                {
                    Assert.Fail($"{buffer.Name}[{i}]: interpreter {ScalarBits.Text(buffer.Type, expectedBits)} (0x{expectedBits:x}), "
                        + $"{generator} {ScalarBits.Text(buffer.Type, actualBits)} (0x{actualBits:x}). {about}");
                }
            }
        }
    }
}
