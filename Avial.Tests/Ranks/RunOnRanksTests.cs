using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Programs that every rank runs for itself: they agree, and they end alike.</summary>
public sealed class RunOnRanksTests
{
    [Test]
    public void Program_OnAnyNumberOfRanks_GivesAllRanksTheSame([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count, [Values(1, 2, 3)] int seed)
    {
        var sums = new double[count];
        var seen = new (int Rank, int Ranks, bool IsRoot, bool IsCurrent)[count];
        Session.RunOnRanks(count, session =>
        {
            var disturbance = new Disturbance(seed, session.Rank);
            double sum = 0;
            for (int step = 0; step < 6; step++)
            {
                int k = step;
                disturbance.Strike();
                Array1D<double> x = Task.On(Cpu).Named("x").Run(100 + k % 3, i => Math.Sqrt(i * k));
                disturbance.Strike();
                Array1D<double> y = Task.Repeat(3, x, s => Task.On(Cpu).Run(100 + k % 3, i => s.Wrap[i + 1] * 0.5));
                disturbance.Strike();
                session.OnRoot(disturbance.Strike);
                sum += y.Reduce(Reduction.Sum).Value + x[k];
            }
            sums[session.Rank] = sum;
            seen[session.Rank] = (session.Rank, session.Ranks, session.IsRoot, Session.Current == session);
        }, o => o with { Threads = 4 });

        Assert.That(sums, Is.All.EqualTo(sums[0]));
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, count).Select(r => (r, count, r == 0, true))));
    }

    [Test]
    public void WriteLine_OnRanks_WritesOnce()
    {
        TextWriter before = Console.Out;
        var written = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(written));
        try
        {
            Session.RunOnRanks(4, session => session.WriteLine($"sum {Task.On(Cpu).Reduce(10, i => i, Reduction.Sum).Value}"));
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.That(written.ToString(), Is.EqualTo($"sum 45{Environment.NewLine}"));
    }

    [Test]
    public void Threads_AreSharedOut([Values(1, 2, 3, 8)] int count)
    {
        var threads = new int[count];
        Session.RunOnRanks(count, session =>
        {
            using Session inner = Session.Create(o => o with { Engine = Engine.Interpreter });
            Assert.That((inner.Rank, inner.Ranks, inner.Options.Ranks), Is.EqualTo((session.Rank, count, count)));
            Assert.That(Task.On(Cpu).Reduce(4, i => i, Reduction.Sum).Value, Is.EqualTo(6));
            threads[session.Rank] = session.Options.Threads;
        }, o => o with { Threads = 6 });

        Assert.That(threads, Is.All.EqualTo(Math.Max(1, 6 / count)));
        Assert.That(Session.Current.Rank, Is.Zero);
    }

    [Test]
    public void LastProfile_OnRanks_HasTheTasksOfTheRank([Values(1, 3)] int count, [Values] bool isOnce)
    {
        var tasks = new string[count];
        if (isOnce)
        {
            using Session session = Session.Create(o => o with { Ranks = count, Profile = true });
            Array.Fill(tasks, Profiled(session));
        }
        else
        {
            Session.RunOnRanks(count, session =>
            {
                tasks[session.Rank] = Profiled(session);
            }, o => o with { Profile = true });
        }

        Assert.That(tasks, Is.All.EqualTo("step"));
    }

    private static string Profiled(Session session)
    {
        Array1D<double> x = Task.Repeat(4, Array1D.Fill(900, 1.0), s => Task.On(Cpu).Named("step").Run(900, i => s.Wrap[i + 1] + 1));
        Compute.Evaluate(x);
        return string.Join(", ", session.LastProfile.Tasks.Where(t => t is { Task: "step", Runs: 4 }).Select(t => t.Task));
    }

    [Test]
    public void TwoPrograms_AtOnce_DoNotMeet()
    {
        var results = new long[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(p => new Thread(() => Session.RunOnRanks(3, session =>
        {
            var disturbance = new Disturbance(p, session.Rank);
            long sum = 0;
            for (int step = 0; step < 20; step++)
            {
                long k = p + step;
                disturbance.Strike();
                sum += Task.On(Cpu).Reduce(10, i => i * k, Reduction.Sum).Value;
            }
            results[p] = sum;
        })))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.That(results, Is.EqualTo((long[])[45 * 190, 45 * 210]));
    }

    [Test]
    public void AsyncProgram_ThatAwaits_EvaluatesInOrder([Values(1, 3)] int count)
    {
        var results = new double[count];
        Session.RunOnRanks(count, async session =>
        {
            Array1D<double> x = await Task.On(Cpu).Run(10, i => i * 0.5);
            await System.Threading.Tasks.Task.Yield();
            results[session.Rank] = await x.Reduce(Reduction.Sum) + x[2];
        });

        Assert.That(results, Is.All.EqualTo(23.5));
    }

    [Test]
    public void Trap_ThatIsCaughtOnEveryRank_IsTheSameAndTheProgramGoesOn([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count)
    {
        var messages = new string[count];
        Session.RunOnRanks(count, session =>
        {
            var disturbance = new Disturbance(7, session.Rank);
            Array1D<int> d = [3, 1, 0];
            for (int i = 0; i < 5; i++)
            {
                disturbance.Strike();
                Array1D<int> q = Task.On(Cpu).Named("quotient").Run(3, i => 10 / d[i]);
                messages[session.Rank] = Assert.Throws<AvialException>(() => q.ToArray())!.Message;
                Assert.That(Task.On(Cpu).Reduce(10, i => i, Reduction.Sum).Value, Is.EqualTo(45));
            }
        }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(5) });

        Assert.That(messages, Is.All.EqualTo(messages[0]));
        Assert.That(messages[0], Does.StartWith("AVL0420: Integer division by zero in 'quotient' at [2]."));
    }

    [Test]
    public void Call_ThatThrows_EndsTheEvaluationOnAllRanksWithItsMessage([Values(2, 3, 8)] int count, [Values(1, 2)] int seed)
    {
        var messages = new string[count];
        Session.RunOnRanks(count, session =>
        {
            var disturbance = new Disturbance(seed, session.Rank);
            for (int i = 0; i < 5; i++)
            {
                Array1D<int> x = Failing(disturbance);
                AvialException thrown = Assert.Throws<AvialException>(() => x.ToArray())!;
                messages[session.Rank] = thrown.Message;
                Assert.That(thrown.InnerException, Is.TypeOf<InvalidOperationException>());
                Assert.That(Task.On(Cpu).Reduce(10, i => i, Reduction.Sum).Value, Is.EqualTo(45));
            }
        });

        Assert.That(messages, Is.All.EqualTo(messages[0]));
        Assert.That(messages[0], Does.StartWith("AVL0405: The code called by 'call' threw InvalidOperationException: boom\n  at RunOnRanksTests.cs:"));
    }

    [Test]
    public void Call_ThatThrows_EndsTheProgramWithOneException()
    {
        AvialException thrown = Assert.Throws<AvialException>(() => Session.RunOnRanks(4, session => Failing(null).ToArray()))!;

        Assert.That(thrown.Message, Does.StartWith("AVL0405: The code called by 'call' threw InvalidOperationException: boom"));
        Assert.That(thrown.InnerException, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void Call_ThatThrowsWhileOthersComputeForLong_StopsThem()
    {
        AvialException thrown = Assert.Throws<AvialException>(() => Session.RunOnRanks(3, session =>
        {
            Array1D<int> x = Failing(null);
            Array1D<int> y = Task.Repeat(1_000_000_000, x, s => Task.On(Cpu).Run(4, i => s[i] + 1));
            y.ToArray();
        }))!;

        Assert.That(thrown.Message, Does.StartWith("AVL0405: The code called by 'call' threw InvalidOperationException: boom"));
    }

    // Code of the user's runs on one rank; the others compute, or wait for it.
    private static Array1D<int> Failing(Disturbance? disturbance) => Task.On(Cpu).Named("call").Call(Output.Of<int>(4), r =>
    {
        disturbance?.Strike();
        r[0] = 1;
        throw new InvalidOperationException("boom");
    });

    [Test]
    public void Cancellation_OfRank0_CancelsAll([Values(1, 2, 4)] int count, [Values] bool isBefore)
    {
        var thrown = new bool[count];
        Session.RunOnRanks(count, session =>
        {
            using var source = new CancellationTokenSource();
            bool isRoot = session.IsRoot;
            int steps = 0;
            if (isBefore && isRoot)
            {
                source.Cancel();
            }
            Array1D<int> x = Task.Repeat(1_000_000, Array1D.Fill(4, 1), s => Task.On(Cpu).Call(s, Output.Of<int>(4), (a, r) =>
            {
                if (++steps == 3 && isRoot)
                {
                    source.Cancel();
                }
                a.CopyTo(r);
            }));
            Assert.That(() => Compute.EvaluateAsync([x], null, source.Token).AsTask().GetAwaiter().GetResult(), Throws.InstanceOf<OperationCanceledException>());
            thrown[session.Rank] = true;
            Assert.That(Task.On(Cpu).Reduce(10, i => i, Reduction.Sum).Value, Is.EqualTo(45));
        });

        Assert.That(thrown, Is.All.True);
    }

    [Test]
    public void Cancellation_ThatNobodyCatches_IsThrownOnce() =>
        Assert.That(() => Session.RunOnRanks(3, _ => throw new OperationCanceledException("enough")), Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void ArraysFromOutside_AreReadOnEveryRank([Values] bool isEvaluated)
    {
        Array1D<double> outside = Task.On(Cpu).Named("outside").Run(10, i => i * 2.0);
        if (isEvaluated)
        {
            Compute.Evaluate(outside);
        }
        var sums = new double[4];
        Session.RunOnRanks(4, session =>
        {
            for (int i = 0; i < 5; i++)
            {
                sums[session.Rank] += (outside + 1).Reduce(Reduction.Sum).Value;
            }
        });

        Assert.That(sums, Is.All.EqualTo(500));
    }
}
