using System.Diagnostics;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution.Ranks;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning;

namespace Avial.Execution;

/// <summary>Runs the evaluations of one session, one at a time: recorded nodes → region → plan → values.</summary>
internal sealed class SessionRunner : IDisposable
{
    private readonly Lock _oneAtATime = new();
    private readonly SessionOptions _options;
    private readonly AsyncLocal<int> _refusals = new();
    private readonly Lazy<WorkerPool> _workers;
    private readonly PlanCache _plans;

    public SessionRunner(SessionOptions options, RankContext? ranks = null)
    {
        _options = options;
        Ranks = ranks;
        _workers = new Lazy<WorkerPool>(() => new WorkerPool(options.Threads));
        _plans = new PlanCache(options.Engine == Engine.LoopsInterpreter ? new LoopsInterpreter() : new ManagedCodeGenerator(), options.Verify);
        DebugPrinter.Devices(options);
    }

    /// <summary>This rank among those that record for themselves; null where the program's code runs once.</summary>
    public RankContext? Ranks { get; }

    public Profile LastProfile { get; private set; } = Profile.Empty;

    public PlanCache Plans => _plans;

    /// <summary>See <see cref="RunServices.ForcedParts"/>.</summary>
    public int ForcedParts { get; set; }

    /// <summary>Evaluates the outputs together.</summary>
    public void Run(ReadOnlySpan<NodeOutput> outputs, Func<Node[]> takeEffects, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (_refusals.Value > 0)
        {
            throw Throw.EvaluationOnRoot(outputs[0].Node.Name, outputs[0].Node.Span);
        }
        Ranks?.Enter(outputs[0].Node.Name, outputs[0].Node.Span);
        try
        {
            RunAlone(outputs, takeEffects, progress, cancellation);
        }
        finally
        {
            Ranks?.Leave();
        }
    }

    private void RunAlone(ReadOnlySpan<NodeOutput> outputs, Func<Node[]> takeEffects, IProgress<double>? progress, CancellationToken cancellation)
    {
        lock (_oneAtATime)
        {
            if (Ranks is null)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            Evaluate(outputs, takeEffects(), progress, cancellation);
        }
    }

