using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Backends.Interpreters;

public sealed class OrderedInterpretationTests
{
    private const string LoadDouble = "kernel rank 1 (%0) reads (a0: f64[]) { %1 = load.f64 a0[%0]\n return %1 }";

    [Test]
    public void Scan_OfDoubles_IsTheCanonicalScan([Values(0, 1, 255, 256, 257, 1009)] int length, [Values(0, 5, 256)] int low, [Values] bool isExclusive)
    {
        double[] x = Doubles(low + length);
        var graph = new GraphMaker();
        var scan = new ScanOperation(Domain((low, low + length)), Use(LoadDouble), 0, isExclusive, new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<double>(length)] };

        double[] result = graph.Run<double>(graph.Add(scan, [graph.Array(x)]));

        double[] expected = new double[length];
        CanonicalScan.Scan<double>(x.AsSpan(low), expected, low, !isExclusive, 0, (a, b) => a + b);
        Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public void Scan_OfAReversedAxis_RunsFromTheHighEndInLeavesOfAbsoluteIndices([Values] bool isExclusive)
    {
        const int N = 600;
        double[] x = Doubles(N);
        var graph = new GraphMaker();
        var domain = new IterationDomain([new AxisRange(0, N, IsReversed: true)]);
        var scan = new ScanOperation(domain, Use(LoadDouble), 0, isExclusive, new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<double>(N)] };

        double[] result = graph.Run<double>(graph.Add(scan, [graph.Array(x)]));

