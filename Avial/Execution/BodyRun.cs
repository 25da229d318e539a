using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution.Scatters;
using Avial.Execution.Steps;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>One rank's plan of a region, prepared to run again and again: the memory of its buffers while they live, its steps with all that they need of the heap.</summary>
internal sealed class BodyRun
{
    private readonly ulong[][] _scalars;
    private readonly int _carried;
    private StepRun[] _steps;
    private PendingRun[] _messages;

    /// <param name="plan">The plan.</param>
    /// <param name="code">The compiled code of its region.</param>
    /// <param name="table">The region's captured numbers.</param>
    /// <param name="runtime">The rank's means.</param>
    /// <param name="carried">For a loop's body how many values go round; -1 for the outermost region.</param>
    public BodyRun(RankBody plan, CompiledNodes code, ReadOnlySpan<ulong> table, RankRuntime runtime, int carried = -1)
    {
        Plan = plan;
        Code = code;
        Runtime = runtime;
        _carried = carried;
        _scalars = new ulong[plan.Region.Nodes.Length][];
        for (int n = 0; n < _scalars.Length; n++)
        {
            ImmutableArray<int> positions = plan.Region.Nodes[n].Scalars;
            _scalars[n] = new ulong[positions.Length];
            for (int s = 0; s < positions.Length; s++)
            {
                _scalars[n][s] = table[positions[s]];
            }
        }
        Prepare([]);
    }

    public RankBody Plan { get; private set; }

    public CompiledNodes Code { get; }

    public RankRuntime Runtime { get; }

    public BodyMemory Memory { get; private set; }

    /// <summary>The memory of each buffer; null while it has none.</summary>
    public Storage?[] Storages { get; private set; }

    /// <summary>What inspections have found, by their numbers, as long as it holds.</summary>
    public Dictionary<int, GatherSchedule> Gathers { get; } = [];

    /// <summary>Where the contributions to scatters go, by their tags, as long as it holds.</summary>
    public Dictionary<int, ScatterSchedule> Scatters { get; } = [];

    /// <summary>The captured numbers of a node.</summary>
    public ulong[] ScalarsOf(int node) => _scalars[node];

    /// <summary>Runs all steps. What was given lies in <see cref="Storages"/>; results are there afterwards.</summary>
    public void Run()
    {
        if (Runtime.Profile is not null || Runtime.Communicator is not null || Runtime.Progress is not null && _carried < 0)
        {
            RunWatched();
            return;
        }
        foreach (StepRun step in _steps)
        {
            Runtime.Stop.ThrowIfCancellationRequested();
            step.Run();
        }
    }

    /// <summary>Takes over the plan of another step of the loop: the same one, whose boxes may have moved, or another; what differs in boxes only stays prepared.</summary>
    public void Refresh(RankBody plan)
    {
        if (ReferenceEquals(plan, Plan))
        {
            foreach (StepRun step in _steps)
            {
                step.Moved();
            }
            return;
        }
        RankBody before = Plan;
        Plan = plan;
        bool isSame = plan.Steps.Length == before.Steps.Length && plan.Buffers.Length == before.Buffers.Length
            && plan.Results.AsSpan().SequenceEqual(before.Results.AsSpan()) && plan.Parameters.AsSpan().SequenceEqual(before.Parameters.AsSpan());
        for (int s = 0; isSame && s < _steps.Length; s++)
        {
            isSame = plan.Steps[s].After.AsSpan().SequenceEqual(before.Steps[s].After.AsSpan()) && _steps[s].TryRefresh(plan.Steps[s]);
        }
        if (!isSame)
        {
            Prepare(_steps);
        }
    }

    /// <summary>A loop around begins anew, this body's own or one so many levels out: what held for its steps only has to be found again.</summary>
    public void Forget(int levels)
    {
        foreach (StepRun step in _steps)
        {
            if (step is IScheduled scheduled)
            {
                scheduled.Forget(levels);
            }
            else if (step is Steps.LoopRun loop)
            {
                loop.Forget(levels + 1);
            }
        }
    }

    /// <summary>The memory of a buffer for somebody who keeps it: handed out, or a copy where it may not be moved or belongs to others.</summary>
    public Storage Take(int buffer, bool isMoved)
    {
        int root = Memory.RootOf(buffer);
        Storage storage = Storages[root]!;
        RankBuffer shown = Plan.Buffers[buffer];
        if (isMoved && Runtime.Pool.Owns(storage))
        {
            if (root != buffer)
            {
                storage.Show(shown.Type, shown.Window);
            }
            return storage;
        }
        Storage copy = Runtime.Pool.Acquire(shown.Type, shown.Window, shown.Name);
        StorageCopy.Box(Storages[buffer]!, copy, shown.Window);
        return copy;
    }

    /// <summary>The memory itself where it has the buffer's window; else other memory with what both have room for.</summary>
    public Storage Fitting(Storage storage, RankBuffer buffer)
    {
        if (storage.Window == buffer.Window)
        {
            return storage;
        }
        Storage other = Runtime.Pool.Acquire(buffer.Type, buffer.Window, buffer.Name);
        StorageCopy.Box(storage, other, storage.Window.Intersect(buffer.Window));
        Runtime.Pool.Release(storage);
        return other;
    }

    /// <summary>Makes the memory of a buffer this evaluation's own before it is written over: results of calls are kept for a run that names a trap.</summary>
    public void Own(int buffer)
    {
        Storage storage = Storages[buffer]!;
        if (!Runtime.Pool.Owns(storage) && Memory.RootOf(buffer) == buffer)
        {
            Storages[buffer] = Take(buffer, isMoved: false);
        }
    }

