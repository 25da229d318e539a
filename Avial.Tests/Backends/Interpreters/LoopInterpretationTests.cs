using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Backends.Interpreters;

public sealed class LoopInterpretationTests
{
    // x[i] → x[i] + captured number 1 · step
    private static readonly KernelUse s_step = Use("""
        kernel rank 1 (%0; %1: i64, %2: i64) reads (a0: i64[]) {
          %3 = load.i64 a0[%0]
          %4 = mul.i64 %1, %2
          %5 = add.i64 %3, %4
          return %5
        }
        """, [0], [new KernelArgument(ArgumentKind.Input, 1), new KernelArgument(ArgumentKind.Scalar, 0)]);

    [TestCase(0, 5L)]
    [TestCase(1, 5L)]
    [TestCase(4, 5 + 10 * 6L)]
    [TestCase(-3, 5L)]
    public void Repeat_RunsTheBodyWithItsStepNumber(long count, long expected)
    {
        var graph = new GraphMaker();
        var loop = new LoopOperation(Counting(), 1, false, 1) { Outputs = [TypeOf<long>(2), TypeOf<long>()] };
        GraphValue result = graph.Add(loop, [graph.Array([5L, 5L])], Bits(count), Bits(10L));

        Storage[] results = graph.Run([result, result with { Output = 1 }]);

        Assert.That(Read<long>(results[0]), Is.EqualTo(new[] { expected, expected }));
        Assert.That(Read<long>(results[1])[0], Is.EqualTo(Math.Max(0, count)));
    }

    [Test]
    public void Repeat_Nested_RunsTheInnerLoopEachStep()
    {
        // Outer: for t in 0..3, inner: for s in 0..4 x += 10 s. The inner loop's scalars are positions in the outer's own.
        var inner = new LoopOperation(Counting(), 1, false, 1) { Outputs = [TypeOf<long>(2), TypeOf<long>()] };
        var outerBody = new Region([TypeOf<long>(2), TypeOf<long>()], [new GraphNode(inner, [GraphValue.Parameter(0)], [2, 1])], [new GraphValue(0, 0)]);
        var graph = new GraphMaker();
        graph.Add(new FillOperation { Outputs = [TypeOf<int>(1)] }, [], Bits(77));
        GraphValue result = graph.Add(new LoopOperation(outerBody, 1, false, 1) { Outputs = [TypeOf<long>(2), TypeOf<long>()] },
            [graph.Array([0L, 1L])], Bits(3L), Bits(10L), Bits(4L));

        Assert.That(graph.Run<long>(result), Is.EqualTo(new[] { 3 * 10 * 6L, 1 + (3 * 10 * 6L) }));
    }

    [Test]
    public void Repeat_SwapsItsCarriedValues([Values(0, 1, 2, 5)] int count)
    {
        var body = new Region([TypeOf<long>(2), TypeOf<long>(2), TypeOf<long>()], [], [GraphValue.Parameter(1), GraphValue.Parameter(0)]);
        var graph = new GraphMaker();
        var loop = new LoopOperation(body, 2, false, 1) { Outputs = [TypeOf<long>(2), TypeOf<long>(2), TypeOf<long>()] };

        GraphValue result = graph.Add(loop, [graph.Array([1L, 2L]), graph.Array([3L, 4L])], Bits((long)count));

        Assert.That(graph.Run<long>(result), Is.EqualTo(count % 2 == 0 ? new[] { 1L, 2L } : [3L, 4L]));
    }

    [Test]
    public void Repeat_WithTheStepInADomain_SolvesATriangle()
    {
        // At step t: x[i] += x[t] for i in t+1 .. n: then x[i] counts paths, 2^(i-1).
        KernelUse use = Use("""
            kernel rank 1 (%0; %1: i64) reads (a0: i64[]) {
              %2 = load.i64 a0[%0]
              %3 = load.i64 a0[%1]
              %4 = add.i64 %2, %3
              return %4
            }
            """, [0], [new KernelArgument(ArgumentKind.Input, 1)]);
        var domain = new IterationDomain([new AxisRange(new LinearBound(1, [new BoundTerm(1, 1)]), 9)]);
        var map = new MapOperation([new MapPiece(domain, use)], [0], []) { Outputs = [TypeOf<long>(9)] };
        var body = new Region([TypeOf<long>(9), TypeOf<long>()], [new GraphNode(map, [GraphValue.Parameter(0), GraphValue.Parameter(1)], [])], [new GraphValue(0, 0)]);
        var graph = new GraphMaker();
        GraphValue start = graph.Array([1L, 0, 0, 0, 0, 0, 0, 0, 0]);

        long[] result = graph.Run<long>(graph.Add(new LoopOperation(body, 1, false, 1) { Outputs = [TypeOf<long>(9), TypeOf<long>()] }, [start], Bits(9L)));

        Assert.That(result, Is.EqualTo(new long[] { 1, 1, 2, 4, 8, 16, 32, 64, 128 }));
    }

