using Avial.Diagnostics;
using Avial.Execution;

namespace Avial.Tests.Execution;

public sealed class WorkerPoolTests
{
    private static readonly int[] s_threads = [1, 2, 3, 4, 7, 8];

    [Test]
    public void Run_OfAnyNumberOfParts_DoesEachPartOnce([ValueSource(nameof(s_threads))] int threads)
    {
        using var pool = new WorkerPool(threads);

        for (int round = 0; round < 50; round++)
        {
            foreach (int parts in new[] { 0, 1, 2, 3, 7, 64, 257 })
            {
                int[] done = new int[parts];
                pool.Run(parts, part => Interlocked.Increment(ref done[part]));
                Assert.That(done, Is.All.EqualTo(1), $"{parts} parts");
            }
        }
    }

    [Test]
    public void Run_WhenPartsWaitForEachOther_RunsThemOnDifferentThreads()
    {
        using var pool = new WorkerPool(4);
        using var barrier = new Barrier(4);
        var threads = new int[4];

        pool.Run(4, part =>
        {
            threads[part] = Environment.CurrentManagedThreadId;
            barrier.SignalAndWait();
        });

        Assert.That(threads, Is.Unique);
    }

    [Test]
    public void Run_WhileTheWorkersAreBusy_IsDoneByItsCaller()
    {
        using var pool = new WorkerPool(3);
        using var entered = new CountdownEvent(3);
        using var release = new ManualResetEventSlim();
        var holder = new Thread(() => pool.Run(3, _ =>
        {
            entered.Signal();
            release.Wait();
        }));
        holder.Start();
        entered.Wait();

        int done = 0;
        pool.Run(100, _ => Interlocked.Increment(ref done));

        Assert.That(done, Is.EqualTo(100));
        release.Set();
        holder.Join();
    }

    [Test]
    public void Run_InsideAPart_IsDoneByThatThread([ValueSource(nameof(s_threads))] int threads)
    {
        using var pool = new WorkerPool(threads);
        int done = 0;
        int strangers = 0;

        pool.Run(16, _ =>
        {
            int self = Environment.CurrentManagedThreadId;
            pool.Run(8, _ =>
            {
                Interlocked.Increment(ref done);
                Interlocked.Add(ref strangers, Environment.CurrentManagedThreadId == self ? 0 : 1);
            });
        });

        Assert.That(done, Is.EqualTo(16 * 8));
        Assert.That(strangers, Is.Zero);
    }

    [Test]
    public void Run_FromSeveralThreadsAtOnce_DoesAllParts([ValueSource(nameof(s_threads))] int threads)
    {
        using var pool = new WorkerPool(threads);
        int done = 0;

        Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                pool.Run(9, _ => Interlocked.Increment(ref done));
            }
        }))];
        Array.ForEach(callers, c => c.Start());
        Array.ForEach(callers, c => c.Join());

        Assert.That(done, Is.EqualTo(4 * 200 * 9));
    }

    [Test]
    public void Run_WhenPartsThrow_ThrowsTheLowestPartsException([ValueSource(nameof(s_threads))] int threads)
    {
        using var pool = new WorkerPool(threads);

        for (int round = 0; round < 20; round++)
        {
            Assert.That(() => pool.Run(40, part =>
            {
                if (part is 5 or 17 or 38)
                {
                    throw new InvalidOperationException($"part {part}");
                }
            }), Throws.InvalidOperationException.With.Message.EqualTo("part 5"));
        }
        int done = 0;
        pool.Run(10, _ => Interlocked.Increment(ref done));
        Assert.That(done, Is.EqualTo(10), "the pool works on");
    }

    [Test]
    public void Run_WhenCancelledInAPart_StartsNoFurtherParts([ValueSource(nameof(s_threads))] int threads)
    {
        using var pool = new WorkerPool(threads);
        using var source = new CancellationTokenSource();
        int done = 0;

        Assert.That(() => pool.Run(1000, _ =>
        {
            Interlocked.Increment(ref done);
            source.Cancel();
        }, source.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(done, Is.InRange(1, threads), "each thread had started at most one part");
        Assert.That(() => pool.Run(3, _ => { }), Throws.Nothing);
    }

    [Test]
    public void Run_Repeated_AllocatesNothing()
    {
        using var pool = new WorkerPool(2);
        var work = new CountingWork();
        pool.Run(8, work);

        long allocated = SteadyState.AllocatedBy(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                pool.Run(8, work);
            }
        });

        Assert.That(allocated, Is.Zero);
        Assert.That(work.Count, Is.EqualTo((1 + SteadyState.Windows * 100) * 8));
    }

    [TestCase(null, null)]
    [TestCase(" ", null)]
    [TestCase("1", 1)]
    [TestCase("64", 64)]
    public void ThreadCount_OfASetting_IsItsNumber(string? setting, int? expected) =>
        Assert.That(ThreadCount.Parse(setting), Is.EqualTo(expected));

    [TestCase("0")]
    [TestCase("-3")]
    [TestCase("1025")]
    [TestCase("many")]
    public void ThreadCount_OfAWrongSetting_SaysWhatIsRight(string setting) =>
        Assert.That(() => ThreadCount.Parse(setting), Throws.InstanceOf<AvialException>().With.Message.EqualTo(
            $"AVL0651: AVIAL_THREADS is '{setting}'; it must be a number of threads from 1 to 1024. Correct it, or unset it to use every processor."));

    private sealed class CountingWork : ParallelWork
    {
        private int _count;

        public int Count => _count;

        public override void RunPart(int part) => Interlocked.Increment(ref _count);
    }
}
