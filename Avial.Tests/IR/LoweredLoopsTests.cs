using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends;
using Avial.Tests.Generators;

namespace Avial.Tests.IR;

/// <summary>Loops made by others verify and read back.</summary>
public sealed class LoweredLoopsTests
{
    [Test]
    public void RandomKernels_LoweredToLoops_VerifyAndReadBack([Values] bool mayTrap)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            GeneratedKernel generated = KernelGenerator.Generate(seed, new KernelGeneratorOptions { MayTrap = mayTrap, Results = 1 });
            GraphNode node = Map(generated);
            foreach (LoweredStage stage in OperationLowering.Lower(node).Stages.OfType<LoweredStage>())
            {
                Assert.That(LoopsVerifier.Verify(stage.Function), Is.Empty, $"{generated}\n{stage.Function}");
                Assert.That(IrEquality.AreEqual(LoopsParser.Parse(stage.Function.ToString()), stage.Function, withSpans: false), Is.True, $"{generated}\n{stage.Function}");
            }
        }
    }

    [Test]
    public void RandomLoops_VerifyAndReadBack()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            LoopsFunction function = new RandomLoops(new Random(seed)).Next();

            Assert.That(LoopsVerifier.Verify(function), Is.Empty, $"seed {seed}\n{function}");
            Assert.That(IrEquality.AreEqual(LoopsParser.Parse(function.ToString()), function, withSpans: false), Is.True, $"seed {seed}\n{function}");
        }
    }

    /// <summary>A map over the kernel's domain: its operands are the node's inputs, its parameters captured numbers.</summary>
    private static GraphNode Map(GeneratedKernel generated)
    {
        Kernel kernel = generated.Kernel;
        var domain = new IterationDomain([.. generated.Domain.Low.Zip(generated.Domain.High, (low, high) => new AxisRange(low, high))]);
        var use = new KernelUse(kernel, [.. Enumerable.Range(0, kernel.Operands.Length)],
            [.. Enumerable.Range(0, generated.Scalars.Length).Select(k => new KernelArgument(ArgumentKind.Scalar, k))]);
        var output = new ArrayType(ElementLayout.Of(kernel.ResultTypes[0].ClrType()), [.. generated.Domain.Low.Select((_, axis) => generated.Domain.Length(axis))]);
        var map = new MapOperation([new MapPiece(domain, use)], [], generated.Domain.Low) { Outputs = [output] };
        return new GraphNode(map, [.. use.Operands.Select(GraphValue.Parameter)], [.. Enumerable.Range(0, generated.Scalars.Length)]);
    }
}
