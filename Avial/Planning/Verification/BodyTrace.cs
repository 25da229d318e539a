using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>
/// Follows the bodies of all ranks together, abstractly: steps start in the order listed, each as soon as those it waits for have ended; a send and its
/// receive end when both have started. Every buffer is known place by place, as the value that it holds there.
/// </summary>
internal sealed partial class BodyTrace
{
    private readonly VerifierRun _run;
    private readonly BodyScope _scope;
    private readonly RankState[] _states;
    private readonly bool _counts;

    private BodyTrace(VerifierRun run, BodyScope scope, RankState[] states, bool counts)
    {
        _run = run;
        _scope = scope;
        _states = states;
        _counts = counts;
    }

    /// <summary>The ranks' states before the first step; null when some body is not well formed.</summary>
    public static RankState[]? Prepare(VerifierRun run, BodyScope scope, IReadOnlyList<(RankId Rank, RankBody Body)> bodies)
    {
        var states = new RankState[bodies.Count];
        bool isWellFormed = true;
        for (int n = 0; n < states.Length; n++)
        {
            (RankId rank, RankBody body) = bodies[n];
            int before = run.Violations.Count;
            FormCheck.Check(body, rank, run.Ranks, (step, text) => run.Report(rank, scope, step, PlanViolationKind.Form, text));
            if (StepPrecedence.Of(body.Steps, out int badStep) is not { } order)
            {
                run.Report(rank, scope, badStep, PlanViolationKind.Form, $"it waits for {string.Join(", ", body.Steps[badStep].After)}, which do not all come before it");
                isWellFormed = false;
                continue;
            }
            if (!body.ParameterOwners.SequenceEqual(bodies[0].Body.ParameterOwners) || !body.ResultOwners.SequenceEqual(bodies[0].Body.ResultOwners))
            {
                run.Report(rank, scope, -1, PlanViolationKind.Form, $"parameters or results are distributed in another way than on {bodies[0].Rank}");
            }
            if (run.Violations.Count > before)
            {
                isWellFormed = false;
                continue;
            }
            var steps = new RankSteps(rank, scope, body);
            foreach ((int step, string text) in RaceCheck.Find(steps, order))
            {
                run.Report(rank, scope, step, PlanViolationKind.Race, text);
            }
            foreach ((int step, string text) in CallOrder.Find(steps, order))
            {
                run.Report(rank, scope, step, PlanViolationKind.Effect, text);
            }
            foreach ((int step, string text) in TagCheck.Find(steps, order))
            {
                run.Report(rank, scope, step, PlanViolationKind.Message, text);
            }
            states[n] = new RankState(steps, order);
        }
        return isWellFormed ? states : null;
    }

    /// <summary>Runs the steps to the end, or until nothing moves any more.</summary>
    public static void Follow(VerifierRun run, BodyScope scope, RankState[] states, bool counts)
    {
        var body = new BodyTrace(run, scope, states, counts);
        bool isMoving = true;
        while (isMoving)
        {
            isMoving = false;
            foreach (RankState state in states)
            {
                isMoving |= body.Advance(state);
            }
            isMoving = isMoving || body.MeetInCombine() || body.MeetInScatter() || body.MeetInInspection() || body.MeetInLoop();
        }
        body.ReportStuck();
        body.ReportCarries();
        body.ReportCalls();
    }

    private bool Advance(RankState state)
    {
        int first = state.Next;
        while (!state.IsDone && state.IsReady && Start(state, state.Next))
        {
            state.Next++;
        }
        return state.Next > first;
    }

    /// <summary>Starts a step; false when it has to wait for other ranks.</summary>
    private bool Start(RankState state, int step)
    {
        RankStep what = state.Body.Steps[step];
        switch (what)
        {
            case CombineStep { IsLocal: false } or ScatterStep { Exchange: not ScatterExchange.Alone } or InspectStep or GatherStep or LoopStep:
                return false;
            case ScanStep { CarryFrom: { } from } when _run.IsFollowed(from) && !IsCarryThere(state, from):
                return false;
            case SendStep send:
                StartSend(state, step, send);
                break;
            case ReceiveStep receive:
                StartReceive(state, step, receive);
                break;
            default:
                Execute(state, step, what);
                state.HasEnded[step] = true;
                break;
        }
        if (_counts)
        {
            _run.Steps++;
        }
        return true;
    }

    private void Execute(RankState state, int step, RankStep what)
    {
        switch (what)
        {
            case AllocateStep allocate:
                if (state.Contents[allocate.Buffer] is not null)
                {
                    Report(state, step, PlanViolationKind.Lifetime, $"b{allocate.Buffer} has memory already");
                    break;
                }
                state.Make(allocate.Buffer);
                break;
            case FreeStep free:
                Free(state, step, free.Buffer);
                break;
            case LaunchStep launch:
                Touch(state, step, launch.Node, [.. launch.Inputs, .. launch.Outputs], launch.Parts);
                break;
            case CombineStep combine:
                Touch(state, step, combine.Node, [.. combine.Inputs, combine.Output], [combine.Part]);
                break;
            case ScatterStep scatter:
                Touch(state, step, scatter.Node, [.. scatter.Inputs, scatter.Output], [scatter.Part]);
                break;
            case ScanStep scan:
                Scan(state, step, scan);
                break;
            case CopyStep copy:
                foreach ((Piece from, Piece to) in copy.Pieces)
                {
                    Receive(state, step, to, Take(state, step, from, to));
                }
                break;
            case ReshapeStep reshape:
                Reshape(state, step, reshape);
                break;
            case ReadFileStep read:
                var file = new GraphValue(read.Node, 0);
                if (HasType(state, step, read.Output, file))
                {
                    Write(state, step, read.Output, state.Body.Buffers[read.Output].Window.Intersect(_scope.Region.TypeOf(file).Box), Piece.AllColumns, _scope.NumberOf(file));
                }
                break;
            case CallStep call:
                Call(state, step, call);
                break;
        }
    }

    private void Report(RankState state, int step, PlanViolationKind kind, string text) => _run.Report(state.Rank, _scope, step, kind, text);

    private string NameOf(int node) =>
        string.IsNullOrEmpty(_scope.Region.Nodes[node].Name) ? $"%{node}" : $"%{node} '{_scope.Region.Nodes[node].Name}'";
}
