using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;

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
    /// <param name="built">The recorded region.</param>
    /// <param name="name">The name of what is evaluated.</param>
    /// <param name="span">Where that was recorded.</param>
    /// <param name="options">The session's.</param>
    /// <param name="run">This rank's work; to end early when its token is cancelled.</param>
    /// <param name="cancellation">Rank 0's counts.</param>
    public PlacedArray[] Evaluate(BuiltRegion built, string name, SourceSpan span, SessionOptions options, Func<CancellationToken, PlacedArray[]> run, CancellationToken cancellation)
    {
        var site = new WaitSite(name, span);
        Interruption? own = null;
        Interruption? heard;
        try
        {
            if (Open(EvaluationKind.Evaluate, built, options, site, () => cancellation.IsCancellationRequested))
            {
                throw Remembered(Cancelled());
            }
            PlacedArray[] results = Compute(site, run, ref own, cancellation);
            communicator.Test(default); // throws when the evaluation was interrupted, on a single rank too
            Collectives.Barrier(communicator, site);
            communicator.Note(RankActivity.HostCode, site);
            return results;
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
            Open(EvaluationKind.EndOfProgram, empty, options, site, () => false);
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

    /// <summary>The handshake; true when rank 0 has cancelled.</summary>
    private bool Open(EvaluationKind kind, BuiltRegion built, SessionOptions options, WaitSite site, Func<bool> isCancelled)
    {
        (ulong structure, ulong[] tasks) = _hashes.Of(built.Region);
        var scalars = new StableHash();
        foreach (ulong scalar in built.Scalars)
        {
            scalars.Add(scalar);
        }
        string optionText = $"Engine = {options.Engine}";
        var optionHash = new StableHash();
        optionHash.Add(optionText);
        var descriptor = new EvaluationDescriptor(_sequence++, kind, structure, scalars.Value, optionHash.Value);
        Interruption? difference = Handshake.Open(communicator, descriptor, () => EvaluationDetail.Of(kind, site, optionText, built, tasks),
            () => isCancelled() ? s_cancelled : s_goOn, site, out byte[] decision);
        if (difference is not null)
        {
            communicator.Abort(difference);
            throw Remembered(difference);
        }
        return decision[0] != 0;
    }

    private PlacedArray[] Compute(in WaitSite site, Func<CancellationToken, PlacedArray[]> run, ref Interruption? own, CancellationToken cancellation)
    {
        communicator.Note(RankActivity.Computing, site);
        CancellationToken interrupted = communicator.Interrupted;
        bool isListening = Rank.Value == 0 && cancellation.CanBeCanceled;
        using CancellationTokenSource? both = isListening ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, interrupted) : null;
        try
        {
            return run(both?.Token ?? interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return []; // another rank's doing: what follows throws its reason
        }
        catch (Exception exception) when (exception is not (InterruptedEvaluationException or AgreedInterruptionException))
        {
            own = OfEvaluation(exception);
            communicator.Interrupt(own);
            return []; // likewise
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
