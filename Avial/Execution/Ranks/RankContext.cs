using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Machine;

namespace Avial.Execution.Ranks;

/// <summary>
/// One rank of a program that every rank runs for itself: what its sessions share. Opens and closes evaluations together with the other ranks.
/// </summary>
internal sealed class RankContext(ICommunicator communicator)
{
    private static readonly byte[] s_goOn = [0];
    private static readonly byte[] s_cancelled = [1];

    private readonly TaskHashes _hashes = new();
    private string? _running;
    private long _sequence;
    private Exception? _thrown;
    private Interruption? _reason;

    public ICommunicator Communicator => communicator;

    public RankId Rank => communicator.Rank;

    public int Ranks => communicator.Ranks;

    /// <summary>The machine that all ranks plan for, as rank 0 measured it; null before an evaluation that plans for a measured one.</summary>
    public MeasuredMachine? Machine { get; private set; }

    /// <summary>How this rank measures its machine.</summary>
    public Func<SessionOptions, MeasuredMachine> Measure { get; set; } = MeasuredMachine.Here;

    /// <summary>What ended this rank's program, where it was its own doing and not that of an evaluation.</summary>
    public Interruption? OwnFailure { get; private set; }

    /// <summary>What ended its last evaluation that did not succeed.</summary>
    public Interruption? LastReason => _reason;

    /// <summary>Marks an evaluation as running until <see cref="Leave"/>; a second one at the same time ends all ranks.</summary>
    public void Enter(string name, SourceSpan span)
    {
        if (Interlocked.CompareExchange(ref _running, name, null) is { } running)
        {
            var reason = Interruption.Of(Rank, Throw.TwoEvaluationsAtOnce(Rank, name, running, span));
            communicator.Abort(reason);
            throw Remembered(reason);
        }
    }

    public void Leave() => Volatile.Write(ref _running, null);

    /// <summary>Runs an evaluation once all ranks have agreed that it is the same, and ends it on all ranks alike.</summary>
    /// <param name="work">What it is.</param>
    /// <param name="options">The session's.</param>
    /// <param name="run">This rank's work. It ends early when its token is cancelled, or the evaluation is interrupted.</param>
    /// <param name="cancellation">Rank 0's counts.</param>
    public T Evaluate<T>(JointWork work, SessionOptions options, Func<CancellationToken, T> run, CancellationToken cancellation)
    {
        WaitSite site = work.Site;
        Interruption? own = null;
        Interruption? heard;
        try
        {
            if (IsCancelledAtOpening(work, options, cancellation))
            {
                throw Remembered(Cancelled());
            }
            T result = Compute(site, run, ref own, cancellation);
            communicator.Test(default); // throws when the evaluation was interrupted, on a single rank too
            Collectives.Barrier(communicator, site);
            communicator.Note(new RankDoing(RankActivity.HostCode, site));
            return result;
        }
        catch (AgreedInterruptionException agreed)
        {
            throw Remembered(agreed.Reason);
        }
        catch (InterruptedEvaluationException interrupted)
        {
            heard = interrupted.Reason;
            if (interrupted.IsFinal)
            {
                throw Remembered(heard);
            }
        }
        throw Remembered(Recover(own, heard, site));
    }

    /// <summary>The end of this rank's program: that of all ranks, or an error on those that go on.</summary>
    public void End(SessionOptions options)
    {
        var site = new WaitSite("end of the program", SourceSpan.None);
        var empty = new BuiltRegion(new Region([], [], []), [], [], []);
        try
        {
            Open(new JointWork(EvaluationKind.EndOfProgram, empty, site, ""), options, () => false);
        }
        catch (InterruptedEvaluationException interrupted)
        {
            throw Remembered(interrupted.Reason);
        }
    }

    /// <summary>Ends all ranks because this one's program threw.</summary>
    public void Fail(Exception exception)
    {
        if (!ReferenceEquals(exception, _thrown))
        {
            OwnFailure = OfProgram(exception);
        }
        communicator.Abort(OwnFailure ?? _reason!);
    }

    /// <summary>
    /// The handshake. Ranks that know its verdict may have failed already before others hear it: then all agree, and these go on to leave the evaluation where the first ones do.
    /// </summary>
    private bool IsCancelledAtOpening(JointWork work, SessionOptions options, CancellationToken cancellation)
    {
        try
        {
            return Open(work, options, () => cancellation.IsCancellationRequested);
        }
        catch (InterruptedEvaluationException interrupted) when (!interrupted.IsFinal)
        {
            return false;
        }
    }

