using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

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

    [Test]
    public void SmallBodies_GiveTheInterpretersBits(
        [Values(CombinerKind.Sum, CombinerKind.Mean, CombinerKind.Min, CombinerKind.Max, CombinerKind.Product)] object kind,
        [Values(ScalarType.F16, ScalarType.F32, ScalarType.F64, ScalarType.I32)] ScalarType type, [Values(0, 1, -1)] int axis)
    {
        var combiner = new Combiner((CombinerKind)kind);
        if (combiner.Kind == CombinerKind.Mean && !type.IsFloat())
        {
            return;
        }
        var random = new Random(axis);
        foreach ((long rows, long columns) in new[] { (0L, 3L), (1, 1), (7, 40), (63, 5), (65, 17), (130, 16), (3, 129), (9, 0) })
        {
            long[] low = [random.Next(100), random.Next(100)];
            var domain = new Box([.. low], [low[0] + rows, low[1] + columns]);
            ImmutableArray<int> axes = axis < 0 ? [0, 1] : [axis];
            var reduce = new ReduceOperation(RandomDomains.Of(domain), LoweringCase.Use(Shifted(type, low)), axes, combiner)
            {
                Outputs = [new ArrayType(LoweringCase.LayoutOf([type]), [.. Enumerable.Range(0, 2).Except(axes).Select(domain.Length)])],
            };

            new LoweringCase(reduce, [LoweringCase.RandomArray(random, LoweringCase.LayoutOf([type]), [rows, columns])], [])
                .AssertAgrees(random, $"{combiner} over {string.Join(",", axes)} of {domain}, {type}");
        }
    }

    /// <summary>a[i - low0, j - low1].</summary>
    private static Kernel Shifted(ScalarType type, long[] low)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [numbers.New(ScalarType.I64), numbers.New(ScalarType.I64)];
        var b = new BlockBuilder(numbers);
        var access = new Access(0, 0, [.. indices.Select((i, axis) => AffineIndex.Of(i) + -low[axis])],
            BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None);
        return new Kernel(2, [new KernelOperand(2, [type])], b.Finish(indices, b.Pure(type, r => new LoadInstruction(r, access))));
    }

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
        RandomReduction reduction = RandomReduction.Next(seed, random, kinds);

        new LoweringCase(reduction.Operation, reduction.Inputs, reduction.Scalars).AssertAgrees(random, reduction.About);
    }
}
