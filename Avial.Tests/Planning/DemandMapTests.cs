using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class DemandMapTests
{
    private const long N = 16;

    private static readonly ElementLayout s_float = ElementLayout.Of(typeof(float));

    private static ArrayType Vector(long length = N) => new(s_float, [length]);

    private static Box Of(params (long Low, long High)[] axes) => new([.. axes.Select(a => a.Low)], [.. axes.Select(a => a.High)]);

    private static GraphValue Output(int node, int output = 0) => new(node, output);

    private static Region Of(ImmutableArray<ArrayType> parameters, ImmutableArray<GraphNode> nodes, params ImmutableArray<GraphValue> results) => new(parameters, nodes, results);

    /// <summary>A map of one operand shifted by an offset.</summary>
    private static GraphNode Shifted(GraphValue source, long offset, (LinearBound Low, LinearBound High) range, ArrayType? output = null, GraphValue? bases = null, long origin = 0)
    {
        (Kernel kernel, KernelUse use) = ShiftKernel(offset);
        _ = kernel;
        var map = new MapOperation([new MapPiece(KernelMaker.Domain(range), use)], bases is null ? [] : [1], origin == 0 ? [] : [origin])
        {
            Outputs = [output ?? Vector()],
        };
        return new GraphNode(map, bases is { } b ? [source, b] : [source], []);
    }

    private static (Kernel Kernel, KernelUse Use) ShiftKernel(long offset)
    {
        var maker = new KernelMaker(1);
        Kernel kernel = maker.Build(maker.Load(maker.Body, maker.Operand([N]), maker.I + offset));
        return (kernel, maker.Use(kernel));
    }

    [Test]
    public void Of_ChainOfStencils_GrowsBackwards()
    {
        Region region = Of([Vector()], [Shifted(GraphValue.Parameter(0), 1, (0, 10), Vector(10)), Shifted(Output(0), 2, (0, 5), Vector(5))], Output(1));
        DemandMap demand = DemandMap.Of(region, []);
        Assert.That(demand.Of(Output(1)), Is.EqualTo(Of((0, 5))));
        Assert.That(demand.Of(Output(0)), Is.EqualTo(Of((2, 7))));
        Assert.That(demand.Of(GraphValue.Parameter(0)), Is.EqualTo(Of((3, 8))));
    }

    [Test]
    public void Of_NodeThatNobodyNeeds_IsDead()
    {
        Region region = Of([Vector()], [Shifted(GraphValue.Parameter(0), 0, (0, N)), Shifted(GraphValue.Parameter(0), 0, (0, 4), Vector(4))], Output(1));
        DemandMap demand = DemandMap.Of(region, []);
        Assert.That(demand.IsLive(0), Is.False);
        Assert.That(demand.IsDemanded(Output(0)), Is.False);
        Assert.That(demand.Of(GraphValue.Parameter(0)), Is.EqualTo(Of((0, 4))));
    }

    [Test]
    public void Of_Base_IsNeededWhereNoPieceCovers()
    {
        Region region = Of([Vector(), Vector()], [Shifted(GraphValue.Parameter(0), 0, (0, 12), bases: GraphValue.Parameter(1))], Output(0));
        Assert.That(DemandMap.Of(region, []).Of(GraphValue.Parameter(1)), Is.EqualTo(Of((12, N))));
        DemandMap part = DemandMap.Of(region, [], [Of((3, 9))]);
        Assert.That(part.IsDemanded(GraphValue.Parameter(1)), Is.False);
        Assert.That(part.Of(GraphValue.Parameter(0)), Is.EqualTo(Of((3, 9))));
        Assert.That(DemandMap.Of(region, [], [Of((13, 15))]).IsDemanded(GraphValue.Parameter(0)), Is.False);
    }

    [Test]
    public void Of_RebasedMap_ShiftsByItsOrigin()
    {
        Region region = Of([Vector()], [Shifted(GraphValue.Parameter(0), 0, (4, 10), Vector(6), origin: 4)], Output(0));
        Assert.That(DemandMap.Of(region, [], [Of((1, 3))]).Of(GraphValue.Parameter(0)), Is.EqualTo(Of((5, 7))));
    }

    [Test]
    public void Of_ReduceOfAnAxis_RunsWholeWhateverIsRead()
    {
        var maker = new KernelMaker(2);
        Kernel kernel = maker.Build(maker.Load(maker.Body, maker.Operand(N, 8), maker.I, maker.J));
        var reduce = new ReduceOperation(KernelMaker.Domain((2, N), (1, 8)), maker.Use(kernel), [1], new Combiner(CombinerKind.Sum)) { Outputs = [Vector(N - 2)] };
        Region region = Of([maker.Inputs[0]], [new GraphNode(reduce, [GraphValue.Parameter(0)], [])], Output(0));
        Assert.That(DemandMap.Of(region, [], [Of((3, 5))]).Of(GraphValue.Parameter(0)), Is.EqualTo(Of((2, N), (1, 8))));
    }

    [TestCase(false, 2, 14)]
    [TestCase(true, 2, 14)]
    public void Of_Scan_RunsWholeWhateverIsRead(bool isReversed, long low, long high)
    {
        (_, KernelUse use) = ShiftKernel(0);
        var scan = new ScanOperation(new IterationDomain([new AxisRange(2, 14, isReversed)]), use, 0, false, new Combiner(CombinerKind.Sum)) { Outputs = [Vector(12)] };
        Region region = Of([Vector()], [new GraphNode(scan, [GraphValue.Parameter(0)], [])], Output(0));
        Assert.That(DemandMap.Of(region, [], [Of((3, 5))]).Of(GraphValue.Parameter(0)), Is.EqualTo(Of((low, high))));
    }

    [Test]
    public void Of_View_MapsTheBox()
    {
        // Every second element of a reversed column: o reads [10 - 2 o, 3].
        AffineIndex axis = AffineIndex.Of(new Value(0, ScalarType.I64));
        var view = new ViewOperation([axis * -2 + 10, AffineIndex.Of(3)], []) { Outputs = [Vector(6)] };
        Region region = Of([new ArrayType(s_float, [N, 8])], [new GraphNode(view, [GraphValue.Parameter(0)], [])], Output(0));
        Assert.That(DemandMap.Of(region, [], [Of((1, 3))]).Of(GraphValue.Parameter(0)), Is.EqualTo(Of((6, 9), (3, 4))));
    }

    [TestCase(5, 7, 1, 2, 1, 3)]
    [TestCase(3, 6, 0, 2, 0, 4)]
    [TestCase(0, 16, 0, 4, 0, 4)]
    public void Of_Reshape_HoldsThePositions(long from, long to, long rowLow, long rowHigh, long columnLow, long columnHigh)
    {
        var reshape = new ReshapeOperation { Outputs = [Vector()] };
        Region region = Of([new ArrayType(s_float, [4, 4])], [new GraphNode(reshape, [GraphValue.Parameter(0)], [])], Output(0));
        Assert.That(DemandMap.Of(region, [], [Of((from, to))]).Of(GraphValue.Parameter(0)), Is.EqualTo(Of((rowLow, rowHigh), (columnLow, columnHigh))));
    }

    [Test]
    public void Of_Loop_NeedsCarriedValuesWholeAndCapturesByTheirReads()
    {
        // Each step t: next[i] = old[i] + capture[i + t], 3 steps over 8 elements: of the capture 0..10 is needed.
        var maker = new KernelMaker(1);
        int old = maker.Operand([8]);
        int capture = maker.Operand([N]);
        (Value t, int input) = maker.Symbol();
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, old, maker.I), maker.Load(maker.Body, capture, maker.I + KernelMaker.At(t)));
        Kernel kernel = maker.Build(sum);
        Assert.That(input, Is.EqualTo(2));
        var map = new MapOperation([new MapPiece(KernelMaker.Domain((0, 8)), maker.Use(kernel))], [], []) { Outputs = [Vector(8)] };
        var step = new ArrayType(ElementLayout.Of(typeof(long)), []);
        Region body = Of([Vector(8), step, Vector(), Vector()],
            [new GraphNode(map, [GraphValue.Parameter(0), GraphValue.Parameter(2), GraphValue.Parameter(1)], [])], Output(0));
        var loop = new LoopOperation(body, 1, false, 1) { Outputs = [Vector(8), step] };
        Region region = Of([Vector(8), Vector(), Vector()],
            [new GraphNode(loop, [GraphValue.Parameter(0), GraphValue.Parameter(1), GraphValue.Parameter(2)], [0])], Output(0));

        DemandMap demand = DemandMap.Of(region, [3]);
        Assert.That(demand.Of(GraphValue.Parameter(0)), Is.EqualTo(Of((0, 8))));
        Assert.That(demand.Of(GraphValue.Parameter(1)), Is.EqualTo(Of((0, 10))));
        Assert.That(demand.IsDemanded(GraphValue.Parameter(2)), Is.False, "a capture that no step reads");
        Assert.That(demand.Bodies[0]!.Of(Output(0)), Is.EqualTo(Of((0, 8))));
        Assert.That(DemandMap.Of(region, []).Of(GraphValue.Parameter(1)), Is.EqualTo(Of((0, N))), "an unknown count");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Of_Call_IsNeededWholeOrForItsEffect(bool isEffect)
    {
        var call = new CallOperation(null!, isEffect) { Outputs = [Vector(4)] };
        Region region = Of([Vector()], [new GraphNode(call, [GraphValue.Parameter(0)], [])]);
        DemandMap demand = DemandMap.Of(region, []);
        Assert.That(demand.IsLive(0), Is.EqualTo(isEffect));
        Assert.That(demand.IsDemanded(GraphValue.Parameter(0)), Is.EqualTo(isEffect));
    }
}
