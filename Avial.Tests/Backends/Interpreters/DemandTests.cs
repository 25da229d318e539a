using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Backends.Interpreters;

public sealed class DemandTests
{
    private const string TwelveOver = "kernel rank 1 (%0) reads (a0: i64[]) { %1 = load.i64 a0[%0]\n %2 = const.i64 12\n %3 = div.i64 %2, %1\n return %3 }";

    [Test]
    public void Trap_OfTheLowestElement_IsRaised()
    {
        var graph = new GraphMaker();
        GraphValue result = graph.Add(Map(TypeOf<long>(5), Domain((0, 5)), Use(TwelveOver)), [graph.Array([1L, 2, 0, 3, 0])]);

        Trap trap = graph.TrapOf(result);

        Assert.That(trap, Is.EqualTo(new Trap(0, 2, new TrapSite(-1, TrapKind.DivideByZero, new SourceSpan("Program.cs", 10, ""), "n0"), 0, 0)));
    }

    [Test]
    public void Trap_OutsideTheDemandedBox_IsNotRaised()
    {
        var graph = new GraphMaker();
        GraphValue result = graph.Add(Map(TypeOf<long>(5), Domain((0, 5)), Use(TwelveOver)), [graph.Array([0L, 2, 3, 0, 0])]);

        long[] values = Read<long>(graph.Run([result], Demand([Box((1, 3))]))[0]);
        Trap trap = graph.TrapOf(result, Demand([Box((1, 5))]));

        Assert.That(values, Is.EqualTo(new long[] { 0, 6, 4, 0, 0 }));
        Assert.That(trap.LinearIndex, Is.EqualTo(3), "counted in the whole domain");
    }

    [Test]
    public void Node_OfWhichNothingIsDemanded_DoesNotRun()
    {
        var graph = new GraphMaker();
        GraphValue dead = graph.Add(Map(TypeOf<long>(1), Domain((0, 1)), Use(TwelveOver)), [graph.Array([0L])]);
        GraphValue live = graph.Add(new FillOperation { Outputs = [TypeOf<long>(1)] }, [], 7);

        Assert.That(Read<long>(graph.Run([live], Demand([null], [Box((0, 1))]))[0]), Is.EqualTo(new[] { 7L }));
        Assert.That(graph.TrapOf(live).Order, Is.EqualTo(dead.Node));
    }

    [Test]
    public void Read_OfWhatWasNotDemanded_IsAnInternalError()
    {
        var graph = new GraphMaker();
        GraphValue filled = graph.Add(new FillOperation { Outputs = [TypeOf<long>(5)] }, [], 7);
        GraphValue result = graph.Add(Map(TypeOf<long>(5), Domain((0, 5)), Use(TwelveOver)), [filled]);

        Assert.That(() => graph.Run([result], Demand([Box((0, 3))], [Box((2, 4))])), Throws.TypeOf<InternalErrorException>()
            .With.Message.Contains("Element [3] of an array of i64[5] is read, but only [0..3] was demanded."));
    }

    [Test]
    public void Trap_OfTheEarlierTask_WinsWhateverTheOrderOfNodes()
    {
        var graph = new GraphMaker();
        GraphValue zeros = graph.Array([1L, 0]);
        GraphValue late = graph.Add(Map(TypeOf<long>(1), Domain((1, 2)), Use(TwelveOver)) with { Origin = [1] }, [zeros]);
        GraphValue early = graph.Add(Map(TypeOf<long>(2), Domain((0, 2)), Use(TwelveOver)), [zeros]);
        graph.Reorder(late.Node, 9);
        graph.Reorder(early.Node, 4);

        Trap trap = Assert.Throws<TrapException>(() => graph.Run([late, early]))!.Trap;

        Assert.That((trap.Order, trap.LinearIndex), Is.EqualTo((4, 1L)));
    }

