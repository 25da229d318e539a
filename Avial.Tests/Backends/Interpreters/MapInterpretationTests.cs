using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Backends.Interpreters;

public sealed class MapInterpretationTests
{
    private readonly record struct Cell(float Height, int Count, double Speed);

    [TestCase(7, 11)]
    [TestCase(2, 2)]
    [TestCase(3, 3)]
    [TestCase(1, 5)]
    public void Map_OfTheInteriorOverABase_ComputesThereAndShowsTheBaseElsewhere(int rows, int columns)
    {
        var graph = new GraphMaker();
        double[] x = [.. Enumerable.Range(0, rows * columns).Select(i => Math.Sin(i))];
        GraphValue input = graph.Array(x, rows, columns);
        KernelUse use = Use("""
            kernel rank 2 (%0, %1) reads (a0: f64[,]) {
              %2 = load.f64 a0[%0 - 1, %1]
              %3 = load.f64 a0[%0 + 1, %1]
              %4 = load.f64 a0[%0, %1 - 1]
              %5 = load.f64 a0[%0, %1 + 1]
              %6 = add.f64 %2, %3
              %7 = add.f64 %6, %4
              %8 = add.f64 %7, %5
              return %8
            }
            """);
        var map = new MapOperation([new MapPiece(Domain((1, rows - 1), (1, columns - 1)), use)], [0], []) { Outputs = [TypeOf<double>(rows, columns)] };

        double[] result = graph.Run<double>(graph.Add(map, [input]));

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                bool isInside = i > 0 && i < rows - 1 && j > 0 && j < columns - 1;
                double expected = !isInside ? x[i * columns + j]
                    : x[(i - 1) * columns + j] + x[(i + 1) * columns + j] + x[i * columns + j - 1] + x[i * columns + j + 1];
                Assert.That(result[i * columns + j], Is.EqualTo(expected), $"({i}, {j})");
            }
        }
    }

    [Test]
    public void Map_OfTwoPieces_ComputesEachWithItsKernel()
    {
        var graph = new GraphMaker();
        GraphValue input = graph.Array([10, 11, 12, 13, 14, 15, 16]);
        KernelUse minus = Use("kernel rank 1 (%0) reads (a0: i32[]) { %1 = load.i32 a0[%0]\n %2 = neg.i32 %1\n return %2 }");
        KernelUse index = Use("kernel rank 1 (%0) { %1 = convert.i32 %0\n return %1 }");
        var map = new MapOperation([new MapPiece(Domain((0, 2)), minus), new MapPiece(Domain((5, 6)), index)], [0], []) { Outputs = [TypeOf<int>(7)] };

        Assert.That(graph.Run<int>(graph.Add(map, [input])), Is.EqualTo(new[] { -10, -11, 12, 13, 14, 5, 16 }));
    }

    [Test]
    public void Map_WithTwoOutputsOfStructs_WritesTheirColumnsInOrder()
    {
        var graph = new GraphMaker();
        Cell[] cells = [new(1.5f, 2, 3.25), new(-1, 7, double.NaN), new(0, int.MinValue, -0.0)];
        GraphValue input = graph.Array(cells);
        KernelUse use = Use("""
            kernel rank 1 (%0) reads (a0: {f32, i32, f64}[]) {
              %1 = load.f32 a0.0[%0]
              %2 = load.i32 a0.1[%0]
              %3 = load.f64 a0.2[%0]
              %4 = neg.i32 %2
              return %4, %1, %4, %3
            }
            """);
        var map = new MapOperation([new MapPiece(Domain((0, 3)), use)], [], []) { Outputs = [TypeOf<int>(3), TypeOf<Cell>(3)] };
        GraphValue first = graph.Add(map, [input]);

        Storage[] results = graph.Run([first, first with { Output = 1 }]);

        Assert.That(Read<int>(results[0]), Is.EqualTo(cells.Select(c => -c.Count)));
        Assert.That(Read<Cell>(results[1]), Is.EqualTo(cells.Select(c => c with { Count = -c.Count })));
    }

    [Test]
    public void Map_OfARebasedDomain_StartsAtZero()
    {
        var graph = new GraphMaker();
        KernelUse index = Use("kernel rank 1 (%0) { return %0 }");
        var map = new MapOperation([new MapPiece(Domain((3, 8)), index)], [], [3]) { Outputs = [TypeOf<long>(5)] };

        Assert.That(graph.Run<long>(graph.Add(map, [])), Is.EqualTo(new long[] { 3, 4, 5, 6, 7 }));
    }

    [Test]
    public void Parameters_ComeFromCapturedNumbersAndScalarInputs()
    {
        var graph = new GraphMaker();
        GraphValue scalar = graph.Scalar(new Cell(0, 100, 0));
        KernelUse use = Use("kernel rank 1 (%0; %1: i32, %2: i32) { %3 = sub.i32 %1, %2\n return %3 }", [],
            [new KernelArgument(ArgumentKind.Input, 0, 1), new KernelArgument(ArgumentKind.Scalar, 0)]);

        GraphValue result = graph.Add(Map(TypeOf<int>(2), Domain((0, 2)), use), [scalar], Bits(-1));

        Assert.That(graph.Run<int>(result), Is.EqualTo(new[] { 101, 101 }));
    }

    [Test]
    public void Domain_WithASymbolicBound_IsEvaluated()
    {
        var graph = new GraphMaker();
        GraphValue step = graph.Scalar(4L);
        GraphValue zeros = graph.Array(new long[6]);
        var domain = new IterationDomain([new AxisRange(new LinearBound(-3, [new BoundTerm(1, 1)]), new LinearBound(1, [new BoundTerm(1, 1)]))]);
        var map = new MapOperation([new MapPiece(domain, Use("kernel rank 1 (%0) { return %0 }"))], [0], []) { Outputs = [TypeOf<long>(6)] };

        Assert.That(graph.Run<long>(graph.Add(map, [zeros, step])), Is.EqualTo(new long[] { 0, 1, 2, 3, 4, 0 }));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(5)]
    public void Fill_WritesOneElementEverywhere(int length)
    {
        var graph = new GraphMaker();

        GraphValue result = graph.Add(new FillOperation { Outputs = [TypeOf<Cell>(length)] }, [], Bits(1.5f), Bits(-3), Bits(2.5));

        Assert.That(graph.Run<Cell>(result), Is.EqualTo(Enumerable.Repeat(new Cell(1.5f, -3, 2.5), length)));
    }

    [Test]
    public void File_IsLoadedByTheLoader()
    {
        var graph = new GraphMaker();
        GraphValue result = graph.Add(new FileOperation("x.npy") { Outputs = [TypeOf<short>(2)] }, []);

        Storage[] results = graph.Run([result], load: (file, type) => StorageOf(file.Path == "x.npy" ? new short[] { 4, -5 } : [], type.Extents));

        Assert.That(Read<short>(results[0]), Is.EqualTo(new short[] { 4, -5 }));
    }

    [Test]
    public void View_TransposesReversesAndSlices()
    {
        var graph = new GraphMaker();
        GraphValue input = graph.Array([0, 1, 2, 3, 4, 5], 2, 3);
        (Value row, Value column) = (new Value(0, ScalarType.I64), new Value(1, ScalarType.I64));
        GraphValue transposed = graph.Add(new ViewOperation([AffineIndex.Of(column), AffineIndex.Of(row)], []) { Outputs = [TypeOf<int>(3, 2)] }, [input]);
        GraphValue reversed = graph.Add(new ViewOperation([AffineIndex.Of(1), AffineIndex.Of(row) * -1 + 2], [0, 0]) { Outputs = [TypeOf<int>(3)] }, [input]);

        Storage[] results = graph.Run([transposed, reversed]);

        Assert.That(Read<int>(results[0]), Is.EqualTo(new[] { 0, 3, 1, 4, 2, 5 }));
        Assert.That(Read<int>(results[1]), Is.EqualTo(new[] { 5, 4, 3 }));
    }

    [TestCase(1, 11)]
    [TestCase(2, null)]
    public void View_WithASymbolicOffset_AddsIt(long step, int? expected)
    {
        var graph = new GraphMaker();
        GraphValue input = graph.Array([10, 11, 12, 13]);
        GraphValue scalar = graph.Scalar(step);
        var offset = new LinearBound(-1, [new BoundTerm(1, 2)]);
        GraphValue view = graph.Add(new ViewOperation([AffineIndex.Of(new Value(0, ScalarType.I64))], [offset]) { Outputs = [TypeOf<int>(2)] }, [input, scalar]);

        if (expected is { } first)
        {
            Assert.That(graph.Run<int>(view), Is.EqualTo(new[] { first, first + 1 }));
            return;
        }
        Trap trap = graph.TrapOf(view);
        Assert.That((trap.Site.Kind, trap.LinearIndex, trap.OffendingIndex, trap.Extent), Is.EqualTo((TrapKind.OutOfRange, 1L, 4L, 4L)));
    }

    [Test]
    public void Reshape_KeepsRowMajorOrder()
    {
        var graph = new GraphMaker();
        Cell[] cells = [.. Enumerable.Range(0, 12).Select(i => new Cell(i, i, i))];

        GraphValue result = graph.Add(new ReshapeOperation { Outputs = [TypeOf<Cell>(2, 3, 2)] }, [graph.Array(cells, 4, 3)]);

        Assert.That(graph.Run<Cell>(result), Is.EqualTo(cells));
    }

    [Test]
    public void Call_ReadsAndWritesWholeArrays()
    {
        var graph = new GraphMaker();
        GraphValue input = graph.Array([1, 2, 3]);

        GraphValue result = graph.Add(new CallOperation(new Doubling(), false) { Outputs = [TypeOf<int>(3)] }, [input]);

        Assert.That(graph.Run<int>(result), Is.EqualTo(new[] { 2, 4, 6 }));
    }

    [Test]
    public void Map_OfAMillionElements_IsEvaluated()
    {
        const int N = 1_000_003;
        var graph = new GraphMaker();
        GraphValue input = graph.Array(Enumerable.Range(0, N).Select(i => (float)i).ToArray());
        KernelUse use = Use("kernel rank 1 (%0) reads (a0: f32[]) { %1 = load.f32 a0[%0 - 1] clamp\n %2 = load.f32 a0[%0]\n %3 = add.f32 %1, %2\n return %3 }");

        float[] result = graph.Run<float>(graph.Add(Map(TypeOf<float>(N), Domain((0, N)), use), [input]));

        Assert.That((result[0], result[1], result[N - 1]), Is.EqualTo((0f, 1f, (float)(N - 1) + (N - 2))));
    }

    private sealed class Doubling : CallBody
    {
        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes) =>
            StorageAccess.CopyIn<int>(Read<int>(reads[0]).Select(x => 2 * x).ToArray(), writes[0], 0);
    }
}
