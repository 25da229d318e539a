using Avial.Backends;

namespace Avial.Execution.Ranks;

/// <summary>Runs a program once per rank, each on a thread of its own, and ends all of them alike.</summary>
internal static class RankProgram
{
    /// <param name="ranks">How many.</param>
    /// <param name="watchdog">The longest wait for another rank.</param>
    /// <param name="program">The program of a rank; it ends the rank's program by <see cref="RankContext.End"/>.</param>
    public static void Run(int ranks, TimeSpan watchdog, Action<RankContext> program)
    {
        using var group = new InProcessGroup(ranks, new InProcessOptions { Watchdog = watchdog });
        var contexts = new RankContext[ranks];
        var threads = new Thread[ranks];
        for (int r = 0; r < ranks; r++)
        {
            RankContext context = contexts[r] = new RankContext(group[r]);
            threads[r] = new Thread(() => RunRank(context, program)) { Name = $"Avial {context.Rank}", IsBackground = true };
        }
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        if (group.Final is { } reason)
        {
            throw LowestOf(reason, contexts).ToException();
        }
    }

    private static void RunRank(RankContext context, Action<RankContext> program)
    {
        try
        {
            program(context);
        }
        catch (Exception exception)
        {
            context.Fail(exception);
        }
        finally
        {
            context.Communicator.Note(new RankDoing(RankActivity.Ended, default));
        }
    }

    /// <summary>
    /// When several ranks threw the same by themselves, which one was first depends on the scheduling: the lowest is named. What an evaluation ended with is known best, with
    /// the exception itself, to the rank that threw.
    /// </summary>
    private static Interruption LowestOf(Interruption reason, RankContext[] contexts)
    {
        foreach (RankContext context in contexts)
        {
            if (context.OwnFailure is { Cause: { } cause } own && reason.Cause is { } first && cause.GetType() == first.GetType() && cause.Message == first.Message)
            {
                return own;
            }
        }
        return reason.Cause is null ? Array.Find(contexts, c => c.LastReason is { Cause: not null } last && last.Message == reason.Message)?.LastReason ?? reason : reason;
    }
}