    [Test]
    public void Reduction_WithDemandOnAKeptAxis_ComputesOnlyThoseLines()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 2 (%0, %1) reads (a0: i64[,]) { %2 = load.i64 a0[%0, %1]\n %3 = const.i64 12\n %4 = div.i64 %3, %2\n return %4 }");
        var reduce = new ReduceOperation(Domain((0, 3), (0, 2)), use, [1], new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<long>(3)] };
        GraphValue result = graph.Add(reduce, [graph.Array([0L, 1, 2, 3, 0, 4], 3, 2)]);

        Assert.That(Read<long>(graph.Run([result], Demand([Box((1, 2))]))[0]), Is.EqualTo(new long[] { 0, 10, 0 }));
        Assert.That(graph.TrapOf(result, Demand([Box((1, 3))])).LinearIndex, Is.EqualTo(4));
    }

    [TestCase(false, 0, 3, new long[] { 12, 18, 22, 0, 0 })]
    [TestCase(true, 4, 5, new long[] { 0, 0, 0, 0, 2 })]
    public void Scan_WithDemand_RunsOnlyAsFarAsNeeded(bool isReversed, int low, int high, long[] expected)
    {
        var graph = new GraphMaker();
        var domain = new IterationDomain([new AxisRange(0, 5, isReversed)]);
        GraphValue result = graph.Add(new ScanOperation(domain, Use(TwelveOver), 0, false, new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<long>(5)] },
            [graph.Array([1L, 2, 3, 0, 5])]);

        Assert.That(Read<long>(graph.Run([result], Demand([Box((low, high))]))[0]), Is.EqualTo(expected));
        Assert.That(graph.TrapOf(result).LinearIndex, Is.EqualTo(3));
    }

    [Test]
    public void Observer_IsToldOfTheFirstNaNMadeFromNumbers()
    {
        var graph = new GraphMaker();
        GraphValue input = graph.Array([1.0, double.NaN, -4, -9]);
        KernelUse root = Use("kernel rank 1 (%0) reads (a0: f64[]) { %1 = load.f64 a0[%0]\n %2 = math.f64 Math.Sqrt %1\n return %1, %2 }");
        var map = new MapOperation([new MapPiece(Domain((0, 4)), root)], [], []) { Outputs = [TypeOf<double>(4), TypeOf<double>(4)] };
        GraphValue first = graph.Add(map, [input]);
        GraphValue second = graph.Add(map, [first]);
        var observer = new Observer();

        graph.Run([second], observer: observer);

        Assert.That(observer.Seen, Is.EqualTo(new[] { "NaN n0 2 1" }));
    }

    [Test]
    public void Observer_IsToldOfAReductionThatMakesNaN()
    {
        var graph = new GraphMaker();
        KernelUse use = Use("kernel rank 1 (%0) reads (a0: f64[]) { %1 = load.f64 a0[%0]\n return %1 }");
        var reduce = new ReduceOperation(Domain((0, 2)), use, [0], new Combiner(CombinerKind.Sum)) { Outputs = [TypeOf<double>()] };
        var observer = new Observer();

        graph.Run([graph.Add(reduce, [graph.Array([double.PositiveInfinity, double.NegativeInfinity])])], observer: observer);

        Assert.That(observer.Seen, Is.EqualTo(new[] { "NaN n0 0 0" }));
    }

    [Test]
    public void Observer_IsToldOfATrap()
    {
        var graph = new GraphMaker();
        GraphValue result = graph.Add(Map(TypeOf<long>(2), Domain((0, 2)), Use(TwelveOver)), [graph.Array([1L, 0])]);
        var observer = new Observer();

        Assert.Throws<TrapException>(() => graph.Run([result], observer: observer));

        Assert.That(observer.Seen, Is.EqualTo(new[] { "trap n0 1 DivideByZero" }));
    }

    private static RegionDemand Demand(params ImmutableArray<Box?>[] outputs) => new([.. outputs], [.. outputs.Select(_ => (RegionDemand?)null)]);

    private sealed class Observer : IEvaluationObserver
    {
        public List<string> Seen { get; } = [];

        public void NaNProduced(GraphNode node, long linearIndex, int column) => Seen.Add($"NaN {node.Name} {linearIndex} {column}");

        public void Trapped(GraphNode node, Trap trap) => Seen.Add($"trap {node.Name} {trap.LinearIndex} {trap.Site.Kind}");
    }
}
