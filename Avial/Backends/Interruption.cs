using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Backends;

/// <summary>What kind of exception an interruption becomes.</summary>
internal enum InterruptionKind : byte
{
    /// <summary>A mistake of the user's: <see cref="AvialException"/>.</summary>
    Error,
    /// <summary>A cancelled evaluation: <see cref="OperationCanceledException"/>.</summary>
    Cancelled,
    /// <summary>A bug of ours: <see cref="InternalErrorException"/>.</summary>
    Internal,
}

/// <summary>
/// Why an evaluation stopped on all ranks: data, so that it can be sent, and from which every rank makes the same exception.
/// <paramref name="Order"/> and <paramref name="Index"/> are those of a trap; the lowest (order, index, rank) wins.
/// </summary>
internal sealed record Interruption(RankId Rank, InterruptionKind Kind, string Id, string Message, SourceSpan Place, long Order = long.MaxValue, long Index = long.MaxValue)
{
    /// <summary>What was thrown, where that is known: on the rank that threw.</summary>
    public Exception? Cause { get; init; }

    /// <summary>A mistake of the user's.</summary>
    public static Interruption Of(RankId rank, AvialException error) => new(rank, InterruptionKind.Error, error.Id, error.Text, error.Place) { Cause = error.InnerException };

    /// <summary>A bug of ours on a rank.</summary>
    public static Interruption OfBug(RankId rank, string message) => new(rank, InterruptionKind.Internal, "", message, SourceSpan.None);

    /// <summary>A new exception for this rank to throw.</summary>
    public Exception ToException() => Kind switch
    {
        InterruptionKind.Error => new AvialException(Id, Message, Place, Cause),
        InterruptionKind.Cancelled => new OperationCanceledException(Message, Cause),
        _ => new InternalErrorException(Message),
    };
}

/// <summary>Thrown by waits of an evaluation that was interrupted on some rank; what runs evaluations turns it into the reason's own exception.</summary>
internal sealed class InterruptedEvaluationException(Interruption reason, bool isFinal) : Exception(reason.Message)
{
    /// <summary>The reason as known when this was thrown.</summary>
    public Interruption Reason { get; } = reason;

    /// <summary>True when all ranks are aborted: there is nothing to recover.</summary>
    public bool IsFinal { get; } = isFinal;
}
