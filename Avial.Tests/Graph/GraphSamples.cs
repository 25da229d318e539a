using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.IR;

namespace Avial.Tests.Graph;

/// <summary>An element of two columns.</summary>
internal record struct Cell(float H, float Hu);

/// <summary>An element of an enumeration.</summary>
internal enum Cover : byte
{
    Water,
    Land,
}

/// <summary>Small regions built by hand, by name.</summary>
internal static class GraphSamples
{
    public static IEnumerable<(string Name, Region Region)> All =>
    [
        ("saxpy", Saxpy()),
        ("stencil", Stencil()),
        ("product", Product()),
        ("reduce", Reduce()),
        ("scan", Scan()),
        ("scatter", Scatter()),
        ("sweep", Sweep()),
        ("views", Views()),
        ("loop", Loop()),
        ("struct", Struct()),
        ("call", Call()),
        ("fused", Fused()),
    ];

    public static CallBody Code { get; } = new NothingToRun();

    public static ArrayType Of<T>(params ImmutableArray<long> extents) => new(ElementLayout.Of(typeof(T)), extents);

    public static IterationDomain Domain(params ImmutableArray<AxisRange> axes) => new(axes);

    public static AxisRange Axis(LinearBound low, LinearBound high) => new(low, high);

    public static GraphValue Node(int node, int output = 0) => new(node, output);

    public static GraphValue Parameter(int index) => GraphValue.Parameter(index);

    public static Region Saxpy()
    {
        var use = new KernelUse(KernelSamples.Saxpy(), [0, 1], [new KernelArgument(ArgumentKind.Scalar, 0)]);
        var map = new MapOperation([new MapPiece(Domain(Axis(0, 1000)), use)], [], []) { Outputs = [Of<float>(1000)] };
        return new Region([Of<float>(1000), Of<float>(1000)],
            [new GraphNode(map, [Parameter(0), Parameter(1)], [0]) { Name = "axpy", Span = new SourceSpan("Program.cs", 12, "i => s * x[i] + y[i]"), Target = Targets.Gpu }],
            [Node(0)]);
    }

    /// <summary>Two steps of one kernel, each over its base.</summary>
    public static Region Stencil()
    {
        var use = new KernelUse(KernelSamples.Stencil(), [0], []);
        var map = new MapOperation([new MapPiece(Domain(Axis(1, 63), Axis(1, 31)), use)], [0], []) { Outputs = [Of<float>(64, 32)] };
        return new Region([Of<float>(64, 32)],
            [new GraphNode(map, [Parameter(0)], []) { Name = "blur" }, new GraphNode(map, [Node(0)], []) { Name = "blur again", Order = 1, Precision = Precision.Fast }],
            [Node(1)]);
    }

    public static Region Product()
    {
        var use = new KernelUse(KernelSamples.InnerProduct(), [0, 1], []);
        var map = new MapOperation([new MapPiece(Domain(Axis(0, 8), Axis(0, 4)), use)], [], []) { Outputs = [Of<float>(8, 4)] };
        var fill = new FillOperation { Outputs = [Of<float>(16, 4)] };
        var file = new FileOperation("data/a.npy") { Outputs = [Of<float>(8, 16)] };
        return new Region([], [new GraphNode(file, [], []), new GraphNode(fill, [], [0]) { Order = 1 }, new GraphNode(map, [Node(0), Node(1)], []) { Order = 2 }], [Node(2)]);
    }

    /// <summary>A sum over all, a user's fold over one axis, the place of the lowest.</summary>
    public static Region Reduce()
    {
        KernelUse use = Read(Of<double>(6, 5));
        IterationDomain all = Domain(Axis(0, 6), Axis(0, 5));
        var sum = new ReduceOperation(all, use, [0, 1], new Combiner(CombinerKind.Sum)) { Outputs = [Of<double>()] };
        var fold = new ReduceOperation(all, use, [1], new Combiner(CombinerKind.Fold, KernelSamples.MaxCombiner(), [BitConverter.DoubleToUInt64Bits(double.NegativeInfinity)]))
        {
            Outputs = [Of<double>(6)],
        };
        var find = new ReduceOperation(all, use, [0, 1], new Combiner(CombinerKind.ArgMin)) { Outputs = [Of<(long, long, double)>()] };
        ImmutableArray<GraphValue> input = [Parameter(0)];
        return new Region([Of<double>(6, 5)], [new GraphNode(sum, input, []), new GraphNode(fold, input, []) { Order = 1 }, new GraphNode(find, input, []) { Order = 2 }],
            [Node(0), Node(1), Node(2)]);
    }

    public static Region Scan()
    {
        IterationDomain domain = Domain(Axis(2, 9), new AxisRange(0, 5, IsReversed: true));
        var scan = new ScanOperation(domain, Read(Of<long>(9, 5)), 1, true, new Combiner(CombinerKind.Product)) { Outputs = [Of<long>(7, 5)] };
        return new Region([Of<long>(9, 5)], [new GraphNode(scan, [Parameter(0)], [])], [Node(0)]);
    }

