using System.Runtime.ExceptionServices;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution.Ranks;

namespace Avial.Tests.Ranks;

/// <summary>Runs code once per rank, each on a thread of its own, and waits for all.</summary>
internal static class RankThreads
{
    public static readonly int[] Counts = [1, 2, 3, 4, 7, 8];

    public static WaitSite Here { get; } = new("test", SourceSpan.None);

    /// <summary>Throws what the lowest throwing rank threw.</summary>
    public static void Run(int ranks, InProcessOptions options, Action<InProcessCommunicator> body)
    {
        Exception? first = Array.Find(Thrown(ranks, options, body), e => e is not null);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    public static void Run(int ranks, Action<InProcessCommunicator> body) => Run(ranks, new InProcessOptions(), body);

    /// <summary>What each rank threw, or null. A rank that throws something of its own aborts the others.</summary>
    public static Exception?[] Thrown(int ranks, InProcessOptions options, Action<InProcessCommunicator> body)
    {
        using var group = new InProcessGroup(ranks, options);
        var thrown = new Exception?[ranks];
        var threads = new Thread[ranks];
        for (int r = 0; r < ranks; r++)
        {
            InProcessCommunicator communicator = group[r];
            threads[r] = new Thread(() =>
            {
                try
                {
                    body(communicator);
                }
                catch (Exception exception)
                {
                    thrown[communicator.Rank.Value] = exception;
                    if (exception is not (InterruptedEvaluationException or InternalErrorException))
                    {
                        communicator.Abort(Interruption.OfBug(communicator.Rank, $"The test failed on {communicator.Rank}: {exception}"));
                    }
                }
            });
            threads[r].Start();
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        return thrown;
    }
}
