using Avial.Geometry;

namespace Avial.Execution;

/// <summary>The thread of one rank, which is started once and sleeps between evaluations.</summary>
internal sealed class RankThread : IDisposable
{
    private readonly Thread _thread;
    private readonly SemaphoreSlim _begin = new(0);
    private readonly SemaphoreSlim _end = new(0);
    private Action? _work;
    private ExecutionContext? _context;

    public RankThread(RankId rank)
    {
        _thread = new Thread(Loop) { Name = $"Avial {rank}", IsBackground = true };
        _thread.UnsafeStart();
    }

    /// <summary>Starts work that throws nothing, in the context of the calling thread.</summary>
    public void Begin(Action work)
    {
        (_work, _context) = (work, ExecutionContext.Capture());
        _begin.Release();
    }

    /// <summary>Returns when the work is done.</summary>
    public void Await() => _end.Wait();

    /// <summary>Ends the thread, which does nothing.</summary>
    public void Dispose()
    {
        _work = null;
        _begin.Release();
        _thread.Join();
        _begin.Dispose();
        _end.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _begin.Wait();
            if (_work is not { } work)
            {
                return;
            }
            if (_context is { } context)
            {
                ExecutionContext.Run(context, static run => ((Action)run!)(), work);
            }
            else
            {
                work();
            }
            (_work, _context) = (null, null);
            _end.Release();
        }
    }
}
