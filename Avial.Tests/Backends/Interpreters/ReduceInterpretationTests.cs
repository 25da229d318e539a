using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Backends.Interpreters;

public sealed class ReduceInterpretationTests
{
    private readonly record struct Affine(long Scale, long Shift);

    [Test]
    public void Sum_OfDoubles_IsTheCanonicalSum([Values(0, 1, 63, 64, 65, 255, 257, 1009)] int length, [Values(0, 1, 64, 100)] int low)
    {
        double[] x = Doubles(low + length, seed: length);

        double sum = Reduce<double, double>(x, Domain((low, low + length)), CombinerKind.Sum);

        Assert.That(sum, Is.EqualTo(CanonicalSum.Sum([low], [low + length], (Func<long[], double>)(i => x[i[0]]))));
    }

    [Test]
    public void Sum_OfHalf_AccumulatesInFloat([Values(0, 1, 64, 1009)] int length)
    {
        Half[] x = [.. Doubles(length, 3).Select(d => (Half)d)];

        Half sum = Reduce<Half, Half>(x, Domain((0, length)), CombinerKind.Sum);

        Assert.That(sum, Is.EqualTo((Half)CanonicalSum.Sum([0], [length], (Func<long[], float>)(i => (float)x[i[0]]))));
    }

    [Test]
    public void Mean_IsTheSumDividedByTheCount([Values(1, 2, 257)] int length)
    {
        double[] x = Doubles(length, 4);
        float[] y = [.. x.Select(d => (float)d)];

        Assert.That(Reduce<double, double>(x, Domain((0, length)), CombinerKind.Mean),
            Is.EqualTo(CanonicalSum.Sum([0], [length], (Func<long[], double>)(i => x[i[0]])) / length));
        Assert.That(Reduce<float, float>(y, Domain((0, length)), CombinerKind.Mean),
            Is.EqualTo(CanonicalSum.Sum([0], [length], (Func<long[], float>)(i => y[i[0]])) / length));
    }

    [Test]
    public void Mean_OfNothing_IsNaN() => Assert.That(Reduce<float, float>([], Domain((0, 0)), CombinerKind.Mean), Is.NaN);

    [Test]
    public void Sum_AlongAxes_IsTheCanonicalSumOfEachLine([Values("0", "1", "2", "0,1", "0,2", "1,2", "0,1,2")] string axesText)
    {
        long[] extents = [5, 7, 67];
        int[] axes = [.. axesText.Split(',').Select(int.Parse)];
        int[] kept = [.. Enumerable.Range(0, 3).Except(axes)];
        double[] x = Doubles(5 * 7 * 67, 6);
        double At(long[] i) => x[(i[0] * 7 + i[1]) * 67 + i[2]];
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 3 (%0, %1, %2) reads (a0: f64[,,]) { %3 = load.f64 a0[%0, %1, %2]\n return %3 }");
        var reduce = new ReduceOperation(Domain((0, 5), (0, 7), (0, 67)), use, [.. axes], new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<double>([.. kept.Select(a => extents[a])])] };

        double[] result = graph.Run<double>(graph.Add(reduce, [graph.Array(x, [.. extents])]));

