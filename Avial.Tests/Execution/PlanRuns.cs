using Avial.Backends;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Interpreters;
using Avial.Tests.Ranks;

namespace Avial.Tests.Execution;

/// <summary>Runs plans written by hand on ranks of this process, in memory that shows what is read too late or never written.</summary>
internal sealed class PlanRuns
{
    public Region Region { get; init; } = null!;

    /// <summary>Where the ranks' plans come from, when they are not written by hand.</summary>
    public BodyPlan? Source { get; init; }

    public ulong[] Scalars { get; init; } = [];

    /// <summary>The plan of each rank; with the number of ranks.</summary>
    public Func<int, int, RankBody> Plan { get; init; } = null!;

    /// <summary>The parameters, whole; each rank is given its windows of them.</summary>
    public Storage[] Sources { get; init; } = [];

    public InProcessOptions Options { get; init; } = InProcessOptions.Rendezvous;

    public bool AgreesAfterEachNode { get; init; }

    public CancellationToken Cancellation { get; init; }

    public int ForcedParts { get; init; }

    /// <summary>What each rank ended with.</summary>
    public Interruption?[] Ends { get; private set; } = [];

    /// <summary>What each rank threw.</summary>
    public Exception?[] Thrown { get; private set; } = [];

    /// <summary>The results of each rank; fails when a rank did not come through.</summary>
    public Storage?[][] Run(int ranks)
    {
        Storage?[][] results = Try(ranks);
        Assert.That(Thrown, Is.All.Null);
        Assert.That(Ends, Is.All.Null);
        return results;
    }

    /// <summary>The same, however it ends.</summary>
    public Storage?[][] Try(int ranks)
    {
        var code = CompiledNodes.Compile(Region, new ManagedCodeGenerator(), Source);
        var results = new Storage?[ranks][];
        Interruption?[] ends = Ends = new Interruption?[ranks];
        Thrown = RankThreads.Thrown(ranks, Options, communicator =>
        {
            int rank = communicator.Rank.Value;
            (ends[rank], results[rank]) = RunOnce(communicator, code);
        });
        return results;
    }

    /// <summary>One rank's run.</summary>
    public (Interruption? End, Storage?[] Results) RunOnce(ICommunicator communicator, CompiledNodes code)
    {
        var plan = new RankPlan(communicator.Rank, communicator.Ranks, Plan(communicator.Rank.Value, communicator.Ranks));
        var pool = new StoragePool(Allocator.Shared) { IsPoisoning = true };
        using var workers = new WorkerPool(1);
        using var runtime = new RankRuntime(workers, pool, communicator, Cancellation) { AgreesAfterEachNode = AgreesAfterEachNode, ForcedParts = ForcedParts };
        using var executor = new PlanExecutor(plan, code, Scalars, runtime);
        Storage?[] given = [.. Sources.Select((s, p) => plan.Body.Parameters[p] is >= 0 and var b ? Part(s, plan.Body.Buffers[b].Window) : null)];
        var results = new Storage?[Region.Results.Length];
        Interruption? end = executor.Run(given, results);
        pool.Drain();
        return (end, results);
    }

    /// <summary>One result put together from the ranks' own parts.</summary>
    public T[] Joined<T>(int ranks, int result, Func<int, Box> own)
        where T : unmanaged
    {
        Storage?[][] parts = Run(ranks);
        Storage joined = Allocator.Shared.Allocate(Region.TypeOf(Region.Results[result]), "joined");
        for (int r = 0; r < ranks; r++)
        {
            if (parts[r][result] is { } part)
            {
                StorageCopy.Box(part, joined, own(r));
            }
        }
        return GraphMaker.Read<T>(joined);
    }

    /// <summary>A part of an array in memory of its own; places outside the array hold those inside they stand for.</summary>
    public static Storage Part(Storage whole, Box window)
    {
        Storage part = Allocator.Shared.Allocate(whole.Type, window, "part");
        StorageCopy.Box(whole, part, window.Intersect(whole.Type.Box));
        return part;
    }

    /// <summary>The block of rank r of n indices.</summary>
    public static (long Low, long High) Block(long n, int rank, int ranks) => (n * rank / ranks, n * (rank + 1) / ranks);
}
