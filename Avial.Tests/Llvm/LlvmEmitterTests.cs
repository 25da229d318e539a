using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.IR;
using Avial.Llvm;
using Avial.Tests.Backends;
using Avial.Tests.IR;

namespace Avial.Tests.Llvm;

/// <summary>The text of modules: the same for functions of one structure, and pinned for small ones.</summary>
public sealed class LlvmEmitterTests
{
    [TestCase("saxpy")]
    [TestCase("stencil")]
    [TestCase("checked")]
    [TestCase("merge")]
    public void Emit_OfASmallFunction_GivesItsText(string name)
    {
        LoopsFunction function = LoopsSamples.All.First(s => s.Name == name).Function;

        Golden.Check(LlvmEmitter.Emit(function).Text, $"{name}.ll");
    }

    [Test]
    public void Emit_OfASumsLanes_WritesVectors()
    {
        LoweredStage stage = OperationLowering.Lower(StandardOperation.Of("dot", ScalarType.F64, 1000).Node).Stages.OfType<LoweredStage>().First();

        Golden.Check($"{stage.Function}\n{LlvmEmitter.Emit(stage.Function).Text}", "dot.ll");
    }

    [Test]
    public void Emit_OfTheSameStructure_GivesTheSameTextUnderOtherNames()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            LoopsFunction function = new RandomLoops(new Random(seed)).Next();
            LoopsFunction renamed = LoopsParser.Parse(function.ToString()) with { Name = "other" };

            Assert.That(LlvmEmitter.Emit(renamed).Text, Is.EqualTo(LlvmEmitter.Emit(function).Text), $"seed {seed}");
        }
    }

    [Test]
    public void Emit_OfAnyFunction_DeclaresWhatItCalls()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            LlvmModule module = LlvmEmitter.Emit(new RandomLoops(new Random(seed)).Next());
            foreach (string name in module.Externals)
            {
                Assert.That(module.Text, Does.Contain($"@\"{name}\""), $"seed {seed}");
                Assert.That(Avial.Backends.Cpu.RuntimeSymbols.Resolve(name), Is.Not.Zero, name);
            }
        }
    }

    [Test]
    public void Emit_WithoutFastMath_CarriesNoSuchFlags()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            string text = LlvmEmitter.Emit(new RandomLoops(new Random(seed)).Next()).Text;
            Assert.That(text, Does.Not.Match(@"\b(fast|reassoc|contract|nnan|ninf|nsz|arcp|afn)\b"), $"seed {seed}");
        }
    }
}