        var expected = new List<double>();
        RowMajor.ForEachRow([0, 0, 0, 0], [.. Enumerable.Range(0, 3).Select(a => kept.Contains(a) ? extents[a] : 1), 1], at =>
        {
            expected.Add(CanonicalSum.Sum(new long[axes.Length], [.. axes.Select(a => extents[a])], (Func<long[], double>)(i =>
            {
                long[] place = [at[0], at[1], at[2]];
                for (int k = 0; k < axes.Length; k++)
                {
                    place[axes[k]] = i[k];
                }
                return At(place);
            })));
        });
        Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public void Sum_AlongAnAxisOfADomainThatStartsLater_WritesFromZero()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 2 (%0, %1) { %2 = const.i64 10\n %3 = mul.i64 %0, %2\n %4 = add.i64 %3, %1\n return %4 }");
        var reduce = new ReduceOperation(Domain((2, 4), (1, 3)), use, [1], new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<long>(2)] };

        Assert.That(graph.Run<long>(graph.Add(reduce, [])), Is.EqualTo(new long[] { 21 + 22, 31 + 32 }));
    }

    [Test]
    public void Integers_WrapInSumAndProduct()
    {
        int[] x = [int.MaxValue, 2, 1 << 20, 1 << 21, -7];

        Assert.That(Reduce<int, int>(x, Domain((0, 5)), CombinerKind.Sum), Is.EqualTo(x.Aggregate((a, b) => unchecked(a + b))));
        Assert.That(Reduce<int, int>(x, Domain((0, 5)), CombinerKind.Product), Is.EqualTo(x.Aggregate((a, b) => unchecked(a * b))));
        Assert.That(Reduce<byte, byte>([3, 200, 7], Domain((0, 3)), CombinerKind.Max), Is.EqualTo(200));
    }

    [TestCase(new[] { 3.0, -1, 2 }, -1.0, 3.0)]
    [TestCase(new[] { 0.0, -0.0 }, -0.0, 0.0)]
    [TestCase(new[] { 1.0, double.NaN, -5 }, double.NaN, double.NaN)]
    [TestCase(new[] { double.PositiveInfinity }, double.PositiveInfinity, double.PositiveInfinity)]
    public void MinAndMax_AreThoseOfMath(double[] x, double min, double max)
    {
        Assert.That(BitConverter.DoubleToInt64Bits(Reduce<double, double>(x, Domain((0, x.Length)), CombinerKind.Min)), Is.EqualTo(BitConverter.DoubleToInt64Bits(min)));
        Assert.That(BitConverter.DoubleToInt64Bits(Reduce<double, double>(x, Domain((0, x.Length)), CombinerKind.Max)), Is.EqualTo(BitConverter.DoubleToInt64Bits(max)));
    }

    [Test]
    public void AnyAndAll_OfNothingAndSomething_AreLogic()
    {
        Assert.That(Reduce<bool, bool>([], Domain((0, 0)), CombinerKind.Any), Is.False);
        Assert.That(Reduce<bool, bool>([], Domain((0, 0)), CombinerKind.All), Is.True);
        Assert.That(Reduce<bool, bool>([false, true], Domain((0, 2)), CombinerKind.Any), Is.True);
        Assert.That(Reduce<bool, bool>([false, true], Domain((0, 2)), CombinerKind.All), Is.False);
    }

    [TestCase(new[] { 2.0, 1, 5, 1 }, 0, 1L, 2L)]
    [TestCase(new[] { 0.0, -0.0 }, 0, 0L, 0L)]
    [TestCase(new[] { 3.0, double.NaN, -9, double.NaN }, 0, 1L, 1L)]
    [TestCase(new[] { double.NaN, 4.0 }, 0, 0L, 0L)]
    [TestCase(new[] { 0.0, 4.0, 9 }, 1, 1L, 2L)]
    public void ArgMinAndArgMax_GiveTheFirstAbsoluteIndex(double[] x, int low, long min, long max)
    {
        var domain = Domain((low, x.Length));

        Assert.That(Reduce<double, (long Index, double Value)>(x, domain, CombinerKind.ArgMin), Is.EqualTo((min, x[min])));
        Assert.That(Reduce<double, (long Index, double Value)>(x, domain, CombinerKind.ArgMax), Is.EqualTo((max, x[max])));
    }

    [Test]
    public void ArgMax_AlongAnAxis_GivesTheIndexAlongIt()
    {
        var graph = new GraphMaker();
        GraphValue input = graph.Array([1, 9, 3, 7, 2, 9], 2, 3);
        KernelUse use = Use("kernel rank 2 (%0, %1) reads (a0: i32[,]) { %2 = load.i32 a0[%0, %1]\n return %2 }");
        var reduce = new ReduceOperation(Domain((0, 2), (0, 3)), use, [0], new Combiner(CombinerKind.ArgMax)) { Outputs = [TypeOf<(long, int)>(3)] };
        var total = new ReduceOperation(Domain((0, 2), (0, 3)), use, [0, 1], new Combiner(CombinerKind.ArgMax)) { Outputs = [TypeOf<(long, long, int)>()] };

        Assert.That(graph.Run<(long, int)>(graph.Add(reduce, [input])), Is.EqualTo(new[] { (1L, 7), (0L, 9), (1L, 9) }));
        Assert.That(graph.Run<(long, long, int)>(graph.Add(total, [input])), Is.EqualTo(new[] { (0L, 1L, 9) }));
    }

    [Test]
    public void Product_OfDoubles_IsTheCanonicalFold([Values(0, 1, 64, 65, 200, 1009)] int length, [Values(0, 37)] int low)
    {
        double[] x = [.. Doubles(low + length, 9).Select(d => 1 + d / 10)];

        double product = Reduce<double, double>(x, Domain((low, low + length)), CombinerKind.Product);

        Assert.That(product, Is.EqualTo(CanonicalFold.Fold([low], [low + length], i => x[i[0]], 1.0, (a, b) => a * b)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(200)]
    [TestCase(1009)]
    public void Fold_OfStructs_KeepsTheOrder(int length)
    {
        // Composition of x → scale · x + shift, which is associative and not commutative.
        Affine[] x = [.. Enumerable.Range(0, length).Select(i => new Affine(2 * i + 1, i * i))];
        Kernel fold = KernelParser.Parse("""
            kernel rank 0 (; %0: i64, %1: i64, %2: i64, %3: i64) {
              %4 = mul.i64 %0, %2
              %5 = mul.i64 %2, %1
              %6 = add.i64 %5, %3
              return %4, %6
            }
            """);
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 1 (%0) reads (a0: {i64, i64}[]) { %1 = load.i64 a0.0[%0]\n %2 = load.i64 a0.1[%0]\n return %1, %2 }");
        var reduce = new ReduceOperation(Domain((0, length)), use, [0], new Combiner(CombinerKind.Fold, fold, [1, 0])) { Outputs = [TypeOf<Affine>()] };

        Affine result = graph.Run<Affine>(graph.Add(reduce, [graph.Array(x)]))[0];

        Assert.That(result, Is.EqualTo(x.Aggregate(new Affine(1, 0), (a, b) => new Affine(a.Scale * b.Scale, b.Scale * a.Shift + b.Shift))));
    }

    [TestCase("Min")]
    [TestCase("Max")]
    [TestCase("ArgMin")]
    [TestCase("ArgMax")]
    public void Extremes_OfNothing_Trap(string kind)
    {
        CombinerKind combiner = Enum.Parse<CombinerKind>(kind);
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 1 (%0) { return %0 }");
        ArrayType type = combiner is CombinerKind.Min or CombinerKind.Max ? TypeOf<long>() : TypeOf<(long, long)>();

        Trap trap = graph.TrapOf(graph.Add(new ReduceOperation(Domain((4, 4)), use, [0], new Combiner(combiner)) { Outputs = [type] }, []));

        Assert.That((trap.Site.Kind, trap.Order, trap.LinearIndex, trap.Site.Span.Line), Is.EqualTo((TrapKind.EmptyRange, 0, 0L, 10)));
    }

    [Test]
    public void Sum_OfNothing_IsPlusZeroAndProductOne()
    {
        Assert.That(BitConverter.DoubleToInt64Bits(Reduce<double, double>([], Domain((0, 0)), CombinerKind.Sum)), Is.Zero);
        Assert.That(Reduce<int, int>([], Domain((0, 0)), CombinerKind.Sum), Is.Zero);
        Assert.That(Reduce<float, float>([], Domain((0, 0)), CombinerKind.Product), Is.EqualTo(1f));
        Assert.That(Reduce<uint, uint>([], Domain((0, 0)), CombinerKind.Product), Is.EqualTo(1u));
    }

    [Test]
    public void Reduction_OfRankZero_IsItsOneElement()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 0 () { %0 = const.f32 2.5\n return %0 }");

        GraphValue result = graph.Add(new ReduceOperation(IterationDomain.Scalar, use, [], new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<float>()] }, []);

        Assert.That(graph.Run<float>(result), Is.EqualTo(new[] { 2.5f }));
    }

    private static R Reduce<T, R>(T[] x, IterationDomain domain, CombinerKind kind)
        where T : unmanaged
        where R : unmanaged
    {
        var graph = new GraphMaker();
        string type = ScalarTypes.Of(typeof(T))!.Value.Text();
        KernelUse use = Use($"kernel rank 1 (%0) reads (a0: {type}[]) {{ %1 = load.{type} a0[%0]\n return %1 }}");
        var reduce = new ReduceOperation(domain, use, [0], new Combiner(kind)) { Outputs = [TypeOf<R>()] };
        return graph.Run<R>(graph.Add(reduce, [graph.Array(x)]))[0];
    }

    private static double[] Doubles(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.4)];
    }
}
