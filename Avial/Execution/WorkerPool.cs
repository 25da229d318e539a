using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Avial.Execution;

/// <summary>
/// Persistent threads that share the parts of one run with the thread that calls it. Each thread starts with its own stretch of the parts and
/// then takes what others have left. A run waits only for threads that have taken part in it, never for one that is slow to wake, and
/// allocates nothing.
/// </summary>
/// <remarks>
/// Runs may come from several threads and from inside parts: while the workers are busy with one run, another one is done by its caller alone.
/// When parts throw, parts after the lowest that has thrown are not started; the exception of the lowest is thrown to the caller.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    // A worker looks for the next run this often before it sleeps; more only burns its time slice when cores are shared.
    private const int SpinsBeforeSleep = 2000;
    private const int Closed = int.MinValue;

    private readonly Worker[] _workers;
    private readonly Share[] _shares;
    private readonly Lock _failureLock = new();

    private int _isBusy;
    private int _epoch;
    private volatile bool _isDisposed;

    // The number of workers inside the run, and whether more may enter.
    private int _gate = Closed;

    private ParallelWork? _work;
    private CancellationToken _cancellation;
    private int _failedPart;
    private ExceptionDispatchInfo? _failure;

    /// <summary>A pool of this many threads, the caller of a run among them.</summary>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _shares = new Share[threads];
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Worker(this, i + 1);
        }
    }

    /// <summary>The process's pool: <c>AVIAL_THREADS</c> threads, else one for each processor this process may use.</summary>
    public static WorkerPool Shared => SharedPool.Instance;

    /// <summary>How many threads work on a run, the caller among them.</summary>
    public int Threads => _shares.Length;

    /// <summary>Runs parts 0 … <paramref name="parts"/> - 1 and returns when all are done.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before all parts had started.</exception>
    public void Run(int parts, ParallelWork work, CancellationToken cancellation = default)
    {
        if (parts <= 1 || Threads == 1 || Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
        {
            RunInline(parts, work, cancellation);
            return;
        }
        ExceptionDispatchInfo? failure;
        try
        {
            Open(parts, work, cancellation);
            RunParts(0);
            Close();
        }
        finally
        {
            failure = _failure;
            _failure = null;
            _work = null;
            _cancellation = default;
            Volatile.Write(ref _isBusy, 0);
        }
        failure?.Throw();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Runs parts 0 … <paramref name="parts"/> - 1 and returns when all are done.</summary>
    public void Run(int parts, Action<int> body, CancellationToken cancellation = default) => Run(parts, new ActionWork(body), cancellation);

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (Worker worker in _workers)
        {
            worker.Wake();
        }
        foreach (Worker worker in _workers)
        {
            worker.Dispose();
        }
    }

    private static void RunInline(int parts, ParallelWork work, CancellationToken cancellation)
    {
        for (int part = 0; part < parts; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            work.RunPart(part);
        }
    }

    private void Open(int parts, ParallelWork work, CancellationToken cancellation)
    {
        _work = work;
        _cancellation = cancellation;
        _failedPart = int.MaxValue;
        int threads = Threads;
        for (int thread = 0; thread < threads; thread++)
        {
            _shares[thread].Next = (int)((long)parts * thread / threads);
            _shares[thread].End = (int)((long)parts * (thread + 1) / threads);
        }
        Volatile.Write(ref _gate, 0);
        Interlocked.Increment(ref _epoch);
        for (int i = 0; i < Math.Min(_workers.Length, parts - 1); i++)
        {
            _workers[i].Wake();
        }
    }

    // No worker enters any more; those inside finish the parts they have taken.
    private void Close()
    {
        Interlocked.Or(ref _gate, Closed);
        var wait = new SpinWait();
        while (Volatile.Read(ref _gate) != Closed)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private bool TryEnter()
    {
        int gate = Volatile.Read(ref _gate);
        while ((gate & Closed) == 0)
        {
            int seen = Interlocked.CompareExchange(ref _gate, gate + 1, gate);
            if (seen == gate)
            {
                return true;
            }
            gate = seen;
        }
        return false;
    }

    private void Leave() => Interlocked.Decrement(ref _gate);

    private void RunParts(int thread)
    {
        int threads = Threads;
        for (int i = 0; i < threads; i++)
        {
            int from = thread + i < threads ? thread + i : thread + i - threads;
            ref Share share = ref _shares[from];
            while (Volatile.Read(ref share.Next) < share.End)
            {
                int part = Interlocked.Increment(ref share.Next) - 1;
                if (part >= share.End)
                {
                    break;
                }
                if (_cancellation.IsCancellationRequested)
                {
                    return;
                }
                if (part < Volatile.Read(ref _failedPart))
                {
                    RunPart(part);
                }
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Rethrown to the caller of the run.")]
    private void RunPart(int part)
    {
        try
        {
            _work!.RunPart(part);
        }
        catch (Exception exception)
        {
            lock (_failureLock)
            {
                if (part < _failedPart)
                {
                    Volatile.Write(ref _failedPart, part);
                    _failure = ExceptionDispatchInfo.Capture(exception);
                }
            }
        }
    }

    private static class SharedPool
    {
        public static readonly WorkerPool Instance = new(ThreadCount.OfProcess());
    }

    private sealed class ActionWork(Action<int> body) : ParallelWork
    {
        public override void RunPart(int part) => body(part);
    }

    // The parts that one thread starts with; on cache lines of its own.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        [System.Runtime.InteropServices.FieldOffset(0)]
        public int Next;

        [System.Runtime.InteropServices.FieldOffset(4)]
        public int End;
    }

    private sealed class Worker : IDisposable
    {
        private readonly WorkerPool _pool;
        private readonly int _number;
        private readonly Thread _thread;
        private readonly SemaphoreSlim _signal = new(0);
        private int _isAsleep;

        public Worker(WorkerPool pool, int number)
        {
            _pool = pool;
            _number = number;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"Avial worker {number}" };
            _thread.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0)
            {
                _signal.Release();
            }
        }

        /// <summary>Waits until the thread has ended.</summary>
        public void Dispose()
        {
            _thread.Join();
            _signal.Dispose();
        }

        private void Loop()
        {
            int seen = 0;
            while (true)
            {
                seen = AwaitRun(seen);
                if (_pool._isDisposed)
                {
                    return;
                }
                if (_pool.TryEnter())
                {
                    _pool.RunParts(_number);
                    _pool.Leave();
                }
            }
        }

        private int AwaitRun(int seen)
        {
            for (int spin = 0; spin < SpinsBeforeSleep; spin++)
            {
                int epoch = Volatile.Read(ref _pool._epoch);
                if (epoch != seen || _pool._isDisposed)
                {
                    return epoch;
                }
                Thread.SpinWait(1);
            }
            // Asleep first, then a last look: the caller of a run does it the other way round.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (Volatile.Read(ref _pool._epoch) == seen && !_pool._isDisposed)
            {
                _signal.Wait();
            }
            else if (Interlocked.Exchange(ref _isAsleep, 0) == 0)
            {
                _signal.Wait();
            }
            return Volatile.Read(ref _pool._epoch);
        }
    }
}
