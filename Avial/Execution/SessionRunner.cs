using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Diagnostics;
using Avial.Execution.Ranks;
using Avial.Explaining;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;

namespace Avial.Execution;

/// <summary>Runs the evaluations of one session, one at a time: recorded nodes → region → plan → values.</summary>
internal sealed partial class SessionRunner : IDisposable
{
    private readonly Lock _oneAtATime = new();
    private readonly SessionOptions _options;
    private readonly AsyncLocal<int> _refusals = new();
    private readonly RankTeam _team;
    private readonly PlanCache _plans;
    private readonly PlanChecks _checks;
    private readonly DryRun? _dryRun;
    private MeasuredMachine? _plannedFor;
    private string _running = "";

    public SessionRunner(SessionOptions options, RankContext? ranks = null, Func<MachineModel>? machine = null)
    {
        _options = options;
        Ranks = ranks;
        _team = options.DryRunRanks is not null ? new RankTeam(options.Threads, null)
            : ranks is not null ? new RankTeam(options.Threads, ranks.Communicator)
            : options.Ranks == 1 || options.Engine == Engine.Interpreter ? new RankTeam(options.Threads, null)
            : new RankTeam(options.Threads, options.Ranks, options.WatchdogTimeout);
        _plans = new PlanCache(InstalledBackends.GeneratorOf(options.Engine), options.Verify, options.DryRunRanks ?? _team.Ranks,
            new CostChooser(machine ?? (() => MachineChoice.For(options, options.PlannedRanks))));
        // Where each rank records for itself, one of them looks at the plans of all.
        _checks = new PlanChecks(options.Verify && ranks is not { Rank.Value: > 0 }, MachineChoice.MemoryLimit(options, options.PlannedRanks));
        _dryRun = options.DryRunRanks is null ? null : new DryRun(_plans, _checks, ranks is not { Rank.Value: > 0 });
        InstalledBackends.SayIfSlow(options.Engine);
        DebugPrinter.Devices(options);
    }

    /// <summary>This rank among those that record for themselves; null where the program's code runs once.</summary>
    public RankContext? Ranks { get; }

    public Profile LastProfile { get; private set; } = Profile.Empty;

    public PlanCache Plans => _plans;

    /// <summary>See <see cref="RankRuntime.ForcedParts"/>.</summary>
    public int ForcedParts { get; set; }

    /// <summary>Evaluates the outputs together.</summary>
    public void Run(ReadOnlySpan<NodeOutput> outputs, Func<Node[]> takeEffects, IProgress<double>? progress, CancellationToken cancellation)
    {
        NodeOutput[] wanted = outputs.ToArray();
        Guarded(wanted[0].Node, () =>
        {
            if (Ranks is null)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            Evaluate(wanted, takeEffects(), progress, cancellation);
        });
    }

    /// <summary>Runs one evaluation at a time; a rank's second one at the same time is refused.</summary>
    private void Guarded(Node node, Action evaluate)
    {
        if (_refusals.Value > 0)
        {
            throw Throw.EvaluationOnRoot(node.Name, node.Span);
        }
        if (_team.RunningHere is { } rank)
        {
            throw Throw.TwoEvaluationsAtOnce(rank, node.Name, _running, node.Span);
        }
        Ranks?.Enter(node.Name, node.Span);
        try
        {
            lock (_oneAtATime)
            {
                _running = node.Name;
                evaluate();
            }
        }
        finally
        {
            Ranks?.Leave();
        }
    }

    /// <summary>The program of these outputs as it stands now: what is in memory is a source.</summary>
    public static BuiltRegion Describe(ReadOnlySpan<NodeOutput> outputs) => RegionBuilder.OfRoots(outputs, []);

    /// <summary>What evaluating these outputs now would run, and its plan for all ranks; runs nothing. Without anything left to compute: the outputs as they are in memory.</summary>
    public (BuiltRegion Built, ProgramPlan Plan) PlanOf(ReadOnlySpan<NodeOutput> outputs)
    {
        List<NodeOutput> roots = NotInMemory(outputs);
        BuiltRegion built = roots.Count == 0 ? Describe(outputs) : BuildWithSecondReads(roots);
        return (built, _plans.ToExplain(built.Region, [.. built.Sources.Select(OwnerHere)]));
    }

