using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>When things are computed, and how often.</summary>
public sealed class EvaluationTests
{
    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void SharedParts_OfSeveralResults_RunOnce(EngineCase engine)
    {
        using Session session = engine.Open();
        int runs = 0;
        Array1D<double> shared = Task.On(Cpu).Call(Output.Of<double>(4), r =>
        {
            runs++;
            r.Fill(3);
        });
        Array1D<double> a = shared + 1;
        Array1D<double> b = shared * 2;
        Scalar<double> c = shared.Reduce(Reduction.Sum);

        Compute.Evaluate(a, b, c);

        Assert.That(runs, Is.EqualTo(1));
        Assert.That((a[0], b[0], c.Value), Is.EqualTo((4.0, 6.0, 12.0)));
        Assert.That(runs, Is.EqualTo(1));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Intermediate_ReadAgain_IsComputedTwiceAtMost(EngineCase engine)
    {
        using Session session = engine.Open();
        int runs = 0;
        Array1D<double> hidden = Task.On(Cpu).Call(Output.Of<double>(4), r =>
        {
            runs++;
            r.Fill(3);
        });

        Assert.That((hidden + 1)[0], Is.EqualTo(4.0));
        Assert.That((hidden + 2)[0], Is.EqualTo(5.0));
        Assert.That((hidden + 3)[0], Is.EqualTo(6.0));
        Assert.That(hidden[0], Is.EqualTo(3.0));
        Assert.That(runs, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async System.Threading.Tasks.Task Await_OfArraysAndScalars_Evaluates()
    {
        Array1D<int> a = Task.On(Auto).Run(5, i => (int)i * 2);
        Scalar<int> s = a.Reduce(Reduction.Sum);

        Array1D<int> same = await a;

        Assert.That(same, Is.SameAs(a));
        Assert.That(a.Producer.IsEvaluated, Is.True);
        Assert.That(await s, Is.EqualTo(20));
    }

    [Test]
    public void Disposed_ReadAgain_IsRefused()
    {
        Array1D<int> a = Task.On(Auto).Named("field").Run(5, i => (int)i);
        Assert.That(a[4], Is.EqualTo(4));
        a.Dispose();
        Array1D<int> later = a + 1;

        Assert.That(() => a[4], Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0402: 'field' was disposed and is read again\. Dispose is optional: leave it out, or dispose after the last use\.\n  at EvaluationTests\.cs:\d+: i => \(int\)i$"));
        Assert.That(() => later.ToArray(), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0402"));
        Assert.That(a.ToString(), Is.EqualTo("field: i32[5] (disposed)"));
    }

    [Test]
    public void Disposed_WhatWasComputedFromIt_Stays()
    {
        Array1D<int> a = Task.On(Auto).Run(5, i => (int)i);
        Array1D<int> b = a.Reversed();
        Array1D<int> c = a.Reshape(5);
        Compute.Evaluate(a, b, c);
        a.Dispose();

        Assert.That(b.ToArray(), Is.EqualTo((int[])[4, 3, 2, 1, 0]));
        Assert.That(c.ToArray(), Is.EqualTo((int[])[0, 1, 2, 3, 4]));
    }

    [TestCase(Engine.Managed)]
    [TestCase(Engine.LoopsInterpreter)]
    public void Progress_OfALoop_RisesToOne(Engine engine)
    {
        using Session session = Session.Create(o => o with { Engine = engine });
        var seen = new List<double>();
        Array1D<double> x = Task.Repeat(50, Array1D.Fill(4, 1.0), s => Task.On(Cpu).Run(4, i => s[i] * 0.5));

        Compute.EvaluateAsync([x], new Listener(seen.Add)).AsTask().GetAwaiter().GetResult();

        Assert.That(seen, Is.Ordered);
        Assert.That(seen, Has.Count.GreaterThan(10));
        Assert.That(seen[^1], Is.EqualTo(1.0));
    }

    [Test]
    public void Progress_OfTheInterpreter_EndsAtOne()
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Interpreter });
        var seen = new List<double>();
        Array1D<double> x = Task.On(Cpu).Run(4, i => i * 0.5);

        Compute.EvaluateAsync([x], new Listener(seen.Add)).AsTask().GetAwaiter().GetResult();

        Assert.That(seen, Is.Ordered);
        Assert.That(seen, Is.Not.Empty);
        Assert.That(seen[^1], Is.EqualTo(1.0));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Cancellation_InTheMiddleOfALoop_StopsIt(EngineCase engine)
    {
        using Session session = engine.Open();
        using var source = new CancellationTokenSource();
        int steps = 0;
        Array1D<double> x = Task.Repeat(1_000_000, Array1D.Fill(4, 1.0), s => Task.On(Cpu).Call(s, Output.Of<double>(4), (a, r) =>
        {
            if (++steps == 3)
            {
                source.Cancel();
            }
            a.CopyTo(r);
        }));

        Assert.That(() => Compute.EvaluateAsync([x], null, source.Token).AsTask().GetAwaiter().GetResult(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(steps, Is.EqualTo(3));
        Assert.That(x.Producer.IsEvaluated, Is.False);
    }

    [Test]
    public void Cancellation_FromProgress_StopsALoopAndTheSessionGoesOn()
    {
        using var source = new CancellationTokenSource();
        double last = 0;
        Array1D<double> x = Task.Repeat(1_000_000, Array1D.Fill(4, 1.0), s => Task.On(Cpu).Run(4, i => s[i] + 1));

        Assert.That(() => Compute.EvaluateAsync([x], new Listener(done =>
        {
            last = done;
            if (done > 0.6)
            {
                source.Cancel();
            }
        }), source.Token).AsTask().GetAwaiter().GetResult(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(last, Is.InRange(0.6, 0.7)); // the fill is half of the two tasks
        Assert.That((Array1D.Fill(4, 1.0) + 1)[0], Is.EqualTo(2.0));
    }

    [Test]
    public void Cancelled_BeforeItStarts_ComputesNothing()
    {
        Array1D<int> a = Task.On(Auto).Run(5, i => (int)i);

        Assert.That(() => a.Save("never.npy", new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(a.Producer.IsEvaluated, Is.False);
        Assert.That(File.Exists("never.npy"), Is.False);
    }

    [Test]
    public void TwoThreads_AtOnce_BothGetTheirValues()
    {
        Array1D<double> shared = Task.On(Cpu).Run(1000, i => Math.Sqrt(i));
        using var start = new Barrier(4);
        var results = new double[4];
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            double sum = 0;
            for (int repeat = 0; repeat < 20; repeat++)
            {
                int k = repeat;
                sum += Task.On(Cpu).Reduce(1000, i => shared[i] * k, Reduction.Sum).Value;
            }
            results[t] = sum;
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        Assert.That(results, Is.All.EqualTo(results[0]));
        Assert.That(results[0], Is.EqualTo(190 * Enumerable.Range(0, 1000).Sum(i => Math.Sqrt(i))).Within(1e-6));
    }

    [Test]
    public void Profile_AfterARun_NamesTasksWithRunsAndBytes()
    {
        using Session session = Session.Create(o => o with { Profile = true });
        Array1D<double> x = Array1D.Fill(1000, 1.0);
        Compute.Evaluate(x);
        Array1D<double> y = Task.Repeat(5, x, s => Task.On(Cpu).Named("halve").Run(1000, i => 0.5 * s[i]));

        Compute.Evaluate(y);

        TaskProfile halve = session.LastProfile.Tasks.Single(t => t.Task == "halve");
        Assert.That((halve.Runs, halve.Bytes), Is.EqualTo((5L, 16000L)));
        Assert.That(session.LastProfile.PeakBytes, Is.GreaterThanOrEqualTo(16000));
        Assert.That(session.LastProfile.ToString(), Does.Contain("halve").And.Contain("peak"));
    }

    private sealed class Listener(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }

    [Test]
    public void CurrentSession_WhenDisposedInAnyOrderOrInsideAFlow_IsOneThatLives()
    {
        Session before = Session.Current;
        Session outer = Session.Create(o => o with { Threads = 1 });
        Session inner = Session.Create(o => o with { Threads = 2 });
        var isDisposed = new ManualResetEventSlim();
        Task<Session> seen = Task.Run(() =>
        {
            isDisposed.Wait();
            return Session.Current;
        });
        outer.Dispose();
        Assert.That(Session.Current, Is.SameAs(inner));
        inner.Dispose();
        Assert.That(Session.Current, Is.SameAs(before));
        isDisposed.Set();
        Assert.That(seen.Result, Is.SameAs(before));
    }
}
