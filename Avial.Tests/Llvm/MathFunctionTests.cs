using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Avial.Backends.Cpu;
using Avial.IR;
using Avial.Llvm;
using Avial.Numerics;
using Avial.Tests.Backends;

namespace Avial.Tests.Llvm;

/// <summary>Functions of .NET and random numbers give .NET's bits, whether they are instructions, calls of the C library or calls back.</summary>
public sealed class MathFunctionTests
{
    private const int Count = 10_000;

    private static readonly double[] s_special =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue,
        2.2250738585072014e-308, float.Epsilon, float.MaxValue, 1.17549435e-38f, Math.PI, -Math.PI, Math.PI / 2, Math.E, 1e22, 709.78, -745.1, 710, 88.72, -103.9, 4503599627370497.5, 9007199254740993, 1e-300,
    ];

    private static IEnumerable<string> Names => MathFunctions.All.Where(f => IsOfFloats(f) && !f.MayThrow).Select(f => f.Name).Distinct().Order(StringComparer.Ordinal);

    [Test]
    public unsafe void Function_OfFloats_GivesTheBitsOfDotNet([ValueSource(nameof(Names))] string name)
    {
        CodeGenerators.RequireLlvm();
        foreach (MathFunction function in MathFunctions.All.Where(f => f.Name == name && IsOfFloats(f) && !f.MayThrow))
        {
            var random = new Random(name.Length);
            int size = function.Parameters[0].Size();
            byte[][] buffers = [.. function.Parameters.Select((type, i) => Arguments(type, i, random)), new byte[Count * function.Result.Size()]];

            LoopsRun.Run(CpuCodeGenerator.Shared, MapOf(function), buffers, [], [0], [Count]);

            for (int i = 0; i < Count; i++)
            {
                object[] arguments = [.. function.Parameters.Select((type, p) => Boxed(type, buffers[p], i))];
                ulong expected = Bits(function.Method.Invoke(null, arguments)!);
                ulong found = Bits(Boxed(function.Result, buffers[^1], i));
                if (!ScalarBits.AreSame(function.Result, expected, found))
                {
                    Assert.Fail($"{name}({string.Join(", ", arguments)}): .NET 0x{expected:x}, LLVM 0x{found:x}");
                }
            }
        }
    }

    [TestCase(nameof(RandomKind.Uniform), ScalarType.F32)]
    [TestCase(nameof(RandomKind.Uniform), ScalarType.F64)]
    [TestCase(nameof(RandomKind.Normal), ScalarType.F32)]
    [TestCase(nameof(RandomKind.Normal), ScalarType.F64)]
    [TestCase(nameof(RandomKind.Bits), ScalarType.U32)]
    [TestCase(nameof(RandomKind.Bits), ScalarType.U64)]
    public unsafe void Random_OfEachKind_GivesTheBitsOfPhilox(string name, ScalarType type)
    {
        RandomKind kind = Enum.Parse<RandomKind>(name);
        CodeGenerators.RequireLlvm();
        var random = new Random(17);
        byte[] seeds = Longs(random);
        byte[] streams = Longs(random);
        byte[] indices = Longs(random);
        byte[][] buffers = [seeds, streams, indices, new byte[Count * type.Size()]];
        LoopsFunction function = Map([ScalarType.I64, ScalarType.I64, ScalarType.I64], type, (arguments, result) => new RandomInstruction(result, kind, arguments[0], arguments[1], arguments[2]));

        LoopsRun.Run(CpuCodeGenerator.Shared, function, buffers, [], [0], [Count]);

        for (int i = 0; i < Count; i++)
        {
            (ulong seed, ulong stream, long index) = (At(seeds, i), At(streams, i), (long)At(indices, i));
            ulong expected = (kind, type) switch
            {
                (RandomKind.Bits, ScalarType.U32) => Philox.Bits32(seed, stream, index),
                (RandomKind.Bits, _) => Philox.Bits64(seed, stream, index),
                (RandomKind.Uniform, ScalarType.F32) => ScalarBits.Of(Philox.Uniform32(seed, stream, index)),
                (RandomKind.Uniform, _) => ScalarBits.Of(Philox.Uniform64(seed, stream, index)),
                (_, ScalarType.F32) => ScalarBits.Of(Philox.Normal32(seed, stream, index)),
                _ => ScalarBits.Of(Philox.Normal64(seed, stream, index)),
            };
            Assert.That(Bits(Boxed(type, buffers[3], i)), Is.EqualTo(expected), $"seed {seed}, stream {stream}, index {index}");
        }
    }

    [Test]
    public void EveryFunction_ThatIsCalled_IsFound()
    {
        foreach (MathFunction function in MathFunctions.All)
        {
            string name = InlineMath.LibraryName(function) is { } library ? RuntimeFunctions.LibraryPrefix + library : RuntimeFunctions.OfMath(function);

            Assert.That(RuntimeSymbols.Resolve(name), Is.Not.Zero, name);
        }
    }

    private static bool IsOfFloats(MathFunction function) =>
        function.Parameters.All(p => p == function.Parameters[0]) && function.Parameters[0] is ScalarType.F32 or ScalarType.F64;

    private static LoopsFunction MapOf(MathFunction function) =>
        Map(function.Parameters, function.Result, (arguments, result) => new MathInstruction([result], function, arguments));

    // out[i] = instruction(in0[i], in1[i], …)
    private static LoopsFunction Map(ImmutableArray<ScalarType> parameters, ScalarType result, Func<ImmutableArray<Value>, Value, Instruction> instruction)
    {
        var numbers = new ValueNumbers();
        Value low = numbers.New(ScalarType.I64);
        Value high = numbers.New(ScalarType.I64);
        Value i = numbers.New(ScalarType.I64);
        ImmutableArray<Value> arguments = [.. parameters.Select(numbers.New)];
        Value value = numbers.New(result);
        var body = new Block([i], [.. arguments.Select((a, p) => new BufferLoadInstruction(a, p, i)), instruction(arguments, value), new BufferStoreInstruction(parameters.Length, i, value)], []);
        return new LoopsFunction("f", [.. parameters.Select((p, k) => new BufferParameter($"in{k}", p, false, true)), new BufferParameter("out", result, true, true)], [], [low], [high],
            new Block([], [new ForInstruction([], low, high, [], body) { Kind = LoopKind.Simd }], []));
    }

    // The special values, the second argument's at another pace; then numbers of every size, most of them moderate.
    private static unsafe byte[] Arguments(ScalarType type, int parameter, Random random)
    {
        var bytes = new byte[Count * type.Size()];
        fixed (byte* address = bytes)
        {
            for (int i = 0; i < Count; i++)
            {
                int special = parameter == 0 ? i : i / s_special.Length;
                double value = i < s_special.Length * s_special.Length ? s_special[special % s_special.Length]
                    : random.Next(4) == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
                    : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 5));
                ScalarBits.Store(address + i * type.Size(), type, type == ScalarType.F32 ? ScalarBits.Of((float)value) : ScalarBits.Of(value));
            }
        }
        return bytes;
    }

    private static byte[] Longs(Random random)
    {
        long[] numbers = [0, -1, long.MaxValue, long.MinValue, uint.MaxValue, 1L << 32, .. Enumerable.Range(0, Count - 6).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))];
        random.Shuffle(numbers);
        return MemoryMarshal.AsBytes<long>(numbers).ToArray();
    }

    private static ulong At(byte[] longs, int i) => MemoryMarshal.Cast<byte, ulong>(longs)[i];

    private static object Boxed(ScalarType type, byte[] bytes, int i) => type switch
    {
        ScalarType.Bool => bytes[i] != 0,
        ScalarType.I32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
        ScalarType.U32 => MemoryMarshal.Cast<byte, uint>(bytes)[i],
        ScalarType.I64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
        ScalarType.U64 => MemoryMarshal.Cast<byte, ulong>(bytes)[i],
        ScalarType.F16 => MemoryMarshal.Cast<byte, Half>(bytes)[i],
        ScalarType.F32 => MemoryMarshal.Cast<byte, float>(bytes)[i],
        ScalarType.F64 => MemoryMarshal.Cast<byte, double>(bytes)[i],
        _ => throw new InvalidOperationException($"{type}"),
    };

    private static ulong Bits(object value) => value switch
    {
        bool v => v ? 1ul : 0,
        int v => (ulong)v,
        uint v => v,
        long v => (ulong)v,
        ulong v => v,
        Half v => ScalarBits.Of(v),
        float v => ScalarBits.Of(v),
        double v => ScalarBits.Of(v),
        _ => throw new InvalidOperationException($"{value.GetType()}"),
    };
}