    /// <summary>Until the result is disposed, evaluating in this flow is refused.</summary>
    public IDisposable RefuseEvaluation()
    {
        _refusals.Value++;
        return new Refusal(this);
    }

    public void Dispose() => _team.Dispose();

    private void Evaluate(ReadOnlySpan<NodeOutput> outputs, Node[] effects, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<NodeOutput> roots = NotInMemory(outputs);
        NodeOutput[] effectOutputs = [.. effects.SelectMany(e => Enumerable.Range(0, e.Operation.Outputs.Length).Select(o => new NodeOutput(e, o)))];
        roots.AddRange(effectOutputs);
        if (roots.Count == 0)
        {
            return;
        }
        BuiltRegion built = BuildWithSecondReads(roots);
        foreach (NodeOutput source in built.Sources)
        {
            if (source.Node.IsDisposed)
            {
                throw Throw.Disposed(source.Node.Name, source.Node.Span);
            }
        }
        RefuseMissingDevices(built.Region);
        NodeOutput first = roots[0];
        PlacedArray[] results = _dryRun is not null ? _dryRun.Run(built, first.Node.Name)
            : Ranks is null ? RunRegion(built, progress, cancellation)
            : Ranks.Evaluate(new JointWork(EvaluationKind.Evaluate, built, first.Node), _options, token => RunRegion(built, progress, token), cancellation);
        for (int i = 0; i < results.Length; i++)
        {
            roots[i].Node.Materialise(roots[i].Index, results[i]);
        }
        foreach (Node node in built.Nodes)
        {
            node.WasComputed = true;
        }
    }

    private static List<NodeOutput> NotInMemory(ReadOnlySpan<NodeOutput> outputs)
    {
        var roots = new List<NodeOutput>(outputs.Length);
        foreach (NodeOutput output in outputs)
        {
            if (!output.Node.IsMaterialised(output.Index) && !roots.Contains(output))
            {
                roots.Add(output);
            }
        }
        return roots;
    }

    private static BuiltRegion BuildWithSecondReads(List<NodeOutput> roots)
    {
        BuiltRegion built = RegionBuilder.OfRoots(CollectionsMarshal.AsSpan(roots), []);
        return AddSecondReads(built, roots) ? RegionBuilder.OfRoots(CollectionsMarshal.AsSpan(roots), []) : built;
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

    private PlacedArray[] RunRegion(BuiltRegion built, IProgress<double>? progress, CancellationToken cancellation, ImmutableArray<Distribution?> requested = default)
    {
        try
        {
            PlacedArray[] sources = [.. built.Sources.Select(s => Here(s, cancellation))];
            return _options.Engine == Engine.Interpreter ? Interpret(built, sources, progress, cancellation)
                : RunCompiled(built, sources, requested, progress, cancellation);
        }
        catch (TrapException exception)
        {
            throw TrapMessages.Describe(exception, built.Region);
        }
        catch (AgreedInterruptionException agreed) when (Ranks is null)
        {
            throw agreed.Reason.ToException();
        }
    }

    /// <summary>How a source is distributed once this session's ranks read it.</summary>
    private Distribution OwnerHere(NodeOutput source) =>
        source.Node.ValueOf(source.Index) is { Owner.Kind: not DistributionKind.Everywhere } value && value.Owner.Ranks == _plans.Ranks && _options.Engine != Engine.Interpreter ? value.Owner
            : Distribution.Everywhere(source.Type.Box, _plans.Ranks);

    private PlacedArray[] Interpret(BuiltRegion built, PlacedArray[] sources, IProgress<double>? progress, CancellationToken cancellation)
    {
        using CancellationTokenSource? both = Ranks is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation, Ranks.Communicator.Interrupted);
        ProgressReporter? reporter = progress is null ? null : new ProgressReporter(progress, built.Region.Nodes.Length);
        reporter?.Watch(built.Region);
        Storage[] results = GraphInterpreter.Run(built.Region, [.. sources.Select(s => s.Whole!)], built.Scalars, DemandMap.Of(built.Region, []).ToRegionDemand(), static (file, type) =>
        {
            Storage storage = Allocator.Shared.Allocate(type, file.Path);
            ArrayFiles.Read(file.Path, storage, SourceSpan.None);
            return storage;
        }, new InterpreterReport(reporter, both?.Token ?? cancellation));
        return [.. results.Select(r => new PlacedArray(r))];
    }

