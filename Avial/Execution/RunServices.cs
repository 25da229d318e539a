using Avial.Graph;

namespace Avial.Execution;

/// <summary>What a run needs from its session.</summary>
internal sealed class RunServices
{
    public required StoragePool Pool { get; init; }

    public required WorkerPool Workers { get; init; }

    public CancellationToken Cancellation { get; init; }

    public ProfileRecorder? Profile { get; init; }

    public ProgressReporter? Progress { get; init; }

    /// <summary>For a run that is repeated to name a trap: the results of calls already made, by order. Calls run once.</summary>
    public IReadOnlyDictionary<int, Storage[]>? CallResults { get; init; }

    /// <summary>The results of the calls made, so that a repeated run need not make them again; null when nothing can trap.</summary>
    public Dictionary<int, Storage[]>? CallsMade { get; init; }

    /// <summary>Cuts every stage into this many parts where it can be cut, however small it is (for tests); 0 leaves it to the launcher.</summary>
    public int ForcedParts { get; init; }

    /// <summary>Remembers the results of a call; their memory is then not used again in this run.</summary>
    public void NoteCall(GraphNode call, Storage[] results)
    {
        if (CallsMade?.TryAdd(call.Order, results) == true)
        {
            foreach (Storage result in results)
            {
                StoragePool.Detach(result);
            }
        }
    }
}