    [TestCase(1, 100, 30L, 3)]
    [TestCase(2, 100, 60L, 4)]
    [TestCase(5, 100, 100L, 5)]
    [TestCase(7, 3, 30L, 3)]
    public void RepeatUntil_StopsAtATestedStep(long every, long limit, long expected, int steps)
    {
        var graph = new GraphMaker();

        GraphValue result = graph.Add(Until(every), [graph.Array([0L, 0L])], Bits(limit), Bits(10L));

        Storage[] results = graph.Run([result, result with { Output = 1 }]);
        Assert.That((Read<long>(results[0])[0], Read<long>(results[1])[0]), Is.EqualTo((expected, (long)steps)));
    }

    [TestCase(2, "2 steps")]
    [TestCase(1, "1 step")]
    [TestCase(0, "0 steps")]
    public void RepeatUntil_AtItsLimit_SaysSo(long limit, string steps)
    {
        var graph = new GraphMaker();
        GraphValue result = graph.Add(Until(1), [graph.Array([0L, 0L])], Bits(limit), Bits(10L));

        AvialException exception = Assert.Throws<AvialException>(() => graph.Run([result]))!;

        Assert.That(exception.Message, Is.EqualTo($"AVL0410: The condition of 'n0' was still false after {steps}, its limit. "
            + "Raise limit:, or loosen the condition (a tolerance below the rounding error of the state is never reached).\n  at Program.cs:10"));
    }

    [Test]
    public void Trap_InALoop_IsThatOfTheFirstStepThatTraps()
    {
        // x[i] → 12 / (2 - step): the third step divides by zero.
        KernelUse use = Use("""
            kernel rank 1 (%0; %1: i64) {
              %2 = const.i64 12
              %3 = const.i64 2
              %4 = sub.i64 %3, %1
              %5 = div.i64 %2, %4
              return %5
            }
            """, [], [new KernelArgument(ArgumentKind.Input, 0)]);
        var body = new Region([TypeOf<long>(2), TypeOf<long>()],
            [new GraphNode(Map(TypeOf<long>(2), Domain((0, 2)), use), [GraphValue.Parameter(1)], []) { Order = 3 }], [new GraphValue(0, 0)]);
        var graph = new GraphMaker();

        Trap trap = graph.TrapOf(graph.Add(new LoopOperation(body, 1, false, 1) { Outputs = [TypeOf<long>(2), TypeOf<long>()] }, [graph.Array([0L, 0L])], Bits(9L)));

        Assert.That((trap.Site.Kind, trap.Order, trap.LinearIndex), Is.EqualTo((TrapKind.DivideByZero, 3, 0L)));
    }

    private static Region Counting() => new([TypeOf<long>(2), TypeOf<long>()],
        [new GraphNode(Map(TypeOf<long>(2), Domain((0, 2)), s_step), [GraphValue.Parameter(0), GraphValue.Parameter(1)], [1])], [new GraphValue(0, 0)]);

    // The same, until x[0] > 20.
    private static LoopOperation Until(long every)
    {
        KernelUse condition = Use("kernel rank 0 () reads (a0: i64[]) { %0 = const.i64 0\n %1 = load.i64 a0[%0]\n %2 = const.i64 20\n %3 = gt.i64 %1, %2\n return %3 }");
        Region counting = Counting();
        var test = new GraphNode(Map(TypeOf<bool>(), IterationDomain.Scalar, condition), [new GraphValue(0, 0)], []);
        Region body = counting with { Nodes = counting.Nodes.Add(test), Results = [new GraphValue(0, 0), new GraphValue(1, 0)] };
        return new LoopOperation(body, 1, true, every) { Outputs = [TypeOf<long>(2), TypeOf<long>()] };
    }
}
