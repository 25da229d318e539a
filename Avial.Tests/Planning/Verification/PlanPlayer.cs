using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Verification;

/// <summary>A plan that did not run right, and why.</summary>
internal sealed class PlayFailure(string text) : Exception(text);

/// <summary>
/// Runs plans of all ranks element by element in one thread, in an order of steps drawn at random among those that the plan allows, and compares the results
/// with the interpreter's. Knows nothing of footprints, versions or races: undefined elements, missing memory and wrong numbers show by themselves.
/// </summary>
internal sealed class PlanPlayer
{
    private readonly Random _random;
    private readonly bool _inOrder;
    private readonly Dictionary<GraphNode, int> _calls = new(ReferenceEqualityComparer.Instance);

    // By sender, receiver and tag: what lines that a rank has scanned end with.
    private readonly Dictionary<(RankId From, RankId To, int Tag), Queue<Dictionary<string, ulong[]>>> _lines = [];

    private PlanPlayer(int seed, bool inOrder)
    {
        _random = new Random(seed);
        _inOrder = inOrder;
    }

    /// <summary>What goes wrong; null when nothing does. <paramref name="inOrder"/>: steps start as listed, else in any order the plan allows.</summary>
    public static string? Failure(ImmutableArray<RankPlan> plans, ulong[] scalars, int seed, bool inOrder)
    {
        Region region = plans[0].Body.Region;
        Storage[] sources = [.. region.Parameters.Select((type, n) => Source(type, new Random(seed + 1000 * n)))];
        Storage[] expected = GraphInterpreter.Run(region, sources, scalars);
        try
        {
            new PlanPlayer(seed, inOrder).Play(plans, scalars, sources, expected);
            return null;
        }
        catch (PlayFailure failure)
        {
            return failure.Message;
        }
    }

    private static Storage Source(ArrayType type, Random random)
    {
        Storage storage = Allocator.Shared.Allocate(type, "source");
        var array = new ArrayValue(storage);
        for (var walk = new BoxWalk(type.Box); walk.Next();)
        {
            for (int column = 0; column < array.Columns; column++)
            {
                array.Write(column, walk.Index, ScalarBits.OfInteger(type.Element.ColumnTypes[column], random.Next(1, 10)));
            }
        }
        return storage;
    }

    private void Play(ImmutableArray<RankPlan> plans, ulong[] scalars, Storage[] sources, Storage[] expected)
    {
        var frames = new List<Frame>();
        foreach (RankPlan plan in plans)
        {
            var frame = new Frame(plan.Rank, plan.Body, scalars);
            for (int n = 0; n < plan.Body.Parameters.Length; n++)
            {
                if (plan.Body.Parameters[n] >= 0 && Own(plan.Body.ParameterOwners[n], plan.Rank) is { } own)
                {
                    Array(frame, plan.Body.Parameters[n]).Load(new ArrayValue(sources[n]), own);
                }
            }
            frames.Add(frame);
        }
        Run(frames, plans.Length);
        foreach (Frame frame in frames)
        {
            for (int n = 0; n < frame.Body.Results.Length; n++)
            {
                if (Own(frame.Body.ResultOwners[n], frame.Rank) is { } own)
                {
                    frame[frame.Body.Results[n]].Compare(new ArrayValue(expected[n]), own, $"result {n} on {frame.Rank}");
                }
            }
        }
        foreach (GraphNode node in frames[0].Region.Nodes.Where(n => n.Operation is CallOperation { IsEffect: true }))
        {
            Require(_calls.GetValueOrDefault(node) == 1, "an effect does not happen once");
        }
    }

    private static Box? Own(Distribution owner, RankId rank) => owner.Kind switch
    {
        DistributionKind.OnOne when owner.Root != rank => null,
        DistributionKind.Blocks when rank.Value >= owner.Cells => null,
        _ => owner.Own(rank) is { IsEmpty: false } own ? own : null,
    };

    private static PlayArray Array(Frame frame, int buffer) => frame.Arrays[buffer] ??= new PlayArray(frame.Body.Buffers[buffer]);

