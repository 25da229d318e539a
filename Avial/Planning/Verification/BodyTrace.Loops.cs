using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    // How many steps of a loop, beside the telling ones, are looked at for the largest windows.
    private const long StepsForRoom = 64;

    /// <summary>When every rank that runs some loop has come to it: hands over, follows the body at telling steps, takes the results.</summary>
    private bool MeetInLoop()
    {
        foreach (RankState candidate in _states)
        {
            if (candidate.IsDone || !candidate.IsReady || candidate.Body.Steps[candidate.Next] is not LoopStep { Node: int node })
            {
                continue;
            }
            RankState[] taking = [.. _states.Where(s => s.Body.Steps.Any(x => x is LoopStep loop && loop.Node == node))];
            if (Array.TrueForAll(taking, s => !s.IsDone && s.IsReady && s.Body.Steps[s.Next] is LoopStep loop && loop.Node == node))
            {
                Loop(node, taking);
                Array.ForEach(taking, Pass);
                return true;
            }
        }
        return false;
    }

    private void Loop(int number, RankState[] taking)
    {
        GraphNode node = _scope.Region.Nodes[number];
        var loop = (LoopOperation)node.Operation;
        bool isMoving = UsesStep(loop.Body, loop.Carried) || Array.Exists(taking, s => StepOf(s).Bodies.IsMoving);
        long? count = _scope.ScalarsOf(node) is { } scalars ? (long)scalars[0] : null;
        long[] steps = Samples(count, isMoving);
        foreach (RankState state in taking)
        {
            HandOver(state, loop, StepOf(state).Bodies.At(0), StepOf(state));
        }
        var windows = new Dictionary<(RankId, int), (long Step, Box Window)>();
        var kept = new Dictionary<(RankId, int), ImmutableArray<Box>>();
        long[][]? room = isMoving && steps.Length > 1 ? [.. taking.Select(s => RoomOf(StepOf(s).Bodies, count, steps))] : null;
        bool isFirst = true;
        foreach (long step in steps)
        {
            BodyScope inside = _scope.Inside(number, step);
            (RankId, RankBody)[] bodies = [.. taking.Select(s => (s.Rank, StepOf(s).Bodies.At(step)))];
            if (Prepare(_run, inside, bodies) is not { } states)
            {
                return;
            }
            bool isBound = true;
            for (int n = 0; n < states.Length; n++)
            {
                states[n].Room = room?[n];
                isBound &= BeginStep(states[n], taking[n], loop, windows, step);
            }
            if (!isBound)
            {
                return;
            }
            CheckKept(states, kept);
            Follow(_run, inside, states, _counts && isFirst);
            isFirst = false;
            for (int n = 0; n < states.Length; n++)
            {
                EndStep(states[n], taking[n], loop, windows, step, isLast: step == count - 1 || count is null || loop.HasUntil || !StepOf(taking[n]).Bodies.IsMoving);
                taking[n].CountInner(states[n]);
            }
        }
        foreach (RankState state in taking)
        {
            TakeResults(state, number, loop);
        }
    }

    /// <summary>
    /// The memory of each buffer: where its window changes from step to step, that stays as large as the largest one asks for, with an eighth more room. Looked at are the telling steps,
    /// and others between them.
    /// </summary>
    private static long[] RoomOf(LoopBodies bodies, long? count, long[] steps)
    {
        long last = (count ?? steps.Length) - 1;
        long apart = Math.Max(1, last / StepsForRoom);
        var most = new Dictionary<int, long>();
        var moving = new HashSet<int>();
        ImmutableArray<RankBuffer> buffers = bodies.At(0).Buffers;
        for (long step = 0; step <= last; step += apart)
        {
            Note(step);
        }
        Array.ForEach(steps, Note);
        return [.. buffers.Select(b => checked((moving.Contains(b.Number) ? most[b.Number] + most[b.Number] / 8 : most[b.Number]) * b.Type.Element.PackedSize))];

        void Note(long step)
        {
            foreach (RankBuffer buffer in bodies.At(step).Buffers)
            {
                long elements = buffer.Window.Count;
                if (!most.TryAdd(buffer.Number, elements) && elements != most[buffer.Number])
                {
                    moving.Add(buffer.Number);
                    most[buffer.Number] = Math.Max(most[buffer.Number], elements);
                }
            }
        }
    }

    /// <summary>What is found at the first step only is for the parts of all steps.</summary>
    private void CheckKept(RankState[] states, Dictionary<(RankId, int), ImmutableArray<Box>> kept)
    {
        foreach (RankState state in states)
        {
            foreach (RankStep step in state.Body.Steps)
            {
                (int tag, ImmutableArray<Box> parts) = step switch
                {
                    InspectStep { Lasting.Loops: > 0 } inspect => (inspect.Tag, inspect.Parts),
                    ScatterStep { Lasting.Loops: > 0 } scatter => (scatter.Tag, [scatter.Part]),
                    _ => (-1, []),
                };
                if (tag >= 0 && !kept.TryAdd((state.Rank, tag), parts) && !kept[(state.Rank, tag)].SequenceEqual(parts))
                {
                    Report(state, -1, PlanViolationKind.Loop, $"what is found with tag {tag} is kept, and is for other parts at another step");
                }
            }
        }
    }

    private static LoopStep StepOf(RankState state) => (LoopStep)state.Body.Steps[state.Next];

    /// <summary>Does the step number decide what is read or computed?</summary>
    private static bool UsesStep(Region body, int parameter)
    {
        foreach (GraphNode node in body.Nodes)
        {
            for (int input = 0; input < node.Inputs.Length; input++)
            {
                if (node.Inputs[input] == GraphValue.Parameter(parameter)
                    || node.Operation is LoopOperation inner && input >= inner.Carried && node.Inputs[input] == GraphValue.Parameter(parameter) && UsesStep(inner.Body, input + 1))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static long[] Samples(long? count, bool isMoving)
    {
        if (count <= 0)
        {
            return [];
        }
        long[] steps = !isMoving ? [0] : count is not { } n ? [0, 1, 2] : [0, 1, 2, n / 2, n / 2 + 1, n - 2, n - 1];
        return [.. steps.Where(s => s >= 0 && (count is null || s < count)).Distinct().Order()];
    }

    /// <summary>The memory of the first state goes to the loop.</summary>
    private void HandOver(RankState state, LoopOperation loop, RankBody body, LoopStep step)
    {
        GraphNode node = _scope.Region.Nodes[step.Node];
        if (body.Parameters.Length != loop.Body.Parameters.Length || body.ParameterOwners.Length != loop.Body.Parameters.Length)
        {
            return;
        }
        foreach ((_, int outer) in step.Imports)
        {
            if (state.Contents[outer] is null)
            {
                Report(state, state.Next, PlanViolationKind.Lifetime, $"the loop uses b{outer}, which has no memory");
            }
        }
        if (step.Outputs[^1] is >= 0 and int done)
        {
            Write(state, state.Next, done, Box.OfExtents([]), Piece.AllColumns, _scope.NumberOf(new GraphValue(step.Node, loop.Carried)));
        }
        for (int k = 0; k < loop.Carried; k++)
        {
            int initial = step.Initial[k];
            int inner = body.Parameters[k];
            if (initial < 0)
            {
                if (inner >= 0)
                {
                    Report(state, state.Next, PlanViolationKind.Loop, $"carried value {k} starts from no buffer");
                }
                continue;
            }
            if (inner < 0 || inner >= body.Buffers.Length || body.Buffers[inner].Window != state.Body.Buffers[initial].Window)
            {
                Report(state, state.Next, PlanViolationKind.Loop, $"b{initial} with window {state.Body.Buffers[initial].Window} goes to the loop, which has "
                    + (inner < 0 || inner >= body.Buffers.Length ? "no buffer for it" : $"b{inner} with {body.Buffers[inner].Window}"));
            }
            if (OwnOf(body.ParameterOwners[k], state.Rank) is { IsEmpty: false } own && HasType(state, state.Next, initial, node.Inputs[k]))
            {
                Read(state, state.Next, initial, own, state.Steps.AllColumns(initial), _scope.NumberOf(node.Inputs[k]), $"the loop {NameOf(step.Node)}");
            }
            // Names that nothing uses any more go with the memory.
            if (state.Memory[initial]?.Shown.Any(shown => shown != initial
                && (!state.Steps.IsAfterLastUse(state.Next + 1, shown) || step.Initial.Contains(shown) || step.Imports.Any(i => i.Outer == shown))) == true)
            {
                Report(state, state.Next, PlanViolationKind.Lifetime, $"b{initial} goes to the loop and is shown by another buffer");
            }
        }
        foreach (int initial in step.Initial.Where(b => b >= 0))
        {
            if (step.Imports.Any(i => i.Outer == initial))
            {
                Report(state, state.Next, PlanViolationKind.Lifetime, $"b{initial} goes to the loop and is imported");
            }
            Free(state, state.Next, initial, isLastUse: true);
        }
    }

    /// <summary>Before a step of the loop: the state's own parts, the step number, and the imports, whatever they hold.</summary>
    private bool BeginStep(RankState inner, RankState outer, LoopOperation loop, Dictionary<(RankId, int), (long Step, Box Window)> windows, long step)
    {
        RankBody body = inner.Body;
        var imports = StepOf(outer).Imports.ToLookup(i => i.Inner, i => i.Outer);
        foreach ((int number, int from) in StepOf(outer).Imports)
        {
            if (!inner.Steps.IsBuffer(number) || body.Buffers[number].Origin != BufferOrigin.Given || inner.Contents[number] is not null
                || body.Buffers[number].Window != outer.Body.Buffers[from].Window || !GraphEquality.AreEqual(body.Buffers[number].Type, outer.Body.Buffers[from].Type))
            {
                Report(outer, outer.Next, PlanViolationKind.Loop, $"the loop's b{number} is not as b{from}, which it is said to be");
                return false;
            }
            inner.Make(number, counts: false);
            inner.Borrowed[number] = null;
            Import(inner, number, outer, from, loop);
        }
        for (int parameter = 0; parameter < body.Parameters.Length; parameter++)
        {
            int buffer = body.Parameters[parameter];
            if (buffer < 0)
            {
                continue;
            }
            if (parameter > loop.Carried)
            {
                if (!imports.Contains(buffer))
                {
                    Report(inner, -1, PlanViolationKind.Loop, $"b{buffer} of captured value {parameter} is no import");
                }
                continue;
            }
            if (inner.Contents[buffer] is not null)
            {
                Report(inner, -1, PlanViolationKind.Loop, $"b{buffer} of parameter {parameter} is another one's too");
                return false;
            }
            inner.Make(buffer);
            Hold(inner, buffer, GraphValue.Parameter(parameter), body.ParameterOwners[parameter]);
            if (parameter == loop.Carried)
            {
                inner.Borrowed[buffer] = null;
            }
            else if (windows.TryGetValue((inner.Rank, parameter), out var last) && last.Step == step - 1 && last.Window != body.Buffers[buffer].Window)
            {
                Report(inner, -1, PlanViolationKind.Loop, $"carried value {parameter} comes with window {last.Window} and is expected with {body.Buffers[buffer].Window}");
            }
        }
        return CheckGiven(inner);
    }

    private bool CheckGiven(RankState inner)
    {
        foreach (RankBuffer buffer in inner.Body.Buffers)
        {
            if (buffer.Origin == BufferOrigin.Given && inner.Contents[buffer.Number] is null)
            {
                Report(inner, -1, PlanViolationKind.Lifetime, $"b{buffer.Number} is given and is neither parameter nor import");
            }
        }
        return true;
    }

    /// <summary>What the outer buffer holds of captured values, the inner one holds of the parameters that stand for them.</summary>
    private void Import(RankState inner, int number, RankState outer, int from, LoopOperation loop)
    {
        if (outer.Contents[from] is not { } contents)
        {
            return;
        }
        BodyScope inside = inner.Steps.Scope;
        GraphNode node = _scope.Region.Nodes[StepOf(outer).Node];
        ArrayType type = outer.Body.Buffers[from].Type;
        for (int input = loop.Carried; input < node.Inputs.Length; input++)
        {
            if (GraphEquality.AreEqual(_scope.Region.TypeOf(node.Inputs[input]), type))
            {
                foreach (Held held in _scope.Find(contents, type, _scope.NumberOf(node.Inputs[input])))
                {
                    inner.Contents[number]!.Add(held with { Value = inside.NumberOf(GraphValue.Parameter(input + 1)) });
                }
            }
        }
    }

    /// <summary>After a step: the next state's own parts, each in memory that can go on to the next step.</summary>
    private void EndStep(RankState inner, RankState outer, LoopOperation loop, Dictionary<(RankId, int), (long Step, Box Window)> windows, long step, bool isLast)
    {
        RankBody body = inner.Body;
        var stay = new HashSet<int>();
        for (int result = 0; result < body.Results.Length; result++)
        {
            CheckResult(_run, inner, result, mustHold: result >= loop.Carried);
            int buffer = body.Results[result];
            if (buffer < 0)
            {
                if (result < loop.Carried && (body.Parameters[result] >= 0 || StepOf(outer).Outputs[result] >= 0))
                {
                    Report(inner, -1, PlanViolationKind.Loop, $"carried value {result} ends in no buffer");
                }
                continue;
            }
            bool isNew = stay.Add(buffer);
            if (result >= loop.Carried)
            {
                continue;
            }
            if (!isNew || inner.Borrowed.ContainsKey(buffer))
            {
                Report(inner, -1, PlanViolationKind.Loop, $"carried value {result} ends in b{buffer}, which {(isNew ? "belongs to others" : "is another result's")}");
            }
            windows[(inner.Rank, result)] = (step, body.Buffers[buffer].Window);
            CheckOutput(inner, outer, result, buffer, isLast);
            if (body.Parameters[result] < 0 || !SameOwners(body, inner.Rank, result))
            {
                Report(inner, -1, PlanViolationKind.Loop, $"carried value {result} is owned as {body.ParameterOwners[result]} before and {body.ResultOwners[result]} after a step");
            }
            bool isStill = !StepOf(outer).Bodies.IsMoving;
            if (isStill && body.Parameters[result] >= 0 && body.Buffers[body.Parameters[result]].Window != body.Buffers[buffer].Window)
            {
                Report(inner, -1, PlanViolationKind.Loop, $"carried value {result} ends with window {body.Buffers[buffer].Window} and begins with {body.Buffers[body.Parameters[result]].Window}");
            }
        }
        ReportLeaks(_run, inner, stay);
    }

    private static bool SameOwners(RankBody body, RankId rank, int result) =>
        OwnOf(body.ParameterOwners[result], rank) is not { IsEmpty: false } needed || OwnOf(body.ResultOwners[result], rank) is { } own && own.Contains(needed);

    private void CheckOutput(RankState inner, RankState outer, int result, int buffer, bool isLast)
    {
        int output = StepOf(outer).Outputs[result];
        if (output < 0)
        {
            Report(outer, outer.Next, PlanViolationKind.Loop, $"nothing takes the memory of carried value {result}");
        }
        else if (isLast && outer.Body.Buffers[output].Window != inner.Body.Buffers[buffer].Window)
        {
            Report(outer, outer.Next, PlanViolationKind.Loop,
                $"carried value {result} ends with window {inner.Body.Buffers[buffer].Window} and goes to b{output} with {outer.Body.Buffers[output].Window}");
        }
    }

    /// <summary>The memory of the last state comes back.</summary>
    private void TakeResults(RankState state, int number, LoopOperation loop)
    {
        LoopStep step = StepOf(state);
        RankBody body = step.Bodies.At(0);
        for (int k = 0; k < loop.Carried; k++)
        {
            int output = step.Outputs[k];
            var value = new GraphValue(number, k);
            if (output < 0 || !HasType(state, state.Next, output, value))
            {
                continue;
            }
            if (state.Contents[output] is not null || state.Body.Buffers[output].Origin == BufferOrigin.Given)
            {
                Report(state, state.Next, PlanViolationKind.Lifetime, $"b{output} takes a result of the loop and has memory already");
                continue;
            }
            state.Make(output);
            if (k < body.ResultOwners.Length)
            {
                Hold(state, output, value, body.ResultOwners[k]);
            }
        }
    }
}
