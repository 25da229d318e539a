using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Execution;

/// <summary>What went wrong on one rank, told to all.</summary>
internal static class Failures
{
    /// <summary>The reason that an exception of an evaluation gives to end it on all ranks.</summary>
    public static Interruption Describe(Exception exception, RankId rank) => exception switch
    {
        TrapException trap => OfError(TrapMessages.Describe(trap), rank) with { Order = trap.Trap.Order, Index = trap.Trap.LinearIndex },
        AvialException error => OfError(error, rank),
        OperationCanceledException => new Interruption(rank, InterruptionKind.Cancelled, "", exception.Message, SourceSpan.None) { Cause = exception.InnerException },
        InternalErrorException => Interruption.OfBug(rank, exception.Message),
        _ => Interruption.OfBug(rank, $"On {rank}: {exception}") with { Cause = exception },
    };

    private static Interruption OfError(AvialException error, RankId rank) =>
        new(rank, InterruptionKind.Error, error.Id, error.Text, error.Place) { Cause = error.InnerException };
}
