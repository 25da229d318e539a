using Avial.Backends.Managed;
using Avial.Diagnostics;
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
}
