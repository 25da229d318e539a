using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Programs;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

/// <summary>Which messages plans have, exactly: from whom to whom, how many bytes. What nobody reads is not sent, nothing is sent twice, and one message a peer carries all.</summary>
internal sealed class CommunicationTests
{
    private static readonly IDistributionChooser s_shapes = new ShapeChooser();
    private static readonly IDistributionChooser s_rows = new AxisChooser(axis: 0, seed: 1);

    private readonly record struct Cell(double Height, float Speed, int Kind);

    [Test]
    public void NinePointStencil_OnThreeByThree_SendsFacesAndCorners()
    {
        const int N = 30;
        Array2D<double> end = Task.Repeat(10, Array2D.From(new double[N, N]), a => Task.On(Cpu).Run(a.Interior(1), (i, j) =>
            Sum(-1, 2, k => Sum(-1, 2, l => a[i + k, j + l]))).Over(a));

        Planned planned = Planned.Of(s_shapes, 9, end);

        // Face points of the own part that the neighbour's interior reads, and one corner each.
        Assert.That(Messages(planned, 4), Is.EqualTo(new[] { "0: 8 B", "1: 80 B", "2: 8 B", "3: 80 B", "5: 80 B", "6: 8 B", "7: 80 B", "8: 8 B" }));
        Assert.That(Messages(planned, 0), Is.EqualTo(new[] { "1: 80 B", "3: 80 B", "4: 8 B" }));
    }

    [Test]
    public void PeriodicStencil_SendsAroundTheRing()
    {
        Array1D<double> end = Task.Repeat(10, Array1D.From(new double[40]), a => Task.On(Cpu).Run(40, i => a.Wrap[i - 1] + a.Wrap[i + 2]));

        Planned planned = Planned.Of(s_shapes, 4, end);

        Assert.That(Messages(planned, 0), Is.EqualTo(new[] { "1: 8 B", "3: 16 B" }));
        Assert.That(Messages(planned, 3), Is.EqualTo(new[] { "0: 8 B", "2: 16 B" }));
    }

