using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>Where nodes read and write.</summary>
internal sealed partial class BodyPlanner
{
    private NodeBinding Bind(int n)
    {
        GraphNode node = Region.Nodes[n];
        return node.Operation switch
        {
            LoopOperation loop => BindLoop(n, node, loop),
            ReshapeOperation => BindReshape(n, node),
            CallOperation => BindCall(n, node),
            _ => BindComputation(n, node),
        };
    }

    private NodeBinding BindComputation(int n, GraphNode node)
    {
        int[] starts = KernelNeeds.StartsFrom(node.Operation);
        var needs = new List<Need>[node.Inputs.Length];
        List<InspectedRead> inspected = InspectedOf(n, node);
        ImmutableArray<Need> selfNeeds = AddKernelNeeds(n, node, needs, inspected);
        for (int o = 0; o < starts.Length; o++)
        {
            if (starts[o] >= 0)
            {
                (needs[starts[o]] ??= []).Add(new OwnNeed(_body.Map.Outputs[n][o]) { Reader = node, Span = node.Span });
            }
        }
        var binding = new NodeBinding
        {
            Inputs = new int[node.Inputs.Length],
            Outputs = new int[node.Operation.Outputs.Length],
            CopiedFrom = new int[node.Operation.Outputs.Length],
        };
        for (int i = 0; i < needs.Length; i++)
        {
            binding.Inputs[i] = needs[i] is { Count: > 0 } some ? Assign(ValueOf(node.Inputs[i]), some, binding) : -1;
        }
        SayWhyWhole(n, node, needs, inspected);
        foreach (InspectedRead read in inspected)
        {
            binding.Inspected.Add((read, ValueOf(node.Inputs[read.Input]), [.. needs[read.Input].Where(need => need.IsInspected)]));
        }
        for (int o = 0; o < binding.Outputs.Length; o++)
        {
            BindOutput(n, node, o, starts, binding);
        }
        binding.SelfNeeds = selfNeeds;
        foreach (Need need in selfNeeds)
        {
            Window(binding.Outputs[0]).Add(need);
        }
        return binding;
    }

    private void BindOutput(int n, GraphNode node, int o, int[] starts, NodeBinding binding)
    {
        PlannedValue output = _outputs[n][o];
        output.IsMine = true;
        binding.CopiedFrom[o] = -1;
        if (starts[o] >= 0 && MayOverwrite(n, node, starts, o, binding))
        {
            output.Primary = binding.Inputs[starts[o]];
        }
        else
        {
            output.Primary = NewBuffer(node.Name, output.Type).Number;
            binding.CopiedFrom[o] = starts[o] < 0 ? -1 : binding.Inputs[starts[o]];
        }
        // What every rank can make for itself is made only as far as it is needed.
        if (output.Owner.Kind != DistributionKind.Everywhere || node.Operation is not (FillOperation or FileOperation))
        {
            Window(output.Primary).Own(output.Owner);
        }
        binding.Outputs[o] = output.Primary;
        if (o > 0)
        {
            // One offset serves all outputs of a launch.
            _body.Buffers[output.Primary].ShareWindow(_body.Buffers[binding.Outputs[0]]);
        }
    }

    /// <summary>Adds what kernels read, by input; gives what a sweep over several ranks reads of its own array, where it is written.</summary>
    private ImmutableArray<Need> AddKernelNeeds(int n, GraphNode node, List<Need>[] needs, List<InspectedRead> inspected)
    {
        if (_body.NeedsOf(n) is null)
        {
            return [];
        }
        NodeParts parts = _body.PartsOf(n);
        ImmutableArray<Need> self = KernelNeeds.Add(parts, needs, inspected.Aggregate(0UL, (bits, read) => bits | 1UL << read.Input));
        _body.IsMovingWithStep |= !parts.IsConstant || self.Any(need => need.IsMoving) || needs.Any(some => some is not null && some.Exists(need => need.IsMoving));
        return self;
    }