    private void Run(List<Frame> frames, int ranks)
    {
        while (true)
        {
            List<Action> possible = Possible(frames, ranks);
            if (possible.Count == 0)
            {
                Require(frames.TrueForAll(f => System.Array.TrueForAll(f.HasEnded, e => e)), "nothing can go on");
                Require(_lines.Values.All(q => q.Count == 0), "nobody goes on with some lines");
                return;
            }
            possible[_random.Next(possible.Count)]();
        }
    }

    private List<Action> Possible(List<Frame> frames, int ranks)
    {
        var possible = new List<Action>();
        foreach (Frame frame in frames)
        {
            frame.StartAll(_inOrder);
            for (int step = 0; step < frame.Body.Steps.Length; step++)
            {
                if (frame.CanRun(step, _inOrder) && HasLines(frame, frame.Body.Steps[step]) && frame.Body.Steps[step] is not (SendStep or ReceiveStep or LoopStep or InspectStep or GatherStep or CombineStep { IsLocal: false } or ScatterStep { Exchange: not ScatterExchange.Alone }))
                {
                    int chosen = step;
                    possible.Add(() => Execute(frame, chosen));
                }
            }
        }
        foreach (Frame from in frames)
        {
            foreach (Frame to in frames.Where(f => f != from))
            {
                if (from.FirstMessage(s => s is SendStep send && send.To == to.Rank) is >= 0 and int send
                    && to.FirstMessage(s => s is ReceiveStep receive && receive.From == from.Rank) is >= 0 and int receive
                    && from.CanRun(send, _inOrder) && to.CanRun(receive, _inOrder))
                {
                    possible.Add(() => Carry(from, send, to, receive));
                }
            }
        }
        int[] meeting = [.. frames.Select(f => f.FirstMessage(s => s is CombineStep { IsLocal: false }))];
        if (frames.Count == ranks && frames.Select((f, n) => meeting[n] >= 0 && f.CanRun(meeting[n], _inOrder)).All(b => b))
        {
            possible.Add(() => Combine(frames, meeting));
        }
        int[] scattering = [.. frames.Select(f => f.FirstMessage(s => s is ScatterStep { Exchange: not ScatterExchange.Alone }))];
        if (frames.Count == ranks && frames.Select((f, n) => scattering[n] >= 0 && f.CanRun(scattering[n], _inOrder)).All(b => b))
        {
            possible.Add(() => Scatter(frames, scattering));
        }
        AddMeeting<InspectStep>(frames, ranks, Inspect, possible);
        AddMeeting<GatherStep>(frames, ranks, Gather, possible);
        foreach (int node in frames.SelectMany(f => f.Body.Steps).OfType<LoopStep>().Select(l => l.Node).Distinct())
        {
            Frame[] taking = [.. frames.Where(f => f.Body.Steps.Any(s => s is LoopStep loop && loop.Node == node))];
            int[] at = [.. taking.Select(f => f.FirstMessage(s => s is LoopStep loop && loop.Node == node))];
            if (taking.Select((f, n) => at[n] >= 0 && f.CanRun(at[n], _inOrder)).All(b => b))
            {
                possible.Add(() => Loop(taking, at, ranks));
            }
        }
        return possible;
    }

    private static void AddMeeting<T>(List<Frame> frames, int ranks, Action<List<Frame>, T[]> meet, List<Action> possible) where T : RankStep
    {
        int[] at = [.. frames.Select(f => f.FirstMessage(s => s is T))];
        if (frames.Count == ranks && frames.Select((f, n) => at[n] >= 0 && f.CanRun(at[n], inOrder: false)).All(b => b))
        {
            possible.Add(() =>
            {
                meet(frames, [.. frames.Select((f, n) => (T)f.Body.Steps[at[n]])]);
                for (int n = 0; n < at.Length; n++)
                {
                    frames[n].HasEnded[at[n]] = true;
                }
            });
        }
    }

    // Which places are read is not played: everything is brought.
    private static void Inspect(List<Frame> frames, InspectStep[] steps)
    {
        Require(System.Array.TrueForAll(steps, s => s.Number == steps[0].Number && s.Node == steps[0].Node && s.Input == steps[0].Input && s.Tag == steps[0].Tag), "inspections differ");
        for (int n = 0; n < steps.Length; n++)
        {
            frames[n].Inspections[steps[n].Number] = steps[n];
        }
    }

