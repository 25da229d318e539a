using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

public sealed class ReduceLoweringTests
{
    private const int Batch = 12;

    [Test]
    public void FloatSumsAndMeans_GiveTheInterpretersBits([Range(0, 5)] int batch) =>
        AssertAgree(batch, CombinerKind.Sum, CombinerKind.Mean);

    [Test]
    public void FoldsAndProducts_GiveTheInterpretersBits([Range(0, 3)] int batch) =>
        AssertAgree(1000 + batch, CombinerKind.Product, CombinerKind.Fold);

    [Test]
    public void CombinersOfAnyOrder_GiveTheInterpretersBits([Range(0, 3)] int batch) =>
        AssertAgree(2000 + batch, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Sum, CombinerKind.Product);

    [Test]
    public void Extremes_GiveTheInterpretersIndices([Range(0, 3)] int batch) =>
        AssertAgree(3000 + batch, CombinerKind.ArgMin, CombinerKind.ArgMax);

    private static void AssertAgree(int batch, params CombinerKind[] kinds)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed, kinds);
        }
    }

    private static void AssertAgrees(int seed, CombinerKind[] kinds)
    {
        var random = new Random(seed);
        Box domain = RandomDomains.Next(random, random.Next(12) == 0 ? 0 : -1);
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random, kinds);
        GeneratedKernel generated = RandomCombiners.KernelOf(seed, domain, types, random.Next(3) == 0 ? 3 : 10);
        ImmutableArray<int> axes = [.. Enumerable.Range(0, domain.Rank).Where(_ => random.Next(2) == 0)];
        if (axes.IsEmpty || random.Next(2) == 0)
        {
            axes = [.. Enumerable.Range(0, domain.Rank)];
        }
        bool isExtreme = combiner.Kind is CombinerKind.ArgMin or CombinerKind.ArgMax;
        ImmutableArray<ScalarType> columns = isExtreme ? [.. axes.Select(_ => ScalarType.I64), types[0]] : types;
        ImmutableArray<long> extents = [.. Enumerable.Range(0, domain.Rank).Except(axes).Select(domain.Length)];
        var reduce = new ReduceOperation(RandomDomains.Of(domain), LoweringCase.Use(generated.Kernel), axes, combiner)
        {
            Outputs = [new ArrayType(LoweringCase.LayoutOf(columns), extents)],
        };

        new LoweringCase(reduce, LoweringCase.Operands(generated), generated.Scalars)
            .AssertAgrees(random, $"{combiner} over axes {string.Join(",", axes)}, {generated}");
    }
}