        double? offset = null;
        foreach ((int from, int to) in new[] { (512, 600), (256, 512), (0, 256) })
        {
            double? running = null;
            for (int i = to - 1; i >= from; i--)
            {
                double? before = running;
                running = running is { } r ? r + x[i] : x[i];
                double? value = isExclusive ? before : running;
                double expected = value is null ? offset ?? 0 : offset is { } o ? o + value.Value : value.Value;
                Assert.That(result[i], Is.EqualTo(expected), $"{i}");
            }
            offset = offset is { } sum ? sum + running : running;
        }
    }

    [Test]
    public void Scan_AlongTheFirstAxis_RunsDownEachColumn()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 2 (%0, %1) reads (a0: i32[,]) { %2 = load.i32 a0[%0, %1]\n return %2 }");
        var scan = new ScanOperation(Domain((0, 3), (0, 2)), use, 0, false, new Combiner(CombinerKind.Max)) { Outputs = [TypeOf<int>(3, 2)] };

        Assert.That(graph.Run<int>(graph.Add(scan, [graph.Array([1, 9, 5, 2, 3, 10], 3, 2)])), Is.EqualTo(new[] { 1, 9, 5, 9, 5, 10 }));
    }

    [Test]
    public void ExclusiveScan_StartsWithTheIdentity()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 1 (%0) reads (a0: f32[]) { %1 = load.f32 a0[%0]\n return %1 }");
        GraphValue input = graph.Array([3f, 1f]);

        float[] min = graph.Run<float>(graph.Add(new ScanOperation(Domain((0, 2)), use, 0, true, new Combiner(CombinerKind.Min)) { Outputs = [TypeOf<float>(2)] }, [input]));
        float[] product = graph.Run<float>(graph.Add(new ScanOperation(Domain((0, 2)), use, 0, true, new Combiner(CombinerKind.Product)) { Outputs = [TypeOf<float>(2)] }, [input]));

        Assert.That(min, Is.EqualTo(new[] { float.PositiveInfinity, 3f }));
        Assert.That(product, Is.EqualTo(new[] { 1f, 3f }));
    }

    [Test]
    public void Scatter_OfFloats_AddsInAscendingSourceIndex()
    {
        const int N = 1009;
        double[] x = Doubles(N);
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 1 (%0) reads (a0: f64[]) { %1 = const.i64 7\n %2 = rem.i64 %0, %1\n %3 = load.f64 a0[%0]\n return %2, %3 }", [1]);
        var scatter = new ScatterOperation(Domain((0, N)), use, 0, new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<double>(8)] };

        double[] result = graph.Run<double>(graph.Add(scatter, [graph.Array(Enumerable.Repeat(0.125, 8).ToArray()), graph.Array(x)]));

        double[] expected = [.. Enumerable.Repeat(0.125, 8)];
        for (int i = 0; i < N; i++)
        {
            expected[i % 7] += x[i];
        }
        Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public void Scatter_WithLast_KeepsTheHighestSource()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 2 (%0, %1) { return %1, %0, %0, %1 }");
        var scatter = new ScatterOperation(Domain((0, 3), (0, 2)), use, 0, new Combiner(CombinerKind.Last)) { Outputs = [TypeOf<(long, long)>(2, 3)] };
        var ties = new ScatterOperation(Domain((0, 3), (0, 2)), Use("kernel rank 2 (%0, %1) { return %1, %0 }"), 0, new Combiner(CombinerKind.Last)) { Outputs = [TypeOf<long>(4)] };

        (long, long)[] result = graph.Run<(long, long)>(graph.Add(scatter, [graph.Array(new (long, long)[6], 2, 3)]));

        Assert.That(result, Is.EqualTo(new[] { (0L, 0L), (1L, 0L), (2L, 0L), (0L, 1L), (1L, 1L), (2L, 1L) }));
        Assert.That(graph.Run<long>(graph.Add(ties, [graph.Array(new long[] { -1, -1, -1, -1 })])), Is.EqualTo(new long[] { 2, 2, -1, -1 }));
    }

    [Test]
    public void Scatter_OutsideTheTarget_Traps()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 1 (%0) { return %0, %0 }");
        var scatter = new ScatterOperation(Domain((2, 9)), use, 0, new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<long>(5)] };

        Trap trap = graph.TrapOf(graph.Add(scatter, [graph.Array(new long[5])]));

        Assert.That((trap.Site.Kind, trap.LinearIndex, trap.OffendingIndex, trap.Extent), Is.EqualTo((TrapKind.OutOfRange, 3L, 5L, 5L)));
    }

    [Test]
    public void Sweep_ShowsNewValuesBeforeAndOldOnesAfter([Values] bool isUpward, [Values] bool isLeftward)
    {
        const int Rows = 6;
        const int Columns = 7;
        double[] x = Doubles(Rows * Columns);
        var graph = new GraphMaker();
        KernelUse use = Use("""
            kernel rank 2 (%0, %1) reads (a0: f64[,], a1: f64[,]) {
              %2 = load.f64 a0[%0 - 1, %1]
              %3 = load.f64 a0[%0 + 1, %1]
              %4 = load.f64 a0[%0, %1 - 1]
              %5 = load.f64 a0[%0, %1 + 1]
              %6 = load.f64 a1[%0, %1]
              %7 = add.f64 %2, %3
              %8 = sub.f64 %7, %4
              %9 = mul.f64 %8, %5
              %10 = add.f64 %9, %6
              return %10
            }
            """, [0, 1]);
        var domain = new IterationDomain([new AxisRange(1, Rows - 1, isUpward), new AxisRange(1, Columns - 1, isLeftward)]);
        GraphValue start = graph.Array(x, Rows, Columns);

        double[] result = graph.Run<double>(graph.Add(new SweepOperation(domain, use, 0) { Outputs = [TypeOf<double>(Rows, Columns)] }, [start, start]));

        double[] y = [.. x];
        for (int p = 1; p < Rows - 1; p++)
        {
            for (int q = 1; q < Columns - 1; q++)
            {
                int i = isUpward ? Rows - 1 - p : p;
                int j = isLeftward ? Columns - 1 - q : q;
                y[i * Columns + j] = (y[(i - 1) * Columns + j] + y[(i + 1) * Columns + j] - y[i * Columns + j - 1]) * y[i * Columns + j + 1] + x[i * Columns + j];
            }
        }
        Assert.That(result, Is.EqualTo(y));
        Assert.That(Read<double>(graph.Run([start])[0]), Is.EqualTo(x), "the start is not changed");
    }

    private static double[] Doubles(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.4)];
    }
}
