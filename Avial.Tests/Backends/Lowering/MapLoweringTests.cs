using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

public sealed class MapLoweringTests
{
    private const int Batch = 15;

    [Test]
    public void RandomKernels_GiveTheInterpretersBits([Range(0, 7)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed, new KernelGeneratorOptions());
        }
    }

    [Test]
    public void RandomKernelsThatMayTrap_StopAtTheSameElement([Range(0, 7)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed, new KernelGeneratorOptions { MayTrap = true });
        }
    }

    [Test]
    public void RandomKernelsOnLargerDomains_GiveTheInterpretersBits([Range(0, 3)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed, new KernelGeneratorOptions { Domain = RandomDomains.Next(new Random(seed)), Size = 12 });
        }
    }

    internal static void AssertAgrees(int seed, KernelGeneratorOptions options)
    {
        var random = new Random(seed);
        (LoweringCase one, string about) = CaseOf(seed, options, random);
        one.AssertAgrees(random, about);
    }

    /// <summary>The map of a generated kernel, and what to say about it.</summary>
    internal static (LoweringCase Case, string About) CaseOf(int seed, KernelGeneratorOptions options, Random random)
    {
        GeneratedKernel generated = KernelGenerator.Generate(seed, options);
        ImmutableArray<long> origin = generated.Domain.Low;
        bool hasBase = random.Next(3) == 0;
        ImmutableArray<long> extents = [.. Enumerable.Range(0, generated.Domain.Rank).Select(a => generated.Domain.Length(a) + (hasBase ? random.Next(3) : 0))];
        ImmutableArray<ArrayType> types = [.. generated.Kernel.ResultTypes.Select(t => new ArrayType(LoweringCase.LayoutOf([t]), extents))];
        var piece = new MapPiece(RandomDomains.Of(generated.Domain), LoweringCase.Use(generated.Kernel));
        int operands = generated.Kernel.Operands.Length;
        var map = new MapOperation([piece], hasBase ? [.. types.Select((_, i) => operands + i)] : [], origin) { Outputs = types };
        var bases = hasBase ? types.Select(t => LoweringCase.RandomArray(random, t.Element, extents)) : [];

        return (new LoweringCase(map, [.. LoweringCase.Operands(generated), .. bases], generated.Scalars), $"{generated}");
    }
}
