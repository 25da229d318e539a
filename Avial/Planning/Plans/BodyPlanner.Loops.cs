using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>Loops: what goes in, round and out; and the results of a body.</summary>
internal sealed partial class BodyPlanner
{
    private NodeBinding BindLoop(int n, GraphNode node, LoopOperation loop)
    {
        DistributionMap map = _body.Map.Bodies[n]!;
        BodyPlan inner = PlanLoopBody(_body, node, loop, map, _numbers, _tiles);
        _body.Loops.Add(n, inner);
        var binding = new NodeBinding { Inputs = new int[node.Inputs.Length], Outputs = new int[loop.Outputs.Length], Body = inner };
        Array.Fill(binding.Inputs, -1);
        for (int k = 0; k < loop.Carried; k++)
        {
            binding.Inputs[k] = BindInitial(n, node, k, map.Parameters[k], inner, binding);
        }
        foreach (CaptureUse capture in inner.Captures)
        {
            BindCapture(node, loop, capture, inner, binding);
        }
        for (int o = 0; o < binding.Outputs.Length; o++)
        {
            PlannedValue output = _outputs[n][o];
            PlannedBuffer buffer = NewBuffer(node.Name, output.Type);
            output.IsMine = true;
            output.Primary = buffer.Number;
            buffer.Window.Own(output.Owner);
            if (o < loop.Carried)
            {
                buffer.ShareWindow(inner.Buffers[inner.Parameters[o]]);
            }
            binding.Outputs[o] = buffer.Number;
        }
        return binding;
    }

    /// <summary>The buffer that the loop takes over as its first state.</summary>
    private int BindInitial(int n, GraphNode node, int k, Distribution carried, BodyPlan inner, NodeBinding binding)
    {
        PlannedValue value = ValueOf(node.Inputs[k]);
        PlannedBuffer state = inner.Buffers[inner.Parameters[k]];
        bool isOnlyUse = node.Inputs.Count(i => ReferenceEquals(ValueOf(i).Memory, value.Memory)) == 1;
        if (value.IsMine && value.LastUse == n && value.Owner.Equals(carried) && isOnlyUse)
        {
            Window(value.Primary).Own(carried);
            _body.Buffers[value.Primary].ShareWindow(state);
            return value.Primary;
        }
        int buffer = BindFresh(value, carried, node, binding);
        _body.Buffers[buffer].ShareWindow(state);
        return buffer;
    }

    /// <summary>A buffer of its own with a value's elements under a distribution: copied, or brought from other ranks.</summary>
    private int BindFresh(PlannedValue value, Distribution wanted, GraphNode? reader, NodeBinding binding)
    {
        var need = new OwnNeed(wanted) { Reader = reader, Span = reader?.Span ?? Diagnostics.SourceSpan.None };
        if (value.Owner.Equals(wanted) || value.Owner.Kind == DistributionKind.Everywhere)
        {
            PlannedBuffer fresh = NewBuffer(NameOf(value), value.Type);
            fresh.Window.Own(wanted);
            Window(value.Primary).Add(need);
            binding.Copies.Add(new PlannedCopy(value.Primary, fresh.Number, need));
            return fresh.Number;
        }
        var copy = new PlannedCopyBuffer(NewBuffer(NameOf(value), value.Type).Number, isPrivate: true, step: null, isImported: false);
        copy.Needs.Add(need);
        Window(copy.Buffer).Own(wanted);
        value.Copies.Add(copy);
        binding.Brought.Add((value, copy.Buffer));
        return copy.Buffer;
    }

