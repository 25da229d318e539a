using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.IR;

namespace Avial.Tests.Backends.Managed;

public sealed class ManagedCodeGeneratorTests
{
    [Test]
    public void Compile_OfTheSameStructure_CompilesOnce()
    {
        var generator = new ManagedCodeGenerator();
        LoopsFunction first = new RandomLoops(new Random(1)).Next();
        LoopsFunction again = new RandomLoops(new Random(1)).Next() with { Name = "other" };

        Assert.That(generator.Compile(again), Is.SameAs(generator.Compile(first)));
        Assert.That(generator.CompiledCount, Is.EqualTo(1));
    }

    [Test]
    public void Compile_OfOtherStructures_CompilesEach()
    {
        var generator = new ManagedCodeGenerator();
        for (int seed = 0; seed < 30; seed++)
        {
            generator.Compile(new RandomLoops(new Random(seed)).Next());
        }

        Assert.That(generator.CompiledCount, Is.EqualTo(30));
    }

    [Test]
    public void Compile_OfAnotherConstantOperatorOrSite_CompilesAgain()
    {
        var generator = new ManagedCodeGenerator();
        Value a = new(0, ScalarType.I64);
        Value b = new(1, ScalarType.Bool);
        Instruction[] bodies =
        [
            new ConstantInstruction(a, 1),
            new ConstantInstruction(a, 2),
            new ConstantInstruction(new Value(0, ScalarType.I32), 2),
            new AccumulatorInstruction(0, AccumulatorKind.Binned, ScalarType.F32),
            new AccumulatorInstruction(0, AccumulatorKind.Binned, ScalarType.F64),
        ];
        foreach (Instruction instruction in bodies)
        {
            generator.Compile(new LoopsFunction("f", [], [], [], [], new Block([], [instruction], [])));
        }
        foreach (int site in new[] { 0, 1 })
        {
            generator.Compile(new LoopsFunction("f", [], [b], [], [], new Block([], [new TrapIfInstruction(b, TrapKind.Overflow, [], []) { Site = site }], [])));
        }

        Assert.That(generator.CompiledCount, Is.EqualTo(7));
    }

    [Test]
    public void Compile_OfAKernelInstruction_IsAnInternalError()
    {
        var extent = new ExtentInstruction(new Value(0, ScalarType.I64), 0, 0);
        var function = new LoopsFunction("f", [], [], [], [], new Block([], [extent], []));

        Assert.That(() => new ManagedCodeGenerator().Compile(function), Throws.InstanceOf<InternalErrorException>());
    }

    [Test]
    public unsafe void Map_WhoseOutputTookOverItsInput_ReadsBeforeItWrites()
    {
        // x = in[i]; y = in[i]; out0[i] = x + x; out1[i] = y, where out0 is in: the second read must not move behind the first write.
        Value low = new(0, ScalarType.I64);
        Value high = new(1, ScalarType.I64);
        Value i = new(2, ScalarType.I64);
        Value x = new(3, ScalarType.I32);
        Value y = new(4, ScalarType.I32);
        Value twice = new(5, ScalarType.I32);
        var body = new Block([i],
            [
                new BufferLoadInstruction(x, 0, i), new BufferLoadInstruction(y, 0, i), new BinaryInstruction(twice, BinaryOp.Add, x, x),
                new BufferStoreInstruction(1, i, twice), new BufferStoreInstruction(2, i, y),
            ], []);
        var function = new LoopsFunction("f", [new("in", ScalarType.I32, false, true), new("out0", ScalarType.I32, true, true),
            new("out1", ScalarType.I32, true, true)], [], [low], [high], new Block([], [new ForInstruction([], low, high, [], body)], []));
        int* memory = stackalloc int[6] { 1, 2, 3, 0, 0, 0 };
        byte** buffers = stackalloc byte*[3] { (byte*)memory, (byte*)memory, (byte*)(memory + 3) };
        long from = 0;
        long to = 3;
        TrapState trap = TrapState.None;

        new ManagedCodeGenerator().Compile(function).Run(buffers, null, &from, &to, &trap);

        Assert.That(new ReadOnlySpan<int>(memory, 6).ToArray(), Is.EqualTo(new[] { 2, 4, 6, 1, 2, 3 }));
    }
}