    [Test]
    public void Halo_WiderThanANeighboursPart_ComesFromAllWhoHaveIt()
    {
        Array1D<double> end = Task.Repeat(10, Array1D.From(new double[12]), a => Task.On(Cpu).Run(12, i => a.Clamp[i - 5] + a[i]));

        Planned planned = Planned.Of(s_shapes, 4, end);

        // Parts of three: rank 1 reads element 0 alone, rank 2 elements 1 to 3, rank 3 elements 4 to 6.
        Assert.That(Messages(planned, 0), Is.EqualTo(new[] { "1: 8 B", "2: 16 B" }));
        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "2: 8 B", "3: 16 B" }));
        Assert.That(Messages(planned, 2), Is.EqualTo(new[] { "3: 8 B" }));
        Assert.That(Messages(planned, 3), Is.Empty);
    }

    [Test]
    public void TwoFields_TravelInOneMessageAPeer()
    {
        var start = (Array1D.From(new double[40]), Array1D.From(new float[40]));
        var (u, v) = Task.Repeat(10, start, (state, t) =>
        {
            var (a, b) = state;
            return (Task.On(Cpu).Run(40, i => a.Clamp[i - 1] + b.Clamp[i - 1] + a.Clamp[i + 1]), Task.On(Cpu).Run(40, i => b.Clamp[i - 1] + (float)a.Clamp[i + 1]));
        });

        Planned planned = Planned.Of(s_shapes, 4, u, v);

        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "0: 8 B", "2: 12 B" }));
    }

    [Test]
    public void Halo_ReadByTwoTasks_IsSentOnce()
    {
        Array1D<double> x = Task.On(Cpu).Run(40, i => (double)(i * i));
        Array1D<double> left = Task.On(Cpu).Run(40, i => x.Clamp[i - 1] + 1);
        Array1D<double> again = Task.On(Cpu).Run(40, i => x.Clamp[i - 1] * left[i]);

        Planned planned = Planned.Of(s_shapes, 4, x, left, again);

        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "2: 8 B" }));
        Assert.That(Messages(planned, 3), Is.Empty);
    }

    [Test]
    public void FieldsOfAStruct_ThatNobodyReadsThere_StayWhereTheyAre()
    {
        Array1D<Cell> x = Task.On(Cpu).Run(40, i => new Cell(i, 2, (int)i));
        Array1D<double> y = Task.On(Cpu).Run(40, i => x[i].Height + x.Clamp[i - 1].Speed);

        Planned planned = Planned.Of(s_shapes, 4, x, y);

        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "2: 4 B" }));
    }

    [Test]
    public void WhatALoopOnlyReads_IsBroughtBeforeIt()
    {
        Array1D<double> weights = Task.On(Cpu).Run(40, i => 1.0 / (i + 1));
        Array1D<double> end = Task.Repeat(10, Array1D.From(new double[40]), a => Task.On(Cpu).Run(40, i => weights.Clamp[i - 1] * a[i]));

        Planned planned = Planned.Of(s_shapes, 4, weights, end);

        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "2: 8 B" }));
        Assert.That(planned.Ranks[1].Body.Steps.OfType<SendStep>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Halo_ThatNoStepChanges_IsNotSentAgain()
    {
        // b's neighbours are read after the loop has read them, and nothing wrote b between.
        Array1D<double> b = Task.On(Cpu).Run(40, i => (double)i);
        Array1D<double> c = Task.On(Cpu).Run(40, i => b.Clamp[i + 1] - b[i]);
        Array1D<double> end = Task.Repeat(10, c, a => Task.On(Cpu).Run(40, i => a[i] * b.Clamp[i + 1]));

        Planned planned = Planned.Of(s_shapes, 4, b, c, end);

        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "0: 8 B" }));
    }

    [Test]
    public void RowsToColumns_IsOneMessageAPair()
    {
        const int N = 40;
        Array2D<double> x = Task.On(Cpu).Run((N, N), (i, j) => (double)(i * j));
        Array2D<double> turned = Task.On(Cpu).Run((N, N), (i, j) => x[j, i] + 1);

        Planned planned = Planned.Of(s_rows, 4, x, turned);

        Assert.That(Messages(planned, 2), Is.EqualTo(new[] { "0: 800 B", "1: 800 B", "3: 800 B" }));
    }

    [Test]
    public void RowThatAllRead_IsHandedOnInRounds()
    {
        const int N = 40;
        Array2D<double> end = Task.Repeat(N, Array2D.From(new double[N, N]), (a, t) => Task.On(Cpu).Run((N, N), (i, j) => Math.Min(a[i, j], a[i, t] + a[t, j])));

        Planned planned = Planned.Of(s_rows, 4, end);

        // Step 0: row 0 is rank 0's.
        Assert.That(Messages(planned, 0), Is.EqualTo(new[] { "2: 320 B", "3: 320 B" }));
        Assert.That(Messages(planned, 1), Is.Empty);
        Assert.That(Messages(planned, 3), Is.EqualTo(new[] { "1: 320 B" }));
    }

    [Test]
    public void SliceOfEverySecondElement_SendsOnlyThoseThatMove()
    {
        Array1D<double> x = Task.On(Cpu).Run(80, i => (double)i);
        Array1D<double> y = Task.On(Cpu).Run(40, i => x[2 * i]);

        Planned planned = Planned.Of(s_shapes, 4, x, y);

        // Rank 0 computes y[0..10) of x[0, 2 … 18]; rank 1 needs x[20 … 38], all its own half; and so on: at most the hull of what is read moves.
        long[] sent = [.. Enumerable.Range(0, 4).Select(r => Total(planned, r))];
        Assert.That(sent.Sum(), Is.LessThanOrEqualTo(40 * 8));
    }

    [Test]
    public void DotProduct_IsOneReductionWithoutMessages()
    {
        Array1D<double> x = Task.On(Cpu).Run(40_000, i => (double)i);
        Array1D<double> y = Task.On(Cpu).Run(40_000, i => 2.0 * i);
        Scalar<double> dot = Task.On(Cpu).Reduce(40_000, i => x[i] * y[i], Reduction.Sum);

        Planned planned = Planned.Of(s_shapes, 4, dot);

        Assert.That(Enumerable.Range(0, 4).Sum(r => Total(planned, r)), Is.Zero);
        Assert.That(planned.Steps<CombineStep>(3).Select(s => s.IsLocal), Is.EqualTo(new[] { false }));
    }

    [Test]
    public void ConvergenceTest_IsAReductionInsideTheLoop()
    {
        (Array1D<double> A, Scalar<double> Change) start = (Array1D.From(new double[40_960]), Scalar.Of(1.0));
        var (end, _) = Task.RepeatUntil(start, state =>
        {
            var old = state.A;
            var next = Task.On(Cpu).Run(old.Interior(1), i => 0.5 * (old[i - 1] + old[i + 1])).Over(old);
            return (next, Task.On(Cpu).Reduce(40_960, i => Math.Abs(next[i] - old[i]), Reduction.Max));
        }, until: state => state.Change < 1e-6, limit: 100);

        Planned planned = Planned.Of(s_shapes, 4, end);

        LoopStep loop = planned.Ranks[1].Body.Steps.OfType<LoopStep>().Single();
        Assert.That(loop.Bodies.IsMoving, Is.False);
        Assert.That(loop.Bodies.At(0).Steps.OfType<CombineStep>().Select(s => s.IsLocal), Is.EqualTo(new[] { false }));
        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "0: 8 B", "2: 8 B" }));
    }

    [Test]
    public void MatrixTimesVector_GathersTheVectorAlone()
    {
        const int N = 40;
        Array2D<double> a = Task.On(Cpu).Run((N, N), (i, j) => (double)(i + j));
        Array1D<double> end = Task.Repeat(10, Array1D.From(new double[N]), x => Task.On(Cpu).Run(N, i => Sum(0, N, j => a[i, j] * x[j])));

        Planned planned = Planned.Of(s_rows, 4, end);

        Assert.That(Messages(planned, 1), Is.EqualTo(new[] { "0: 80 B", "3: 160 B" }));
    }

    /// <summary>The messages that a rank sends, in the program and in one step of each of its loops, by peer.</summary>
    private static string[] Messages(Planned planned, int rank) =>
        [.. Sends(planned, rank).OrderBy(s => s.Send.To.Value).Select(s => $"{s.Send.To.Value}: {Bytes(s)} B")];

    private static long Total(Planned planned, int rank) => Sends(planned, rank).Sum(Bytes);

    private static long Bytes((SendStep Send, RankBody Body) sent) => sent.Send.Pieces.Sum(p => p.BytesOf(sent.Body.Buffers[p.Buffer].Type));

    private static IEnumerable<(SendStep Send, RankBody Body)> Sends(Planned planned, int rank) => Sends(planned.Ranks[rank].Body);

    private static IEnumerable<(SendStep Send, RankBody Body)> Sends(RankBody body) =>
        body.Steps.SelectMany(s => s is LoopStep loop ? Sends(loop.Bodies.At(0)) : s is SendStep send ? [(send, body)] : []);
}
