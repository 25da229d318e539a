using Avial.Backends;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>What one rank runs plans with: its threads, its memory, its end of the message passing, and who watches. For one evaluation.</summary>
internal sealed class RankRuntime : IDisposable
{
    private readonly CancellationTokenSource? _linked;

    /// <param name="workers">This rank's threads.</param>
    /// <param name="pool">The memory of this rank and evaluation.</param>
    /// <param name="communicator">The way to the other ranks; null for a rank that is alone.</param>
    /// <param name="cancellation">The user's.</param>
    public RankRuntime(WorkerPool workers, StoragePool pool, ICommunicator? communicator = null, CancellationToken cancellation = default)
    {
        Workers = workers;
        Pool = pool;
        Communicator = communicator is { Ranks: > 1 } ? communicator : null;
        Stop = cancellation;
        if (communicator is not null)
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, communicator.Interrupted);
            Stop = _linked.Token;
        }
    }

    public WorkerPool Workers { get; }

    public StoragePool Pool { get; }

    /// <summary>Null for a rank that is alone.</summary>
    public ICommunicator? Communicator { get; }

    /// <summary>Cancelled by the user, or because another rank ended the evaluation.</summary>
    public CancellationToken Stop { get; }

    public ProfileRecorder? Profile { get; init; }

    public ProgressReporter? Progress { get; init; }

    /// <summary>For a run that is repeated to name a trap: the results of calls already made, by order. Calls run once.</summary>
    public IReadOnlyDictionary<int, Storage[]>? CallResults { get; init; }

    /// <summary>The results of the calls made, so that a repeated run need not make them again; null when nothing can trap.</summary>
    public Dictionary<int, Storage[]>? CallsMade { get; init; }

    /// <summary>Cuts every stage into this many parts where it can be cut, however small it is (for tests); 0 leaves it to the launcher.</summary>
    public int ForcedParts { get; init; }

    /// <summary>
    /// After every task that can fail all ranks agree whether one has, so that the first task to fail in recorded order is named, with its lowest element, whatever
    /// the ranks' speeds. For plans whose ranks run the tasks in the region's order.
    /// </summary>
    public bool AgreesAfterEachNode
    {
        get => Agreement is not null;
        init => Agreement = value && Communicator is not null ? new Agreement(Communicator) : null;
    }

    /// <summary>How the ranks agree after each task; null where they do not.</summary>
    public Agreement? Agreement { get; private init; }

    /// <summary>What inspections of earlier runs have found; null where nothing is kept. The same on all ranks.</summary>
    public KeptSchedules? Schedules { get; init; }

    /// <summary>Remembers the results of a call; their memory is then not used again in this run.</summary>
    public void NoteCall(GraphNode call, ReadOnlySpan<Storage> results)
    {
        if (CallsMade is null)
        {
            return;
        }
        lock (CallsMade) // the ranks of one process share it
        {
            if (!CallsMade.TryAdd(call.Order, results.ToArray()))
            {
                return;
            }
        }
        foreach (Storage result in results)
        {
            StoragePool.Detach(result);
        }
    }

    public void Dispose() => _linked?.Dispose();
}
