using Avial.Execution;
using static Avial.Targets;

namespace Avial.Tests.BadInput;

/// <summary>Programs of unreasonable size: long chains, wide graphs, many arrays; the memory they take.</summary>
[NonParallelizable]
public sealed class ScaleTests
{
    private const int Long = 100_000;

    [Test]
    public void Chain_OfAHundredThousandOperators_Runs()
    {
        Array1D<float> x = Array1D.Fill(8, 0f);
        for (int i = 0; i < Long; i++)
        {
            x = x + 1f;
        }
        Assert.That(x.ToArray(), Is.All.EqualTo((float)Long));
    }

    [Test]
    public void Chain_OfAHundredThousandBodies_Runs()
    {
        Array1D<double> x = Array1D.Fill(8, 0.0);
        for (int i = 0; i < Long; i++)
        {
            Array1D<double> before = x;
            double step = i % 7;
            x = Task.On(Auto).Run(8, k => before[7 - k] + step);
        }
        double sum = Enumerable.Range(0, Long).Sum(i => (double)(i % 7));
        Assert.That(x.ToArray(), Is.All.EqualTo(sum));
    }

    [Test]
    public void Chain_InTheInterpreter_Runs()
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Interpreter });
        Array1D<float> x = Array1D.Fill(2, 0f);
        for (int i = 0; i < Long; i++)
        {
            x = x + 1f;
        }
        Assert.That(x.ToArray(), Is.All.EqualTo((float)Long));
    }

    [Test]
    public void Chain_Explained_FitsATerminal()
    {
        Array1D<float> x = Array1D.Fill(8, 0f);
        for (int i = 0; i < 10_000; i++)
        {
            x = x + 1f;
        }
        Assert.That(Plan.For(x).Explain().Split('\n'), Has.Length.LessThanOrEqualTo(110));
    }

    [Test]
    public void Graph_WithTenThousandInputs_Runs()
    {
        var inputs = Enumerable.Range(0, 10_000).Select(i => Array1D.From((double[])[i, 1])).ToArray();
        Array1D<double>[] level = inputs;
        while (level.Length > 1)
        {
            level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
        }
        Assert.That(level[0].ToArray(), Is.EqualTo((double[])[9999 * 10_000 / 2, 10_000]));

        Compute.Evaluate([.. inputs.Select(i => (IComputed)(i * 2.0))]);
    }

    [Test]
    public void AMillionArrays_MadeAndDropped_StayWithinABoundedFootprint()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long nativeBefore = Allocator.Shared.LiveBytes;
        long managedBefore = GC.GetTotalMemory(forceFullCollection: true);
        Allocator.Shared.ResetPeak();
        for (int i = 0; i < 1_000_000; i++)
        {
            _ = Array1D.From((double[])[i, 1, 2, 3]);
        }
        Assert.That(Allocator.Shared.PeakBytes - nativeBefore, Is.LessThan(1L << 30));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - managedBefore, Is.LessThan(16L << 20));
        Assert.That(Allocator.Shared.LiveBytes - nativeBefore, Is.LessThan(1L << 20));
    }

    [Test]
    public void ArraysOfAMegabyte_MadeAndDropped_StayWithinABoundedFootprint()
    {
        long before = Allocator.Shared.LiveBytes;
        Allocator.Shared.ResetPeak();
        for (int i = 0; i < 5_000; i++)
        {
            _ = Array1D.From(new byte[1 << 20]); // 5 GB in all
        }
        Assert.That(Allocator.Shared.PeakBytes - before, Is.LessThan(3L << 30));
    }

    [Test]
    public void Evaluations_InAForLoop_DoNotPileUp()
    {
        Array1D<double> x = Array1D.Fill(1000, 1.0);
        Compute.Evaluate(x);
        long before = Allocator.Shared.LiveBytes;
        for (int i = 0; i < 5_000; i++)
        {
            Array1D<double> old = x;
            double step = i;
            x = Task.On(Cpu).Run(1000, k => 0.5 * old[k] + step);
            Compute.Evaluate(x);
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(Allocator.Shared.LiveBytes - before, Is.LessThan(1L << 20));
        Assert.That(x[0], Is.EqualTo(2 * 4_999 - 2.0).Within(1e-6));
    }

    [Test]
    public void Jacobi_OfTwoArrays_TakesTwoArrays()
    {
        const int n = 1024;
        Array2D<double> start = Task.On(Cpu).Run((n, n), (i, j) => (double)((i * j) % 3));
        long before = Allocator.Shared.LiveBytes;
        Allocator.Shared.ResetPeak();
        Array2D<double> end = Task.Repeat(20, start, s => Task.On(Cpu).Run(s.Interior(1), (i, j) =>
            0.25 * (s[i - 1, j] + s[i + 1, j] + s[i, j - 1] + s[i, j + 1])).Over(s));
        Compute.Evaluate(end);

        Assert.That(Allocator.Shared.PeakBytes - before, Is.LessThanOrEqualTo((long)(2 * n * n * sizeof(double) * 1.01)));
    }
}