    /// <summary>Gives back what is left when the results are taken.</summary>
    public void End()
    {
        for (int r = 0; r < Memory.Moves.Length; r++)
        {
            if (Memory.Moves[r])
            {
                Storages[Memory.RootOf(Plan.Results[r])] = null;
            }
        }
        foreach (int root in Memory.Leftovers)
        {
            if (Storages[root] is { } storage)
            {
                Runtime.Pool.Release(storage);
                Storages[root] = null;
            }
        }
    }

    /// <summary>Gives back what steps keep for themselves.</summary>
    public void ReleaseMemory()
    {
        foreach (StepRun step in _steps)
        {
            step.ReleaseMemory();
        }
    }

    private void RunWatched()
    {
        int agreed = 0;
        foreach (StepRun step in _steps)
        {
            Agree(ref agreed, step.NodeNumber);
            foreach (PendingRun message in step.Awaited)
            {
                message.FinishIfUnderWay();
            }
            Runtime.Stop.ThrowIfCancellationRequested();
            if (step.NodeNumber < 0)
            {
                step.Run();
            }
            else
            {
                RunNode(step);
            }
        }
        foreach (PendingRun message in _messages)
        {
            message.FinishIfUnderWay();
        }
        Agree(ref agreed, Code.Count);
    }

    private void RunNode(StepRun step)
    {
        Runtime.Communicator?.Note(step.Doing);
        long started = Runtime.Profile is null ? 0 : Stopwatch.GetTimestamp();
        if (Runtime.Agreement is { } agreement && step is not Steps.LoopRun)
        {
            agreement.Run(step);
        }
        else
        {
            step.Run();
        }
        Runtime.Profile?.Add(step.Node!, Stopwatch.GetTimestamp() - started, step.GoesOn);
        if (step is not InspectRun)
        {
            Runtime.Progress?.NodeDone(this);
        }
    }

    // Every rank passes the same nodes in the same order, also those of which it has nothing to do.
    private void Agree(ref int agreed, int next)
    {
        if (Runtime.Agreement is not { } agreement)
        {
            return;
        }
        for (; agreed < next; agreed++)
        {
            if (Code[agreed].CanFail)
            {
                agreement.Reach(Code[agreed].Node);
            }
        }
    }

    [MemberNotNull(nameof(Memory), nameof(Storages), nameof(_steps), nameof(_messages))]
    private void Prepare(StepRun[] before)
    {
        Memory = new BodyMemory(Plan, Math.Max(0, _carried), _carried < 0 ? Plan.Results.Length : _carried);
        var storages = new Storage?[Plan.Buffers.Length];
        Storages.AsSpan(0, Math.Min(storages.Length, Storages?.Length ?? 0)).CopyTo(storages);
        Storages = storages;
        var steps = new StepRun[Plan.Steps.Length];
        int next = 0;
        for (int s = 0; s < steps.Length; s++)
        {
            steps[s] = Reused(before, Plan.Steps[s], ref next) ?? New(Plan.Steps[s]);
            steps[s].Position = s;
        }
        var seen = new HashSet<int>();
        foreach (StepRun step in steps)
        {
            step.GoesOn = step.NodeNumber >= 0 && !seen.Add(step.NodeNumber);
        }
        foreach (StepRun dropped in before.Except(steps))
        {
            dropped.ReleaseMemory();
        }
        for (int s = 0; s < steps.Length; s++)
        {
            steps[s].Awaited = [.. Plan.Steps[s].After.Select(a => steps[a]).OfType<PendingRun>()];
            steps[s].Doing = new RankDoing(RankActivity.Computing, SiteOf(steps, s));
        }
        _steps = steps;
        _messages = [.. steps.OfType<PendingRun>()];
    }

    // The next of the steps prepared before that differs in boxes only.
    private static StepRun? Reused(StepRun[] before, RankStep step, ref int next)
    {
        for (int s = next; s < before.Length; s++)
        {
            if (before[s].TryRefresh(step))
            {
                next = s + 1;
                return before[s];
            }
        }
        return null;
    }

    private StepRun New(RankStep step) => step switch
    {
        AllocateStep allocate => new AllocateRun(this, allocate),
        FreeStep free => new FreeRun(this, free),
        LaunchStep launch => new LaunchRun(this, launch),
        InspectStep inspect => new InspectRun(this, inspect),
        GatherStep gather => new GatherRun(this, gather),
        CombineStep { IsLocal: false } fold when Runtime.Communicator is not null && Code[fold.Node].Operation!.Lowered.Leaves is not null => new LeafFoldRun(this, fold),
        CombineStep combine => new CombineRun(this, combine),
        ScanStep scan => new ScanRun(this, scan),
        ScatterStep { Exchange: ScatterExchange.Ordered or ScatterExchange.Numbered } scatter => new RoutedScatterRun(this, scatter),
        ScatterStep scatter => new ScatterRun(this, scatter),
        CopyStep copy => new CopyRun(this, copy),
        SendStep send => new SendRun(this, send),
        ReceiveStep receive => new ReceiveRun(this, receive),
        ReshapeStep reshape => new ReshapeRun(this, reshape),
        ReadFileStep file => new ReadFileRun(this, file),
        CallStep call => new CallRun(this, call),
        LoopStep loop => new Steps.LoopRun(this, loop),
        _ => throw new InternalErrorException($"{step.GetType().Name} cannot be run."),
    };

    // A message is waited for by the first task that needs it.
    private WaitSite SiteOf(StepRun[] steps, int position)
    {
        GraphNode? node = steps[position].Node;
        for (int s = position + 1; node is null && s < steps.Length; s++)
        {
            if (Plan.Steps[s].After.Contains(position))
            {
                node = steps[s].Node;
            }
        }
        return node is null ? new WaitSite("an exchange", SourceSpan.None) : new WaitSite(node.Name, node.Span);
    }
}
