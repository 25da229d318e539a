using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>
/// Reshapes between arrays cut along their first axis: parts are ranges of the row-major order on both sides, so that what moves between ranks are ranges of the flat
/// array. Memory is seen flat, ranges are exchanged, and what came is seen with the new extents.
/// </summary>
internal sealed partial class BodyPlanner
{
    /// <summary>True when ranks hold other elements of the result than of the input.</summary>
    private bool IsReshapedFlat(int n)
    {
        DistributionKind output = _outputs[n][0].Owner.Kind;
        return output == DistributionKind.Blocks || output == DistributionKind.OnOne && ValueOf(Region.Nodes[n].Inputs[0]).Owner.Kind == DistributionKind.Everywhere;
    }

    private NodeBinding BindReshapeOfSlabs(int n, GraphNode node, PlannedValue value, PlannedValue output)
    {
        Distribution slabs = SlabsOf(value.Owner);
        if (!LinearRange.TryFlatten(slabs, out Distribution? from) || !LinearRange.TryFlatten(output.Owner, out Distribution? to))
        {
            throw new InternalErrorException($"'{node.Name}' reshapes {slabs} to {output.Owner}.");
        }
        var binding = new NodeBinding { Inputs = new int[1], Outputs = new int[1] };
        var need = new OwnNeed(slabs) { Reader = node, Span = node.Span };
        if (slabs.Kind != DistributionKind.Everywhere)
        {
            // Other readers' halos widen the value's own window, which is then no range.
            PlannedCopyBuffer copy = AddCopy(value, isPrivate: true, isMoving: false);
            copy.Needs.Add(need);
            Window(copy.Buffer).Add(need);
            binding.Brought.Add((value, copy.Buffer));
            binding.Inputs[0] = copy.Buffer;
        }
        else
        {
            binding.Inputs[0] = Assign(value, [need], binding, isWhole: true);
        }
        var line = new ArrayType(value.Type.Element, [value.Type.Count]);
        bool isSeenFlat = value.Type.Rank != 1 || output.Type.Rank == 1;
        PlannedBuffer source = isSeenFlat ? NewBuffer($"{node.Name} (flat)", line) : _body.Buffers[binding.Inputs[0]];
        if (isSeenFlat)
        {
            source.Shows = binding.Inputs[0];
            source.Window.Own(from);
        }
        PlannedBuffer target = NewBuffer(output.Type.Rank == 1 ? node.Name : $"{node.Name} (flat)", line);
        target.Window.Own(to);
        // The result's own window may be wider than the range, too.
        int view = -1;
        PlannedBuffer result = target;
        if (output.Type.Rank != 1)
        {
            PlannedBuffer shown = NewBuffer($"{node.Name} (received)", output.Type);
            shown.Shows = target.Number;
            shown.Window.Own(output.Owner);
            view = shown.Number;
            result = NewBuffer(node.Name, output.Type);
            result.Window.Own(output.Owner);
        }
        output.IsMine = true;
        output.Primary = result.Number;
        binding.Outputs[0] = result.Number;
        binding.Flat = new FlatReshape(source.Number, from, target.Number, to, view);
        return binding;
    }

    private void EmitReshapeOfSlabs(int n, int input, int output, FlatReshape flat)
    {
        if (flat.Source != input)
        {
            _body.Steps.Add(new PlannedReshape(n, input, flat.Source));
        }
        GraphNode node = Region.Nodes[n];
        var need = new OwnNeed(flat.To) { Reader = node, Span = node.Span };
        if (flat.From.Kind == DistributionKind.Everywhere)
        {
            _body.Steps.Add(new PlannedCopy(flat.Source, flat.Target, need));
        }
        else
        {
            _body.Steps.Add(new PlannedExchange(_numbers.NextTag(), [new Transfer(node.Inputs[0], flat.From, flat.Source, flat.Target, [need])]));
        }
        if (flat.View >= 0)
        {
            _body.Steps.Add(new PlannedReshape(n, flat.Target, flat.View));
            _body.Steps.Add(new PlannedCopy(flat.View, output, new OwnNeed(_body.Map.Outputs[n][0]) { Reader = node, Span = node.Span }));
        }
    }

    /// <summary>A distribution of the same array whose parts are ranges of its row-major order.</summary>
    private static Distribution SlabsOf(Distribution owner)
    {
        if (owner.Kind != DistributionKind.Blocks || LinearRange.TryFlatten(owner, out _))
        {
            return owner;
        }
        int[] grid = [.. Enumerable.Repeat(1, owner.Space.Rank)];
        grid[0] = owner.Ranks;
        return Distribution.Blocks(owner.Space, grid, owner.Ranks);
    }

    /// <summary>The flat array on both sides of an exchange, and what came seen with the result's extents (-1: the result is flat).</summary>
    private sealed record FlatReshape(int Source, Distribution From, int Target, Distribution To, int View);
}