    private static void Gather(List<Frame> frames, GatherStep[] steps)
    {
        Require(System.Array.TrueForAll(steps, s => s.Inspection == steps[0].Inspection && s.Columns == steps[0].Columns && s.Tag == steps[0].Tag), "gathers differ");
        Require(frames.TrueForAll(f => f.Inspections.ContainsKey(steps[0].Inspection)), "there is no inspection");
        for (int from = 0; from < frames.Count; from++)
        {
            if (Own(frames[from].Inspections[steps[from].Inspection].Owner, frames[from].Rank) is not { } own)
            {
                continue;
            }
            var source = new Piece(steps[from].From, own, steps[from].Columns);
            for (int to = 0; to < frames.Count; to++)
            {
                if (to != from || steps[to].From != steps[to].To)
                {
                    Copy(frames[from], source, frames[to], source with { Buffer = steps[to].To });
                }
            }
        }
    }

    private static void Carry(Frame from, int sendStep, Frame to, int receiveStep)
    {
        var send = (SendStep)from.Body.Steps[sendStep];
        var receive = (ReceiveStep)to.Body.Steps[receiveStep];
        Require(send.Tag == receive.Tag && send.Pieces.Length == receive.Pieces.Length, "a message does not fit");
        for (int piece = 0; piece < send.Pieces.Length; piece++)
        {
            Copy(from, send.Pieces[piece], to, receive.Pieces[piece]);
        }
        from.HasEnded[sendStep] = true;
        to.HasEnded[receiveStep] = true;
    }

    private static void Copy(Frame from, Piece source, Frame to, Piece target)
    {
        ulong all = ColumnMask.OfFirst(from.Body.Buffers[source.Buffer].Type.Element.Columns.Length);
        Require(source.Box.Rank == target.Box.Rank && (source.Columns & all) == (target.Columns & all), "a piece does not fit");
        Require(Enumerable.Range(0, source.Box.Rank).All(a => source.Box.Length(a) == target.Box.Length(a)), "a piece is not as long");
        for (var walk = new BoxWalk(source.Box); walk.Next();)
        {
            long[] place = [.. walk.Index.ToArray().Select((p, a) => p - source.Box.Low[a] + target.Box.Low[a])];
            for (int column = 0; column < from[source.Buffer].Columns; column++)
            {
                if (source.Has(column))
                {
                    to[target.Buffer].Set(column, place, from[source.Buffer].Peek(column, walk.Index));
                }
            }
        }
    }

    private void Execute(Frame frame, int step)
    {
        switch (frame.Body.Steps[step])
        {
            case AllocateStep allocate:
                Require(frame.Arrays[allocate.Buffer] is null, "there is memory already");
                frame.Arrays[allocate.Buffer] = new PlayArray(frame.Body.Buffers[allocate.Buffer]);
                break;
            case FreeStep free:
                _ = frame[free.Buffer];
                frame.Arrays[free.Buffer] = null;
                break;
            case LaunchStep launch:
                Launch(frame, launch);
                break;
            case CombineStep combine:
                var element = NodePlayer.Of(frame, combine.Node, combine.Inputs).Reduced([combine.Part]);
                frame[combine.Output].SetElement([], element);
                break;
            case ScatterStep scatter:
                NodePlayer alone = NodePlayer.Of(frame, scatter.Node, scatter.Inputs);
                alone.Combine(alone.Contributions(scatter.Part), frame[scatter.Output], Own(scatter.Target, frame.Rank));
                break;
            case ScanStep scan:
                Scan(frame, scan);
                break;
            case CopyStep copy:
                foreach ((Piece from, Piece to) in copy.Pieces)
                {
                    Copy(frame, from, frame, to);
                }
                break;
            case ReshapeStep reshape:
                Require(frame.Arrays[reshape.To] is null, "there is memory already");
                frame.Arrays[reshape.To] = frame[reshape.From].As(frame.Body.Buffers[reshape.To]);
                break;
            case CallStep call:
                GraphNode node = frame.Region.Nodes[call.Node];
                _calls[node] = _calls.GetValueOrDefault(node) + 1;
                ReverseCall.Play(frame[call.Inputs[0]], frame[call.Outputs[0]]);
                break;
            default:
                throw new PlayFailure("unknown step");
        }
        frame.HasEnded[step] = true;
    }