    /// <summary>A histogram: into[bins[i]] += weight.</summary>
    public static Region Scatter()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value weight = numbers.New(ScalarType.F64);
        var b = new BlockBuilder(numbers);
        Value bin = KernelSamples.Load(b, ScalarType.I64, KernelSamples.Read(0, [AffineIndex.Of(i)]));
        var kernel = new Kernel(1, [new KernelOperand(1, [ScalarType.I64])], b.Finish([i, weight], bin, weight));
        var use = new KernelUse(kernel, [0], [new KernelArgument(ArgumentKind.Input, 2)]);
        var scatter = new ScatterOperation(Domain(Axis(0, 50)), use, 1, new Combiner(CombinerKind.Sum)) { Outputs = [Of<double>(10)] };
        return new Region([Of<long>(50), Of<double>(10), Of<double>()], [new GraphNode(scatter, [Parameter(0), Parameter(1), Parameter(2)], [])], [Node(0)]);
    }

    public static Region Sweep()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value before = KernelSamples.Load(b, ScalarType.F32, KernelSamples.Read(0, [AffineIndex.Of(i) + 1]));
        Value right = KernelSamples.Load(b, ScalarType.F32, KernelSamples.Read(1, [AffineIndex.Of(i)]));
        var kernel = new Kernel(1, [new KernelOperand(1, [ScalarType.F32]), new KernelOperand(1, [ScalarType.F32])],
            b.Finish([i], b.Binary(BinaryOp.Subtract, right, before)));
        var sweep = new SweepOperation(Domain(new AxisRange(0, 19, IsReversed: true)), new KernelUse(kernel, [1, 0], []), 1) { Outputs = [Of<float>(20)] };
        return new Region([Of<float>(20), Of<float>(20)], [new GraphNode(sweep, [Parameter(0), Parameter(1)], [])], [Node(0)]);
    }

    /// <summary>A transposed strided slice, reversed, then flat.</summary>
    public static Region Views()
    {
        AffineIndex rows = AffineIndex.Of(new Value(0, ScalarType.I64));
        AffineIndex columns = AffineIndex.Of(new Value(1, ScalarType.I64));
        var view = new ViewOperation([columns * 2 + 1, rows * -1 + 3], []) { Outputs = [Of<float>(4, 3)] };
        var reshape = new ReshapeOperation { Outputs = [Of<float>(12)] };
        return new Region([Of<float>(7, 4)], [new GraphNode(view, [Parameter(0)], []), new GraphNode(reshape, [Node(0)], []) { Order = 1 }], [Node(1)]);
    }

    /// <summary>A loop whose step moves a slice and a domain; ended by a condition.</summary>
    public static Region Loop()
    {
        AffineIndex first = AffineIndex.Of(new Value(0, ScalarType.I64));
        var row = new ViewOperation([AffineIndex.Zero, first], [new LinearBound(0, [new BoundTerm(1, 1)]), 0]) { Outputs = [Of<float>(32)] };
        var use = new KernelUse(KernelSamples.Saxpy(), [1, 0], [new KernelArgument(ArgumentKind.Scalar, 0)]);
        IterationDomain moving = Domain(Axis(new LinearBound(1, [new BoundTerm(2, 1)]), 32));
        var map = new MapOperation([new MapPiece(moving, use)], [0], []) { Outputs = [Of<float>(32)] };
        var test = new ReduceOperation(Domain(Axis(0, 32)), IsPositive(), [0], new Combiner(CombinerKind.Any)) { Outputs = [Of<bool>()] };
        var body = new Region([Of<float>(32), Of<long>(), Of<float>(64, 32)],
            [
                new GraphNode(row, [Parameter(2), Parameter(1)], []),
                new GraphNode(map, [Parameter(0), Node(0), Parameter(1)], [1]) { Order = 1 },
                new GraphNode(test, [Node(1)], []) { Order = 2 },
            ],
            [Node(1), Node(2)]);
        var loop = new LoopOperation(body, 1, HasUntil: true, Every: 4) { Outputs = [Of<float>(32), Of<long>()] };
        return new Region([Of<float>(32), Of<float>(64, 32)], [new GraphNode(loop, [Parameter(0), Parameter(1)], [3, 0]) { Name = "march" }], [Node(0), Node(0, 1)]);
    }

    /// <summary>Struct elements and an enumeration.</summary>
    public static Region Struct()
    {
        var use = new KernelUse(KernelSamples.StructColumns(), [0], []);
        var map = new MapOperation([new MapPiece(Domain(Axis(5, 13)), use)], [], [5]) { Outputs = [Of<Cell>(8)] };
        var cover = new FillOperation { Outputs = [Of<Cover>(3)] };
        return new Region([Of<Cell>(20)], [new GraphNode(map, [Parameter(0)], []), new GraphNode(cover, [], [0]) { Order = 1 }], [Node(0), Node(1)]);
    }

    public static Region Call()
    {
        var call = new CallOperation(Code, IsEffect: false) { Outputs = [Of<int>(4), Of<Half>(2, 2)] };
        var effect = new CallOperation(Code, IsEffect: true) { Outputs = [] };
        return new Region([Of<int>(4)], [new GraphNode(call, [Parameter(0)], []), new GraphNode(effect, [Node(0, 1)], []) { Order = 1 }], [Node(0, 1)]);
    }

    /// <summary>A node that another was fused into.</summary>
    public static Region Fused()
    {
        Region saxpy = Saxpy();
        GraphNode fused = saxpy.Nodes[0] with { Name = "producer", Target = Targets.Cpu };
        return saxpy with { Nodes = [saxpy.Nodes[0] with { Fused = [fused], Order = 4 }] };
    }

    /// <summary>A kernel that reads input 0 where it stands.</summary>
    public static KernelUse Read(ArrayType type) =>
        CopyKernels.Read(type.Element, type.Rank, [.. Enumerable.Range(0, type.Rank).Select(a => AffineIndex.Of(new Value(a, ScalarType.I64)))]);

    private static KernelUse IsPositive()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value x = KernelSamples.Load(b, ScalarType.F32, KernelSamples.Read(0, [AffineIndex.Of(i)]));
        Value positive = b.Compare(CompareOp.Greater, x, b.Constant(ScalarType.F32, 0));
        return new KernelUse(new Kernel(1, [new KernelOperand(1, [ScalarType.F32])], b.Finish([i], positive)), [0], []);
    }

    private sealed class NothingToRun : CallBody
    {
        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
        {
        }
    }
}