    private NodeBinding BindCall(int n, GraphNode node)
    {
        Distribution runsOn = _body.Map.Outputs[n].Length == 0 ? Distribution.OnOne(new Box([], []), new RankId(0), _body.Ranks) : _body.Map.Outputs[n][0];
        var binding = new NodeBinding { Inputs = new int[node.Inputs.Length], Outputs = new int[node.Operation.Outputs.Length] };
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            PlannedValue value = ValueOf(node.Inputs[i]);
            binding.Inputs[i] = Assign(value, [new OwnNeed(Distribution.OnOne(value.Type.Box, runsOn.Root, _body.Ranks)) { Reader = node, Span = node.Span }], binding, isWhole: true);
        }
        for (int o = 0; o < binding.Outputs.Length; o++)
        {
            PlannedValue output = _outputs[n][o];
            output.IsMine = true;
            output.Primary = NewBuffer(node.Name, output.Type).Number;
            Window(output.Primary).Own(output.Owner);
            binding.Outputs[o] = output.Primary;
        }
        return binding;
    }

    /// <summary>A reshape shows the input's memory where both lie whole on the same ranks.</summary>
    private NodeBinding BindReshape(int n, GraphNode node)
    {
        PlannedValue value = ValueOf(node.Inputs[0]);
        PlannedValue output = _outputs[n][0];
        if (IsReshapedFlat(n))
        {
            return BindReshapeOfSlabs(n, node, value, output);
        }
        Distribution wanted = output.Owner.Kind switch
        {
            DistributionKind.Everywhere => Distribution.Everywhere(value.Type.Box, _body.Ranks),
            DistributionKind.OnOne => Distribution.OnOne(value.Type.Box, output.Owner.Root, _body.Ranks),
            _ => throw new InternalErrorException($"'{node.Name}' is reshaped to {output.Owner}."),
        };
        var binding = new NodeBinding { Inputs = new int[1], Outputs = new int[1] };
        binding.Inputs[0] = Assign(value, [new OwnNeed(wanted) { Reader = node, Span = node.Span }], binding, isWhole: true);
        PlannedBuffer shown = NewBuffer(node.Name, output.Type);
        shown.Shows = binding.Inputs[0];
        shown.Window.Own(output.Owner);
        output.Primary = shown.Number;
        binding.Outputs[0] = shown.Number;
        return binding;
    }

    /// <summary>Gives the buffer of a value from which all these needs can be read. <paramref name="isWhole"/>: its window must be exactly what is needed.</summary>
    private int Assign(PlannedValue value, List<Need> needs, NodeBinding binding, bool isWhole = false)
    {
        if (value.Owner.Kind == DistributionKind.Everywhere)
        {
            AddMade(value, needs);
            return value.Primary;
        }
        bool isShown = !ReferenceEquals(value.Memory, value);
        if (isShown ? IsOnOneWith(value.Owner, needs) : isWhole ? HoldsAll(value.Owner, needs) : Nearness.IsNear([value.Owner], value.HaloNeeds, needs, value.Owner))
        {
            AddHalo(value, needs);
            binding.Brought.Add((value, value.Primary));
            return value.Primary;
        }
        bool isMoving = needs.Exists(n => n.IsMoving);
        PlannedCopyBuffer? copy = value.Copies.Find(c => !c.IsPrivate && c.IsMoving == isMoving
            && (isWhole ? c.Needs.Any(n => SameOwn(n, needs)) : Nearness.IsNear([], c.Needs, needs, value.Owner)));
        copy ??= AddCopy(value, isPrivate: false, isMoving);
        foreach (Need need in needs)
        {
            copy.Needs.Add(need);
            Window(copy.Buffer).Add(need);
        }
        binding.Brought.Add((value, copy.Buffer));
        return copy.Buffer;
    }

    // A step in the middle, where what moves with it has moved some way.
    private static SymbolScope MiddleStep(ArrayType type) => new([], type.Extents.IsEmpty ? 0 : type.Extents.Max() / 2, null);

    /// <summary>Widens the window of a value that every rank has to what is needed of it.</summary>
    private void AddMade(PlannedValue value, IEnumerable<Need> needs)
    {
        foreach (Need need in needs)
        {
            Window(value.Primary).Add(new CanonicalNeed(need, value.Type.Extents) { Reader = need.Reader, Span = need.Span, Columns = need.Columns });
        }
    }

    private PlannedCopyBuffer AddCopy(PlannedValue value, bool isPrivate, bool isMoving)
    {
        bool isImported = !isPrivate && !isMoving && IsCapture(value);
        PlannedBuffer buffer = NewBuffer($"{NameOf(value)} (brought)", value.Type, isImported ? BufferOrigin.Given : BufferOrigin.Step, isExact: true);
        var copy = new PlannedCopyBuffer(buffer.Number, isPrivate, isMoving ? MiddleStep(value.Type) : null, isImported);
        value.Copies.Add(copy);
        return copy;
    }

    private void AddHalo(PlannedValue value, List<Need> needs)
    {
        foreach (Need need in needs)
        {
            if (need is OwnNeed own && own.Consumer.Equals(value.Owner))
            {
                continue;
            }
            value.HaloNeeds.Add(need);
            Window(value.Primary).Add(need);
        }
    }

    private static bool HoldsAll(Distribution owner, List<Need> needs) => needs.TrueForAll(n => n is OwnNeed own && own.Consumer.Equals(owner));

    // What a reshape shows is another array's memory: nothing is brought into it.
    private static bool IsOnOneWith(Distribution owner, List<Need> needs) =>
        owner.Kind == DistributionKind.OnOne && needs.TrueForAll(n => n.Consumer.Kind == DistributionKind.OnOne && n.Consumer.Root == owner.Root);

    private static bool SameOwn(Need need, List<Need> needs) => needs is [OwnNeed wanted] && need is OwnNeed own && own.Consumer.Equals(wanted.Consumer);

    /// <summary>
    /// True when an output may be written over what it starts from: nobody reads that any more, and the kernel does not either (beyond a sweep's own array), so that
    /// code generators may say that buffers of one call never share memory; or it reads there only what stays as it is, and is compiled for that.
    /// </summary>
    private bool MayOverwrite(int n, GraphNode node, int[] starts, int output, NodeBinding binding)
    {
        int start = starts[output];
        PlannedValue value = ValueOf(node.Inputs[start]);
        if (!value.IsMine || value.LastUse != n || binding.Inputs[start] != value.Primary || !value.Owner.Equals(_outputs[n][output].Owner))
        {
            return false;
        }
        PlannedValue memory = value.Memory;
        bool Shows(int input) => ReferenceEquals(ValueOf(node.Inputs[input]).Memory, memory);
        if (starts.Count(s => s >= 0 && Shows(s)) != 1)
        {
            return false;
        }
        // A parameter is read again by every stage.
        if (Kernels.UsesOf(node.Operation).Any(u => u.Arguments.Any(a => a.Kind == ArgumentKind.Input && Shows(a.Position))))
        {
            return false;
        }
        if (!Reads(node, Shows))
        {
            return true;
        }
        if (!InPlaceReads.MayOverwrite(Region, node, start))
        {
            return false;
        }
        if (!_body.ReadInPlace.TryGetValue(n, out int[]? outputs))
        {
            outputs = [.. node.Inputs.Select(_ => -1)];
            _body.ReadInPlace.Add(n, outputs);
        }
        // What was brought into other buffers is not written over.
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = binding.Inputs[i] == value.Primary ? output : outputs[i];
        }
        return true;
    }

    private static bool Reads(GraphNode node, Func<int, bool> shows)
    {
        foreach (KernelUse use in Kernels.UsesOf(node.Operation))
        {
            for (int operand = 0; operand < use.Operands.Length; operand++)
            {
                if (shows(use.Operands[operand]) && !FusedNode.IsSelf(node.Operation, operand))
                {
                    return true;
                }
            }
        }
        return false;
    }
}