    private PlacedArray[] RunCompiled(
        BuiltRegion built, PlacedArray[] sources, ImmutableArray<Distribution?> requested, IProgress<double>? progress, CancellationToken cancellation)
    {
        ImmutableArray<Distribution> owners = [.. sources.Select(s => s.Owner.Kind == DistributionKind.Everywhere ? Distribution.Everywhere(s.Type.Box, _team.Ranks) : s.Owner)];
        if (_plannedFor != Ranks?.Machine)
        {
            // Plans that were explained before the ranks agreed on a machine are of this rank alone.
            _plans.Clear();
            _plannedFor = Ranks?.Machine;
        }
        ProgramPlan plan = _plans.Get(built.Region, isFusing: true, owners, requested);
        if (Ranks is null || Ranks.Rank.Value == 0)
        {
            DebugPrinter.Plan(() => PlanText.Explain(built.Region, plan, built.Scalars, _options));
        }
        // A step's calls cannot be remembered for ever; where there are such, tasks that may trap are not fused, and the first trap is the one to name.
        bool isRepeatable = !RegionEdit.HasCallsInLoops(built.Region);
        var calls = plan.Code.CanTrap && isRepeatable ? new Dictionary<int, Storage[]>() : null;
        try
        {
            return RunPlan(plan, built, sources, progress, null, calls, cancellation);
        }
        catch (Exception exception) when (isRepeatable && plan.Code.CanTrap && IsTrap(exception))
        {
            // Fused tasks, and ranks that run at their own speeds, do not say what trapped first. The same program with every task apart does: the first to trap in recorded
            // order wins.
            ProgramPlan apart = _plans.Get(built.Region, isFusing: false, owners, requested);
            RunPlan(apart, built, sources, null, calls, null, cancellation);
            throw;
        }
    }

    private static bool IsTrap(Exception exception) => exception is TrapException or AvialException { Id: Throw.LoopLimitId }
        || exception is AgreedInterruptionException { Reason: { Kind: InterruptionKind.Error } reason } && (reason.Order < long.MaxValue || reason.Id == Throw.LoopLimitId);

    private PlacedArray[] RunPlan(ProgramPlan plan, BuiltRegion built, PlacedArray[] sources, IProgress<double>? progress,
        Dictionary<int, Storage[]>? callResults, Dictionary<int, Storage[]>? callsMade, CancellationToken cancellation)
    {
        _checks.Check(plan, built);
        ulong[] scalars = built.Scalars;
        bool isProfiled = _options.Profile;
        var run = new ProgramRun(plan, scalars, _team, sources)
        {
            Cancellation = cancellation,
            Profile = isProfiled ? new ProfileRecorder() : null,
            Progress = progress is null ? null : new ProgressReporter(progress, PlanExecutor.TaskSteps(plan.Of(_team.Members[0].Rank, scalars))),
            CallResults = callResults,
            CallsMade = callsMade,
            ForcedParts = ForcedParts,
            AgreesAfterEachNode = callResults is not null,
            MemoryPerRank = _checks.MemoryPerRank,
        };
        if (isProfiled)
        {
            Allocator.Shared.ResetPeak();
        }
        long started = isProfiled ? Stopwatch.GetTimestamp() : 0;
        PlacedArray[] results = run.Run();
        if (run.Profile is { } profile)
        {
            LastProfile = profile.Finish(plan.Region, started, Allocator.Shared.PeakBytes);
            DebugPrinter.Timings(LastProfile);
        }
        return results;
    }

    private sealed class Refusal(SessionRunner runner) : IDisposable
    {
        public void Dispose() => runner._refusals.Value--;
    }
}
