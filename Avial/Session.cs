using Avial.Diagnostics;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Graph;
using Avial.Planning.Machine;

namespace Avial;

/// <summary>
/// Where programs run: options, worker threads, plans kept for reuse. There is always a current one; a program that needs no options never mentions it.
/// </summary>
public sealed partial class Session : IDisposable
{
    private static readonly Lazy<Session> s_default = new(() => new Session(Checked(new SessionOptions()), null, null));
    private static readonly AsyncLocal<Session?> s_current = new();

    private readonly Session? _previous;
    private readonly List<Node> _effects = [];
    private MachineModel? _machine;
    private MeasuredMachine? _agreed;
    private bool _isDisposed;

    private Session(SessionOptions options, Session? previous, RankContext? ranks)
    {
        Options = options;
        _previous = previous;
        if (options.MachineFile is not null)
        {
            // A wrong file is refused here, not at the first plan.
            _machine = MachineChoice.For(options, options.PlannedRanks);
        }
        Runner = new SessionRunner(options, ranks, () => Machine);
    }

    /// <summary>The session of this async flow: the innermost that was created and not disposed, else the process's default one.</summary>
    public static Session Current => Innermost ?? s_default.Value;

    /// <summary>This rank among those that record for themselves; null where the program's code runs once. Makes no session.</summary>
    internal static RankContext? CurrentRanks => Innermost?.Runner.Ranks;

    private static Session? Innermost
    {
        get
        {
            // A flow that was started inside a session may outlive it, and sessions may be disposed in any order.
            Session? session = s_current.Value;
            while (session is { _isDisposed: true })
            {
                session = session._previous;
            }
            return session;
        }
    }

    /// <summary>The options it was made with.</summary>
    public SessionOptions Options { get; }

    /// <summary>The number of this rank among those that run the program's code; 0 when the code runs once, however many ranks compute.</summary>
    public int Rank => Runner.Ranks?.Rank.Value ?? 0;

    /// <summary>How many ranks compute; in a dry run, how many it plans for.</summary>
    public int Ranks => Options.PlannedRanks;

    /// <summary>True on the rank that prints.</summary>
    public bool IsRoot => Rank == 0;

    /// <summary>What the last evaluation did: each task's time and bytes, on several ranks those of this one, or of the first where the program's code runs once. Empty before the
    /// first and without <see cref="SessionOptions.Profile"/>.</summary>
    public Profile LastProfile => Runner.LastProfile;

    internal SessionRunner Runner { get; }

    /// <summary>The machine that plans are made for; measured at the first use where that is needed.</summary>
    internal MachineModel Machine
    {
        get
        {
            if (Runner.Ranks is not { } ranks)
            {
                return _machine ??= MachineChoice.For(Options, Ranks);
            }
            if (ranks.Machine != _agreed)
            {
                (_agreed, _machine) = (ranks.Machine, null);
            }
            // Before the ranks have agreed, a rank can only say what it would measure itself.
            return _machine ??= MachineChoice.For(Options, Ranks, () => _agreed ?? ranks.Measure(Options));
        }
    }

    /// <summary>A session with other options, current for this async flow until it is disposed.</summary>
    public static Session Create(Func<SessionOptions, SessionOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // A rank's further sessions are its own too: all ranks make them.
        RankContext? ranks = Current.Runner.Ranks;
        var defaults = new SessionOptions();
        SessionOptions chosen = Checked(options(ranks is null ? defaults : defaults.ShareOf(ranks.Ranks)));
        var session = new Session(ranks is null ? chosen : chosen with { Ranks = ranks.Ranks }, s_current.Value, ranks);
        s_current.Value = session;
        return session;
    }

    /// <summary>Writes a line to the console, once on any number of ranks.</summary>
    public void WriteLine(string text)
    {
        if (IsRoot)
        {
            Console.WriteLine(text);
        }
    }

    /// <summary>Runs host code on the root rank only. Evaluating an array inside is refused: the other ranks would not take part.</summary>
    public void OnRoot(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (!IsRoot)
        {
            return;
        }
        using IDisposable guard = Runner.RefuseEvaluation();
        action();
    }

    /// <summary>Ends the session: its threads stop, the one before is current again. Arrays keep their values.</summary>
    public void Dispose()
    {
        if (_isDisposed || this == s_default.Value)
        {
            return;
        }
        _isDisposed = true;
        Runner.Dispose();
        if (s_current.Value == this)
        {
            s_current.Value = _previous;
        }
    }

    private static SessionOptions Checked(SessionOptions options)
    {
        if (options.Threads < 1)
        {
            throw Throw.WrongThreads(options.Threads);
        }
        if (options.MemoryPerRank < 1)
        {
            throw Throw.WrongMemoryPerRank(options.MemoryPerRank.Value);
        }
        if (options.Ranks is < 1 or > RankCount.Most)
        {
            throw Throw.WrongRanks(options.Ranks, RankCount.Most);
        }
        if (options.DryRunRanks is < 1 or > DryRunCount.Most)
        {
            throw Throw.WrongDryRunRanks(options.DryRunRanks.Value, DryRunCount.Most);
        }
        if (!WatchdogTime.IsPossible(options.WatchdogTimeout))
        {
            throw Throw.WrongWatchdog(options.WatchdogTimeout);
        }
        return options;
    }

    internal void AddEffect(Node call)
    {
        lock (_effects)
        {
            _effects.Add(call);
        }
    }

    /// <summary>Effects recorded and not yet run; the caller runs them.</summary>
    internal Node[] TakeEffects()
    {
        lock (_effects)
        {
            Node[] taken = [.. _effects.Where(e => !e.IsMaterialised(0))];
            _effects.Clear();
            return taken;
        }
    }
}
