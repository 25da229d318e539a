using Avial.Diagnostics;
using Avial.Execution.Ranks;

namespace Avial;

/// <content>A program that runs on several ranks.</content>
public sealed partial class Session
{
    /// <summary>
    /// Runs a program once per rank, as a launcher of processes would, on threads of this process: each rank has a session of its own (with its <see cref="Rank"/>), which is
    /// the current one there, and records for itself. Evaluations are collective: all ranks must evaluate the same, in the same order. Returns when all ranks have ended. What one rank throws
    /// ends them all, and is thrown from here once, as an <see cref="AvialException"/> that names the rank. Arrays that were recorded outside may be used: each rank evaluates its part of
    /// them. Arrays that ranks have evaluated stay in the program: what is to outlive it is taken out by <c>ToArray</c>, <c>Value</c> or <c>Save</c>.
    /// </summary>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="program">The program, called once per rank at the same time: what it shares with the others it must lock.</param>
    /// <param name="options">The options of all sessions; the threads are shared out among the ranks.</param>
    public static void RunOnRanks(int ranks, Action<Session> program, Func<SessionOptions, SessionOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        Session outer = Current;
        if (outer.Runner.Ranks is not null)
        {
            throw Throw.RanksInsideRanks();
        }
        SessionOptions chosen = Checked((options?.Invoke(new SessionOptions()) ?? new SessionOptions()) with { Ranks = ranks });
        SessionOptions ofOne = chosen.ShareOf(ranks);
        RankProgram.Run(ranks, chosen.WatchdogTimeout, context =>
        {
            using var session = new Session(ofOne, outer, context);
            s_current.Value = session;
            program(session);
            context.End(ofOne);
        });
    }

    /// <summary>The same for a program that awaits.</summary>
    public static void RunOnRanks(int ranks, Func<Session, System.Threading.Tasks.Task> program, Func<SessionOptions, SessionOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        RunOnRanks(ranks, session => program(session).GetAwaiter().GetResult(), options);
    }
}