    private static void Launch(Frame frame, LaunchStep launch)
    {
        NodePlayer player = NodePlayer.Of(frame, launch.Node, launch.Inputs);
        if (launch.Parts.All(p => p.IsEmpty))
        {
            return;
        }
        PlayArray[] outputs = [.. launch.Outputs.Select(o => frame[o])];
        player.Launch(outputs, launch.Parts, launch.Within);
    }

    private bool HasLines(Frame frame, RankStep step) => step is not ScanStep { CarryFrom: { } from } scan
        || _lines.TryGetValue((from, frame.Rank, scan.Tag), out Queue<Dictionary<string, ulong[]>>? queue) && queue.Count > 0;

    private void Scan(Frame frame, ScanStep scan)
    {
        Dictionary<string, ulong[]> begin = scan.CarryFrom is { } from ? _lines[(from, frame.Rank, scan.Tag)].Dequeue() : [];
        Dictionary<string, ulong[]> end = NodePlayer.Of(frame, scan.Node, scan.Inputs).Scan(frame[scan.Output], scan.Part, begin);
        if (scan.CarryTo is { } to)
        {
            if (!_lines.TryGetValue((frame.Rank, to, scan.Tag), out Queue<Dictionary<string, ulong[]>>? queue))
            {
                _lines[(frame.Rank, to, scan.Tag)] = queue = [];
            }
            queue.Enqueue(end);
        }
    }

    private static void Combine(List<Frame> frames, int[] at)
    {
        CombineStep[] steps = [.. frames.Select((f, n) => (CombineStep)f.Body.Steps[at[n]])];
        Require(System.Array.TrueForAll(steps, s => s.Node == steps[0].Node && s.Tag == steps[0].Tag), "combinations differ");
        var values = new List<ulong[]>();
        for (int n = 0; n < steps.Length; n++)
        {
            values.AddRange(NodePlayer.Of(frames[n], steps[n].Node, steps[n].Inputs).Values(steps[n].Part));
        }
        for (int n = 0; n < steps.Length; n++)
        {
            frames[n][steps[n].Output].SetElement([], NodePlayer.Of(frames[n], steps[n].Node, steps[n].Inputs).Reduced(values));
            frames[n].HasEnded[at[n]] = true;
        }
    }

    private static void Scatter(List<Frame> frames, int[] at)
    {
        ScatterStep[] steps = [.. frames.Select((f, n) => (ScatterStep)f.Body.Steps[at[n]])];
        Require(System.Array.TrueForAll(steps, s => s.Node == steps[0].Node && s.Tag == steps[0].Tag && s.Exchange == steps[0].Exchange && s.Target.Equals(steps[0].Target)), "scatters differ");
        NodePlayer[] players = [.. frames.Select((f, n) => NodePlayer.Of(f, steps[n].Node, steps[n].Inputs))];
        IEnumerable<Contribution> all = players.SelectMany((p, n) => p.Contributions(steps[n].Part));
        List<Contribution> ordered = [.. steps[0].Exchange == ScatterExchange.Numbered ? all.OrderBy(c => c.Source) : all];
        for (int n = 0; n < steps.Length; n++)
        {
            players[n].Combine(ordered, frames[n][steps[n].Output], Own(steps[n].Target, frames[n].Rank));
            frames[n].HasEnded[at[n]] = true;
        }
    }

