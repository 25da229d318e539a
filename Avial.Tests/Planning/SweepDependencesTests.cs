using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class SweepDependencesTests
{
    private const long N = 6;

    private static SweepDependences Of(KernelMaker maker, Value value, bool reversedRows = false, bool reversedColumns = false)
    {
        IterationDomain domain = maker.Indices.Length == 1 ? new([new AxisRange(0, N, reversedRows)])
            : new([new AxisRange(1, N - 1, reversedRows), new AxisRange(1, N - 1, reversedColumns)]);
        return SweepDependences.Of(maker.Query(maker.Build(value), domain));
    }

    private static SweepDependences OfOffsets(BorderKind border, bool reversedRows, bool reversedColumns, params (int I, int J)[] offsets)
    {
        var maker = new KernelMaker(2);
        int self = maker.Operand(N, N);
        Value sum = maker.Body.Constant(ScalarType.F32, 0);
        foreach ((int i, int j) in offsets)
        {
            sum = maker.Body.Binary(BinaryOp.Add, sum, maker.Load(maker.Body, self, border, [], true, maker.I + i, maker.J + j));
        }
        return Of(maker, sum, reversedRows, reversedColumns);
    }

    [Test]
    public void Of_GaussSeidel_RunsAlongDiagonals()
    {
        SweepDependences found = OfOffsets(BorderKind.None, false, false, (-1, 0), (0, -1), (1, 0), (0, 1));
        Assert.That(found.Theta, Is.EqualTo(new[] { 1, 1 }));
        Assert.That(found.Dependences.Select(d => d.ToString()), Is.EqualTo(new[] { "flow (1, 0)", "flow (0, 1)", "anti (1, 0)", "anti (0, 1)" }));
    }

    [Test]
    public void Of_NinePoints_SkewsTheRows()
    {
        SweepDependences found = OfOffsets(BorderKind.None, false, false, (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1));
        Assert.That(found.Theta, Is.EqualTo(new[] { 2, 1 }));
    }

    [Test]
    public void Of_ReversedAxis_CountsInItsDirection()
    {
        Assert.That(OfOffsets(BorderKind.None, true, false, (-1, 0)).Dependences.Single().Kind, Is.EqualTo(DependenceKind.Anti));
        Assert.That(OfOffsets(BorderKind.None, true, false, (1, 0)).Dependences.Single().Kind, Is.EqualTo(DependenceKind.Flow));
    }

    [Test]
    public void Of_OwnPlace_IsIndependent()
    {
        SweepDependences found = OfOffsets(BorderKind.None, false, false, (0, 0));
        Assert.That(found.Dependences, Is.Empty);
        Assert.That(found.Theta, Is.EqualTo(new[] { 0, 0 }));
    }

    [Test]
    public void Of_RowsAboveOnly_LeavesColumnsIndependent()
    {
        Assert.That(OfOffsets(BorderKind.None, false, false, (-1, 0), (-1, 1), (-1, -1)).Theta, Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public void Of_TriangularSolve_IsAChain()
    {
        // x[i] = Sum(0, i, k => x[k])
        var maker = new KernelMaker(1);
        int self = maker.Operand([N]);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (b, k) => maker.Load(b, self, KernelMaker.At(k)));
        SweepDependences found = Of(maker, sum);
        Assert.That(found.Dependences.Single().ToString(), Is.EqualTo("flow (1..5)"));
        Assert.That(found.Theta, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Of_Wrap_IsNotAnalysed()
    {
        SweepDependences found = OfOffsets(BorderKind.Wrap, false, false, (-1, 0));
        Assert.That(found.Theta, Is.Null);
        Assert.That(found.Reason, Is.EqualTo("a read of the swept array wraps around"));
    }

    [Test]
    public void Of_Indirect_HasNoSchedule()
    {
        var maker = new KernelMaker(2);
        int self = maker.Operand(N, N);
        int data = maker.Operand(ScalarType.I64, N);
        Value place = maker.Load(maker.Body, data, maker.I);
        SweepDependences found = Of(maker, maker.Load(maker.Body, self, KernelMaker.At(place), KernelMaker.At(place)));
        Assert.That(found.Theta, Is.Null);
        Assert.That(found.Reason, Does.StartWith("no schedule with weights up to 4 orders flow (1..∞, -∞..∞), anti (1..∞, -∞..∞)"));
    }

    [Test]
    public void Of_RandomOffsets_SchedulesEveryPair()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        int scheduled = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            bool isClamp = random.Next(3) == 0;
            bool down = random.Next(2) == 0;
            bool left = random.Next(2) == 0;
            (int I, int J)[] offsets = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (random.Next(-1, 2), random.Next(-2, 3)))];
            SweepDependences found = OfOffsets(isClamp ? BorderKind.Clamp : BorderKind.Or, down, left, offsets);
            if (found.Theta is not { } theta)
            {
                continue;
            }
            scheduled++;
            string about = $"seed {Seed}, trial {trial}: {string.Join(" ", offsets)}, {(isClamp ? "clamp" : "or")}, {down}, {left}: {string.Join(",", theta)}";
            for (int i = 1; i < N - 1; i++)
            {
                for (int j = 1; j < N - 1; j++)
                {
                    foreach ((int di, int dj) in offsets)
                    {
                        (int ri, int rj) = isClamp ? (Math.Clamp(i + di, 0, (int)N - 1), Math.Clamp(j + dj, 0, (int)N - 1)) : (i + di, j + dj);
                        if (ri < 1 || ri >= N - 1 || rj < 1 || rj >= N - 1)
                        {
                            continue;
                        }
                        (int a, int b) = ((down ? -1 : 1) * (ri - i), (left ? -1 : 1) * (rj - j));
                        int order = a != 0 ? a : b;
                        Assert.That(Math.Sign(theta[0] * a + theta[1] * b), Is.EqualTo(Math.Sign(order)), about);
                    }
                }
            }
        }
        Assert.That(scheduled, Is.GreaterThan(150));
    }
}
