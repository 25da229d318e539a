using System.Diagnostics.CodeAnalysis;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>
/// Runs one rank's plan. What it needs of the heap is made when it is prepared, so that the steps of loops allocate nothing.
/// </summary>
/// <remarks>
/// All ranks run their plans at once, and an evaluation ends alike on all of them: done, or with the same reason. The next evaluation must open with something that
/// all ranks take part in, so that nobody is interrupted by a later one while it still leaves this one.
/// </remarks>
internal sealed class PlanExecutor : IDisposable
{
    private static readonly WaitSite s_end = new("the end of the evaluation", SourceSpan.None);

    private readonly RankPlan _plan;
    private readonly RankRuntime _runtime;
    private readonly BodyRun _body;

    /// <param name="plan">The plan of this rank.</param>
    /// <param name="code">The compiled code of its region, shared by all ranks.</param>
    /// <param name="scalars">The region's captured numbers.</param>
    /// <param name="runtime">This rank's means.</param>
    public PlanExecutor(RankPlan plan, CompiledNodes code, ReadOnlySpan<ulong> scalars, RankRuntime runtime)
    {
        _plan = plan;
        _runtime = runtime;
        _body = new BodyRun(plan.Body, code, scalars, runtime);
        runtime.Progress?.Watch(_body);
    }

    /// <summary>How many tasks of the outermost region a plan runs, for <see cref="ProgressReporter"/>.</summary>
    public static int TaskSteps(RankPlan plan) => plan.Body.Steps.Count(s => s is LaunchStep or CombineStep or ScanStep or ScatterStep or ReshapeStep or ReadFileStep or CallStep or LoopStep);

    /// <summary>
    /// Runs all steps; the results are the caller's, with this rank's windows. With other ranks: gives null when all are done, else why the evaluation ended, the same on
    /// all. A rank that is alone throws what stopped it, and so do ranks that were aborted.
    /// </summary>
    /// <param name="parameters">This rank's part of each of the region's parameters, with at least the windows of the plan; null where the plan does not need it.</param>
    /// <param name="results">Filled with this rank's part of the results.</param>
    public Interruption? Run(ReadOnlySpan<Storage?> parameters, Span<Storage?> results) => Run(static () => { }, parameters, results);

    /// <summary>The same, where the parameters are filled in first: what fails then ends the evaluation like a step.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The reason is thrown on all ranks.")]
    public Interruption? Run(Action prepare, ReadOnlySpan<Storage?> parameters, Span<Storage?> results)
    {
        if (_runtime.Communicator is not { } communicator)
        {
            prepare();
            RunSteps(parameters, results);
            return null;
        }
        try
        {
            prepare();
            RunSteps(parameters, results);
            Collectives.Barrier(communicator, s_end);
            return null;
        }
        catch (Exception exception)
        {
            return EndAlike(communicator, exception);
        }
    }

    /// <summary>Gives back what the steps keep; not before all messages have ended.</summary>
    public void Dispose() => _body.ReleaseMemory();

    private void RunSteps(ReadOnlySpan<Storage?> parameters, Span<Storage?> results)
    {
        RankBody body = _plan.Body;
        for (int p = 0; p < parameters.Length; p++)
        {
            int buffer = body.Parameters[p];
            if (buffer >= 0)
            {
                _body.Storages[buffer] = Given(parameters[p], body.Buffers[buffer]);
            }
        }
        _body.Run();
        for (int r = 0; r < results.Length; r++)
        {
            results[r] = body.Results[r] < 0 ? null : ResultOf(r, results[..r]);
        }
        _body.End();
        foreach (Storage? result in results)
        {
            if (result is not null)
            {
                StoragePool.Detach(result);
            }
        }
    }

    private static Storage Given(Storage? storage, RankBuffer buffer) => storage is not null && storage.Window.Contains(buffer.Window)
        ? storage
        : throw new InternalErrorException($"The plan needs {buffer.Window} of '{buffer.Name}', and there is memory for {(storage is null ? "nothing" : storage.Window)}.");

    /// <summary>A result of its own; only what others keep too, a source or what a call gave, stays shared.</summary>
    private Storage ResultOf(int result, ReadOnlySpan<Storage?> before)
    {
        int buffer = _plan.Body.Results[result];
        Storage storage = _body.Storages[buffer]!;
        bool isShared = _body.Memory.RootOf(buffer) == buffer && (_body.Memory.IsBorrowed(buffer) || !_runtime.Pool.Owns(storage));
        foreach (Storage? other in before)
        {
            isShared &= !ReferenceEquals(other, storage);
        }
        return isShared ? storage : _body.Take(buffer, _body.Memory.Moves[result]);
    }

    // This rank's reason, unless another's came first.
    private static Interruption EndAlike(ICommunicator communicator, Exception exception)
    {
        if (exception is not InterruptedEvaluationException interrupted)
        {
            communicator.Interrupt(Failures.Describe(exception, communicator.Rank));
            interrupted = FirstReason(communicator);
        }
        if (interrupted.IsFinal)
        {
            throw interrupted.Reason.ToException();
        }
        communicator.Recover(s_end);
        return interrupted.Reason;
    }

    private static InterruptedEvaluationException FirstReason(ICommunicator communicator)
    {
        try
        {
            communicator.Test(default);
        }
        catch (InterruptedEvaluationException exception)
        {
            return exception;
        }
        throw new InternalErrorException("An evaluation was interrupted, and went on.");
    }
}