    private void BindCapture(GraphNode node, LoopOperation loop, CaptureUse capture, BodyPlan inner, NodeBinding binding)
    {
        PlannedValue value = ValueOf(node.Inputs[capture.Parameter - 1]);
        List<Need> needs = [.. capture.Needs.Select(need => (Need)new InnerNeed(inner, need) { Reader = need.Reader, Span = need.Span, Columns = need.Columns })];
        if (capture.IsOwn && !ReferenceEquals(value.Memory, value) && value.Owner.Kind != DistributionKind.Everywhere)
        {
            // What a reshape shows is another array's memory, into which nothing is brought.
            var shown = new PlannedCopyBuffer(NewBuffer(NameOf(value), value.Type).Number, isPrivate: true, step: null, isImported: false);
            shown.Needs.Add(new OwnNeed(value.Owner) { Reader = node, Span = node.Span });
            shown.Needs.AddRange(needs);
            value.Copies.Add(shown);
            _body.Buffers[shown.Buffer].ShareWindow(inner.Buffers[capture.Buffer]);
            binding.Brought.Add((value, shown.Buffer));
            binding.Imports.Add((capture.Buffer, shown.Buffer));
            binding.Inputs[capture.Parameter - 1] = shown.Buffer;
            return;
        }
        if (capture.IsOwn)
        {
            if (value.Owner.Kind == DistributionKind.Everywhere)
            {
                AddMade(value, needs);
            }
            else
            {
                AddHalo(value, needs);
                binding.Brought.Add((value, value.Primary));
            }
            _body.Buffers[value.Primary].ShareWindow(inner.Buffers[capture.Buffer]);
            binding.Imports.Add((capture.Buffer, value.Primary));
            binding.Inputs[capture.Parameter - 1] = value.Primary;
            return;
        }
        PlannedCopyBuffer copy = AddCopy(value, isPrivate: true, isMoving: false);
        copy.Needs.AddRange(needs);
        needs.ForEach(Window(copy.Buffer).Add);
        binding.Brought.Add((value, copy.Buffer));
        binding.Imports.Add((capture.Buffer, copy.Buffer));
    }

    /// <summary>Says which buffers of this body are captured ones, once everything is bound.</summary>
    private void NoteCaptures()
    {
        if (_body.LoopNode?.Operation is not LoopOperation loop)
        {
            return;
        }
        for (int p = loop.Carried + 1; p < _parameters.Length; p++)
        {
            PlannedValue value = _parameters[p];
            _body.Captures.Add(new CaptureUse(p, value.Primary, true,
                value.Owner.Kind == DistributionKind.Everywhere ? [.. Window(value.Primary).Needs] : [.. value.HaloNeeds]));
            foreach (PlannedCopyBuffer copy in value.Copies.Where(c => c.IsImported))
            {
                _body.Captures.Add(new CaptureUse(p, copy.Buffer, false, [.. copy.Needs]));
            }
        }
    }

    /// <summary>True for a value from outside the loop: what the body needs of it is brought once, before.</summary>
    private bool IsCapture(PlannedValue value) =>
        _body.LoopNode?.Operation is LoopOperation loop && value.Value.IsParameter && value.Value.Output > loop.Carried;

    private void BindResults(Func<int, Distribution?> requested)
    {
        var taken = new HashSet<int>();
        int count = Region.Results.Length;
        int carried = _body.LoopNode?.Operation is LoopOperation loop ? loop.Carried : 0;
        _body.Results = new int[count];
        _body.ResultOwners = new Distribution[count];
        _resultBinding = new NodeBinding { Inputs = [] };
        for (int r = 0; r < count; r++)
        {
            PlannedValue value = ValueOf(Region.Results[r]);
            Distribution wanted = requested(r) ?? value.Owner;
            bool isShown = !ReferenceEquals(value.Memory, value);
            if (value.IsMine && !isShown && value.Owner.Equals(wanted) && taken.Add(value.Primary))
            {
                Window(value.Primary).Own(wanted);
                _body.Results[r] = value.Primary;
            }
            else
            {
                _body.Results[r] = BindFresh(value, wanted, null, _resultBinding);
            }
            _body.ResultOwners[r] = wanted;
            if (r < carried)
            {
                _body.Buffers[_body.Results[r]].ShareWindow(_body.Buffers[_body.Parameters[r]]);
            }
        }
    }

    private NodeBinding _resultBinding = null!;
}