    private void Loop(Frame[] taking, int[] at, int ranks)
    {
        LoopStep[] steps = [.. taking.Select((f, n) => (LoopStep)f.Body.Steps[at[n]])];
        GraphNode node = taking[0].Region.Nodes[steps[0].Node];
        var loop = (LoopOperation)node.Operation;
        ulong[] scalars = [.. node.Scalars.Select(s => taking[0].Scalars[s])];
        PlayArray?[][] state = [.. taking.Select((f, n) => steps[n].Initial.Select(b => b < 0 ? null : f.Take(b)).ToArray())];
        long count = (long)scalars[0];
        for (long step = 0; step < count; step++)
        {
            var frames = new List<Frame>();
            for (int n = 0; n < taking.Length; n++)
            {
                var frame = new Frame(taking[n].Rank, steps[n].Bodies.At(step), scalars);
                foreach ((int inner, int outer) in steps[n].Imports)
                {
                    frame.Arrays[inner] = taking[n][outer];
                }
                for (int k = 0; k < loop.Carried; k++)
                {
                    if (frame.Body.Parameters[k] >= 0)
                    {
                        frame.Arrays[frame.Body.Parameters[k]] = state[n][k]?.Again(frame.Body.Buffers[frame.Body.Parameters[k]]);
                    }
                }
                if (frame.Body.Parameters[loop.Carried] is >= 0 and int number)
                {
                    Array(frame, number).SetElement([], [(ulong)step]);
                }
                frames.Add(frame);
            }
            Run(frames, ranks);
            for (int n = 0; n < taking.Length; n++)
            {
                state[n] = [.. frames[n].Body.Results.Take(loop.Carried).Select(b => b < 0 ? null : frames[n][b])];
            }
            if (loop.HasUntil)
            {
                ulong[] tests = [.. frames.Select(f => f[f.Body.Results[^1]].Peek(0, []) ?? throw new PlayFailure("the test is undefined"))];
                Require(System.Array.TrueForAll(tests, t => t == tests[0]), "the ranks do not agree on the test");
                count = tests[0] != 0 ? step + 1 : count;
            }
        }
        for (int n = 0; n < taking.Length; n++)
        {
            for (int k = 0; k < loop.Carried; k++)
            {
                if (steps[n].Outputs[k] >= 0)
                {
                    taking[n].Arrays[steps[n].Outputs[k]] = state[n][k]?.Again(taking[n].Body.Buffers[steps[n].Outputs[k]]);
                }
            }
            if (steps[n].Outputs[^1] >= 0)
            {
                taking[n][steps[n].Outputs[^1]].SetElement([], [(ulong)count]);
            }
            taking[n].HasEnded[at[n]] = true;
        }
    }

    public static void Require(bool holds, string failure)
    {
        if (!holds)
        {
            throw new PlayFailure(failure);
        }
    }

    /// <summary>One rank in one body.</summary>
    internal sealed class Frame(RankId rank, RankBody body, ulong[] scalars)
    {
        private int _started;

        public RankId Rank => rank;

        public RankBody Body => body;

        public Region Region => body.Region;

        public ulong[] Scalars => scalars;

        public PlayArray?[] Arrays { get; } = new PlayArray?[body.Buffers.Length];

        public bool[] HasEnded { get; } = new bool[body.Steps.Length];

        public Dictionary<int, InspectStep> Inspections { get; } = [];

        public PlayArray this[int buffer] => buffer >= 0 && Arrays[buffer] is { } array ? array : throw new PlayFailure($"b{buffer} has no memory");

        public PlayArray Take(int buffer)
        {
            PlayArray array = this[buffer];
            Arrays[buffer] = null;
            return array;
        }

        public bool CanRun(int step, bool inOrder) => !HasEnded[step] && IsReady(step) && (!inOrder || step <= _started);

        /// <summary>The first step of a kind that has not ended.</summary>
        public int FirstMessage(Predicate<RankStep> isIt)
        {
            for (int step = 0; step < body.Steps.Length; step++)
            {
                if (!HasEnded[step] && isIt(body.Steps[step]))
                {
                    return step;
                }
            }
            return -1;
        }

        /// <summary>In order: all up to the first step that has to wait, or is not a message and not done, have started.</summary>
        public void StartAll(bool inOrder)
        {
            while (inOrder && _started < body.Steps.Length && (HasEnded[_started] || body.Steps[_started] is SendStep or ReceiveStep && IsReady(_started)))
            {
                _started++;
            }
        }

        private bool IsReady(int step) => body.Steps[step].After.All(a => HasEnded[a]);
    }
}
