using System.Collections.Immutable;
using Avial.Backends;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>One run of a program on the ranks of this process: places of its sources in, places of its results out.</summary>
internal sealed class ProgramRun
{
    private readonly ProgramPlan _plan;
    private readonly ulong[] _scalars;
    private readonly RankTeam _team;
    private readonly PlacedArray[] _sources;
    private readonly Storage?[][] _results;
    private readonly Interruption?[] _interruptions;

    public ProgramRun(ProgramPlan plan, ulong[] scalars, RankTeam team, PlacedArray[] sources)
    {
        _plan = plan;
        _scalars = scalars;
        _team = team;
        _sources = sources;
        _results = new Storage?[team.Members.Length][];
        _interruptions = new Interruption?[team.Members.Length];
        PeakBytes = new long[team.Members.Length];
    }

    public CancellationToken Cancellation { get; init; }

    public ProfileRecorder? Profile { get; init; }

    public ProgressReporter? Progress { get; init; }

    /// <summary>See <see cref="RankRuntime.CallResults"/>.</summary>
    public IReadOnlyDictionary<int, Storage[]>? CallResults { get; init; }

    /// <summary>See <see cref="RankRuntime.CallsMade"/>.</summary>
    public Dictionary<int, Storage[]>? CallsMade { get; init; }

    /// <summary>See <see cref="RankRuntime.ForcedParts"/>.</summary>
    public int ForcedParts { get; init; }

    /// <summary>See <see cref="RankRuntime.AgreesAfterEachNode"/>.</summary>
    public bool AgreesAfterEachNode { get; init; }

    /// <summary>Fills memory with garbage when it comes and goes (for tests).</summary>
    public bool IsPoisoning { get; init; }

    /// <summary>The bytes of arrays that a rank may hold: free memory is given back before it would hold more. Null: no limit.</summary>
    public long? MemoryPerRank { get; init; }

    /// <summary>For each rank of this process the most bytes of arrays that it made at a time in the last run.</summary>
    public long[] PeakBytes { get; }

    /// <summary>Runs; what ends the evaluation on all ranks is thrown.</summary>
    public PlacedArray[] Run()
    {
        _team.Run(RunRank);
        if (_interruptions[0] is { } reason)
        {
            throw new AgreedInterruptionException(reason);
        }
        return Results();
    }

    private void RunRank(int position, RankTeam.Member member)
    {
        RankPlan plan = _plan.Of(member.Rank, _scalars);
        var pool = new StoragePool(Allocator.Shared) { IsPoisoning = IsPoisoning, KeptUpTo = MemoryPerRank ?? long.MaxValue };
        KeptSchedules schedules = _plan.SchedulesOf(member.Rank);
        schedules.Begin([.. _sources.Select(source => source.PieceOf(position))]);
        using var runtime = new RankRuntime(member.Workers, pool, member.Communicator, Cancellation)
        {
            Profile = position == 0 ? Profile : null,
            Progress = position == 0 ? Progress : null,
            CallResults = CallResults,
            CallsMade = CallsMade,
            ForcedParts = ForcedParts,
            AgreesAfterEachNode = AgreesAfterEachNode,
            Schedules = schedules,
        };
        using var executor = new PlanExecutor(plan, _plan.Code, _scalars, runtime);
        var parameters = new Storage?[_sources.Length];
        var results = new Storage?[plan.Body.Results.Length];
        try
        {
            _interruptions[position] = executor.Run(() => House(parameters, plan.Body, position, member.Rank, pool), parameters, results);
            foreach (Storage? parameter in parameters)
            {
                if (parameter is not null && pool.Owns(parameter))
                {
                    pool.Release(parameter);
                }
            }
        }
        finally
        {
            PeakBytes[position] = pool.PeakBytes;
            pool.Drain();
        }
        _results[position] = results;
        GC.KeepAlive(_sources);
    }

    private void House(Storage?[] parameters, RankBody body, int position, RankId rank, StoragePool pool)
    {
        for (int p = 0; p < parameters.Length; p++)
        {
            parameters[p] = Housed(body, p, position, rank, pool);
        }
    }

    /// <summary>The memory of a source with the window that the plan needs: its own where that is large enough, else more, into which the own part is copied.</summary>
    private Storage? Housed(RankBody body, int parameter, int position, RankId rank, StoragePool pool)
    {
        RankBuffer buffer = body.Buffers[body.Parameters[parameter]];
        Storage? piece = _sources[parameter].PieceOf(position);
        if (piece is not null && piece.Window.Contains(buffer.Window))
        {
            return piece;
        }
        Storage housed = pool.Acquire(buffer.Type, buffer.Window, buffer.Name);
        if (body.ParameterOwners[parameter].TryOwn(rank, out Box own))
        {
            StorageCopy.Box(piece!, housed, own);
        }
        return housed;
    }

    private PlacedArray[] Results()
    {
        ImmutableArray<Distribution> owners = [.. _plan.Body.ResultOwners];
        var results = new PlacedArray[owners.Length];
        for (int r = 0; r < results.Length; r++)
        {
            Storage?[] pieces = [.. _results.Select(rank => rank[r])];
            if (owners[r].Kind == DistributionKind.Everywhere)
            {
                // Every rank has the same: one is enough for all here.
                foreach (Storage? other in pieces.Skip(1))
                {
                    if (!ReferenceEquals(other, pieces[0]))
                    {
                        other?.Release();
                    }
                }
                pieces = [pieces[0]];
            }
            results[r] = new PlacedArray(_plan.Region.TypeOf(_plan.Region.Results[r]), owners[r], pieces);
        }
        return results;
    }
}

/// <summary>An evaluation of several ranks ended, on all of them for the same reason.</summary>
internal sealed class AgreedInterruptionException(Interruption reason) : Exception(reason.Message, reason.Cause)
{
    public Interruption Reason => reason;
}