    /// <summary>The handshake; true when rank 0 has cancelled.</summary>
    private bool Open(JointWork work, SessionOptions options, Func<bool> isCancelled)
    {
        (EvaluationKind kind, BuiltRegion built, WaitSite site, _) = work;
        (ulong structure, ulong[] tasks) = _hashes.Of(built.Region);
        var scalars = new StableHash();
        foreach (ulong scalar in built.Scalars)
        {
            scalars.Add(scalar);
        }
        work.AddTo(ref scalars);
        string optionText = $"Engine = {options.Engine}";
        var optionHash = new StableHash();
        optionHash.Add(optionText);
        var descriptor = new EvaluationDescriptor(_sequence++, kind, structure, scalars.Value, optionHash.Value);
        Interruption? difference = Handshake.Open(communicator, descriptor, () => EvaluationDetail.Of(work, optionText, tasks),
            () => Decide(kind, options, isCancelled()), site, out byte[] decision);
        if (difference is not null)
        {
            communicator.Abort(difference);
            throw Remembered(difference);
        }
        if (decision.Length > 1)
        {
            Machine = MemoryMarshal.Read<MeasuredMachine>(decision.AsSpan(1));
        }
        return decision[0] != 0;
    }

    // Rank 0's: whether it has cancelled and, once, what it measured.
    private byte[] Decide(EvaluationKind kind, SessionOptions options, bool isCancelled)
    {
        byte[] goesOn = isCancelled ? s_cancelled : s_goOn;
        if (isCancelled || kind == EvaluationKind.EndOfProgram || Machine is not null || Ranks == 1 || !MachineChoice.IsMeasured(options))
        {
            return goesOn;
        }
        MeasuredMachine measured = Measure(options);
        return [.. goesOn, .. MemoryMarshal.AsBytes(new ReadOnlySpan<MeasuredMachine>(in measured))];
    }

    private T Compute<T>(in WaitSite site, Func<CancellationToken, T> run, ref Interruption? own, CancellationToken cancellation)
    {
        communicator.Note(new RankDoing(RankActivity.Computing, site));
        try
        {
            return run(Rank.Value == 0 ? cancellation : CancellationToken.None);
        }
        catch (OperationCanceledException) when (communicator.Interrupted.IsCancellationRequested)
        {
            return default!; // another rank's doing: what follows throws its reason
        }
        catch (Exception exception) when (exception is not (InterruptedEvaluationException or AgreedInterruptionException))
        {
            own = OfEvaluation(exception);
            communicator.Interrupt(own);
            return default!; // likewise
        }
    }

    private Interruption Recover(Interruption? own, Interruption heard, in WaitSite site)
    {
        try
        {
            communicator.Recover(site);
            return InterruptionBytes.Agree(communicator, own, heard, site);
        }
        catch (InterruptedEvaluationException interrupted)
        {
            // All ranks ended meanwhile, perhaps with just this: another rank may be further in the same evaluation.
            Interruption reason = interrupted.Reason;
            return own is not null && own.Rank == reason.Rank && own.Message == reason.Message ? own : reason;
        }
    }

    private Interruption Cancelled() => new(Rank, InterruptionKind.Cancelled, "", "The evaluation was cancelled.", SourceSpan.None);

    private Interruption OfEvaluation(Exception exception) => exception switch
    {
        AvialException error when Ranks == 1 || Throw.IsSameOnAllRanks(error) => Interruption.Of(Rank, error),
        AvialException error => Interruption.Of(Rank, Throw.OnRank(Rank, error, error.InnerException)),
        OperationCanceledException => Cancelled() with { Cause = exception },
        InternalErrorException error => Interruption.OfBug(Rank, error.Text),
        _ => Interruption.Of(Rank, Throw.RankThrew(Rank, exception)),
    };

    private Interruption OfProgram(Exception exception) => exception switch
    {
        AvialException error => Interruption.Of(Rank, Ranks == 1 ? new AvialException(error.Id, error.Text, error.Place, error) : Throw.OnRank(Rank, error, error)),
        OperationCanceledException => Cancelled() with { Cause = exception },
        InternalErrorException error => Interruption.OfBug(Rank, error.Text),
        _ => Interruption.Of(Rank, Throw.RankThrew(Rank, exception)),
    };

    private Exception Remembered(Interruption reason)
    {
        _reason = reason;
        return _thrown = reason.ToException();
    }
}