    /// <summary>The whole of an array that is distributed over processes, on each of them. All ranks ask for it together.</summary>
    public Storage Gather(NodeOutput output, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The program of these outputs as it stands now: what is in memory is a source.</summary>
    public static BuiltRegion Describe(ReadOnlySpan<NodeOutput> outputs) => RegionBuilder.OfRoots(outputs, []);

    /// <summary>Until the result is disposed, evaluating in this flow is refused.</summary>
    public IDisposable RefuseEvaluation()
    {
        _refusals.Value++;
        return new Refusal(this);
    }

    public void Dispose()
    {
        if (_workers.IsValueCreated)
        {
            _workers.Value.Dispose();
        }
    }

    private void Evaluate(ReadOnlySpan<NodeOutput> outputs, Node[] effects, IProgress<double>? progress, CancellationToken cancellation)
    {
        var roots = new List<NodeOutput>(outputs.Length);
        foreach (NodeOutput output in outputs)
        {
            if (!output.Node.IsMaterialised(output.Index) && !roots.Contains(output))
            {
                roots.Add(output);
            }
        }
        NodeOutput[] effectOutputs = [.. effects.SelectMany(e => Enumerable.Range(0, e.Operation.Outputs.Length).Select(o => new NodeOutput(e, o)))];
        roots.AddRange(effectOutputs);
        if (roots.Count == 0)
        {
            return;
        }
        BuiltRegion built = RegionBuilder.OfRoots(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(roots), []);
        if (AddSecondReads(built, roots))
        {
            built = RegionBuilder.OfRoots(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(roots), []);
        }
        foreach (NodeOutput source in built.Sources)
        {
            if (source.Node.IsDisposed)
            {
                throw Throw.Disposed(source.Node.Name, source.Node.Span);
            }
        }
        RefuseMissingDevices(built.Region);
        NodeOutput first = roots[0];
        Storage[] results = Ranks is null ? RunRegion(built, progress, cancellation)
            : Ranks.Evaluate(built, first.Node.Name, first.Node.Span, _options, token => RunRegion(built, progress, token), cancellation);
        for (int i = 0; i < results.Length; i++)
        {
            roots[i].Node.Materialise(roots[i].Index, new PlacedArray(results[i]));
        }
        foreach (Node node in built.Nodes)
        {
            node.WasComputed = true;
        }
    }

    /// <summary>An intermediate that an earlier evaluation computed and did not keep is kept now, so that it is computed twice at the most.</summary>
    private static bool AddSecondReads(BuiltRegion built, List<NodeOutput> roots)
    {
        bool isAdded = false;
        foreach (Node node in built.Nodes)
        {
            // Calls run once: what they gave is kept.
            if (!(node.WasComputed || node.Operation is CallOperation) || node.Operation is ViewOperation or ReshapeOperation or FillOperation)
            {
                continue;
            }
            for (int output = 0; output < node.Operation.Outputs.Length; output++)
            {
                var value = new NodeOutput(node, output);
                if (!node.IsMaterialised(output) && !roots.Contains(value))
                {
                    roots.Add(value);
                    isAdded = true;
                }
            }
        }
        return isAdded;
    }

    private static void RefuseMissingDevices(Region region)
    {
        foreach (GraphNode node in region.Nodes)
        {
            if (node.Target == Targets.Gpu)
            {
                throw Throw.NoGpu(node.Name, node.Span);
            }
            if (node.Operation is LoopOperation loop)
            {
                RefuseMissingDevices(loop.Body);
            }
        }
    }

    private Storage[] RunRegion(BuiltRegion built, IProgress<double>? progress, CancellationToken cancellation)
    {
        Storage[] sources = [.. built.Sources.Select(s => s.Node.ValueOf(s.Index)!.Whole!)];
        try
        {
            return _options.Engine == Engine.Interpreter ? Interpret(built, sources, progress, cancellation) : RunCompiled(built, sources, progress, cancellation);
        }
        catch (TrapException exception)
        {
            throw TrapMessages.Describe(exception, built.Region);
        }
    }

    private static Storage[] Interpret(BuiltRegion built, Storage[] sources, IProgress<double>? progress, CancellationToken cancellation)
    {
        ProgressReporter? reporter = progress is null ? null : new ProgressReporter(progress, built.Region.Nodes.Length);
        reporter?.Watch(built.Region);
        return GraphInterpreter.Run(built.Region, sources, built.Scalars, DemandMap.Of(built.Region, []).ToRegionDemand(), static (file, type) =>
        {
            Storage storage = Allocator.Shared.Allocate(type, file.Path);
            ArrayFiles.Read(file.Path, storage, SourceSpan.None);
            return storage;
        }, new InterpreterReport(reporter, cancellation));
    }

    private Storage[] RunCompiled(BuiltRegion built, Storage[] sources, IProgress<double>? progress, CancellationToken cancellation)
    {
        CompiledRegion plan = _plans.Get(built.Region, isFusing: true);
        DebugPrinter.Plan(() => PlanText.Explain(built.Region, plan.Region, _options));
        // A step's calls cannot be remembered for ever; where there are such, tasks that may trap are not fused, and the first trap is the one to name.
        bool isRepeatable = !RegionEdit.HasCallsInLoops(built.Region);
        var calls = plan.CanTrap && isRepeatable ? new Dictionary<int, Storage[]>() : null;
        try
        {
            return RunPlan(plan, built.Scalars, sources, progress, null, calls, cancellation);
        }
        catch (Exception exception) when (isRepeatable && plan.CanTrap && (exception is TrapException || exception is AvialException { Id: Throw.LoopLimitId }))
        {
            // Fused tasks do not say which of them trapped first. The same program with every task apart does: the first to trap in recorded order wins.
            CompiledRegion apart = _plans.Get(built.Region, isFusing: false);
            RunPlan(apart, built.Scalars, sources, null, calls, null, cancellation);
            throw;
        }
    }

    private Storage[] RunPlan(CompiledRegion plan, ulong[] scalars, Storage[] sources, IProgress<double>? progress,
        Dictionary<int, Storage[]>? callResults, Dictionary<int, Storage[]>? callsMade, CancellationToken cancellation)
    {
        var pool = new StoragePool(Allocator.Shared);
        bool isProfiled = _options.Profile;
        var services = new RunServices
        {
            Pool = pool,
            Workers = _workers.Value,
            Cancellation = cancellation,
            Profile = isProfiled ? new ProfileRecorder() : null,
            Progress = progress is null ? null : new ProgressReporter(progress, plan.Nodes.Length),
            CallResults = callResults,
            CallsMade = callsMade,
            ForcedParts = ForcedParts,
        };
        if (isProfiled)
        {
            Allocator.Shared.ResetPeak();
        }
        long started = isProfiled ? Stopwatch.GetTimestamp() : 0;
        var run = new RegionRun(plan, scalars, services);
        services.Progress?.Watch(run);
        var results = new Storage[plan.Results.Length];
        try
        {
            run.Run(sources, new bool[sources.Length], results);
            foreach (Storage result in results)
            {
                StoragePool.Detach(result);
            }
        }
        finally
        {
            pool.Drain();
        }
        if (services.Profile is { } profile)
        {
            LastProfile = profile.Finish(plan.Region, started, Allocator.Shared.PeakBytes);
            DebugPrinter.Timings(LastProfile);
        }
        GC.KeepAlive(sources);
        return results;
    }

    private sealed class Refusal(SessionRunner runner) : IDisposable
    {
        public void Dispose() => runner._refusals.Value--;
    }
}
