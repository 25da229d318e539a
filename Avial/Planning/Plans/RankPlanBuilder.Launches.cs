using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;

namespace Avial.Planning.Plans;

/// <summary>Launches: parts, what they read and write, and what can be computed while messages travel.</summary>
internal sealed partial class RankPlanBuilder
{
    private void AddLaunch(PlannedLaunch launch)
    {
        GraphNode node = _plan.Region.Nodes[launch.Node];
        NodeParts parts = _plan.PartsOf(launch.Node);
        var boxes = new Box[parts.Pieces];
        bool isAny = false;
        for (int piece = 0; piece < boxes.Length; piece++)
        {
            Box? part = node.Operation is FillOperation ? FilledPart(launch) : parts.Of(_rank, piece, _scope);
            // A reduction of nothing has a result, or stops; a scatter of nothing leaves its target.
            isAny |= part is { } some && (!some.IsEmpty || node.Operation is ReduceOperation or ScatterOperation);
            boxes[piece] = part ?? EmptyPart(node, piece);
        }
        // Who has nothing of a scatter's target has no use for contributions to it.
        if (!isAny || node.Operation is ScatterOperation && !_plan.Map.Outputs[launch.Node][0].Owns(_rank))
        {
            return;
        }
        if (launch.IsOverlapping && Interior(launch, parts, boxes) is { } interior)
        {
            AddLaunch(launch, node, interior);
            foreach (Box[] edge in Edges(boxes, interior))
            {
                AddLaunch(launch, node, edge);
            }
            return;
        }
        AddLaunch(launch, node, boxes);
    }

    private void AddLaunch(PlannedLaunch launch, GraphNode node, Box[] boxes)
    {
        var touches = new List<Touch>(Reads(launch.Node, launch.Inputs, boxes));
        for (int o = 0; o < launch.Outputs.Length; o++)
        {
            touches.AddRange(Written(node, launch.Node, launch.Outputs[o], boxes));
        }
        Add(new LaunchStep(launch.Node, launch.Inputs, launch.Outputs, [.. boxes]), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(touches));
    }

    private void AddScan(PlannedScan scan)
    {
        if (_plan.PartsOf(scan.Node).Of(_rank, 0, _scope) is not { IsEmpty: false } part)
        {
            return;
        }
        var operation = (ScanOperation)_plan.Region.Nodes[scan.Node].Operation;
        Distribution owner = _plan.Map.Outputs[scan.Node][0];
        Box own = owner.Own(_rank);
        int axis = operation.Axis;
        RankId? lower = OwnerOf(owner, own.With(axis, own.Low[axis] - 1, own.Low[axis]));
        RankId? higher = OwnerOf(owner, own.With(axis, own.High[axis], own.High[axis] + 1));
        (RankId? from, RankId? to) = operation.Domain.Axes[axis].IsReversed ? (higher, lower) : (lower, higher);
        Add(new ScanStep(scan.Node, scan.Inputs, scan.Output, part, from, to, scan.Tag),
            [.. Reads(scan.Node, scan.Inputs, [part]), new Touch(scan.Output, own, IsWrite: true)], isOrdered: true);
    }

    private void AddScatter(PlannedScatter scatter)
    {
        Distribution target = _plan.Map.Outputs[scatter.Node][0];
        Box part = _plan.PartsOf(scatter.Node).Of(_rank, 0, _scope) ?? EmptyPart(_plan.Region.Nodes[scatter.Node], 0);
        if (scatter.Exchange == ScatterExchange.Alone && !target.Owns(_rank))
        {
            return;
        }
        Add(new ScatterStep(scatter.Node, scatter.Inputs, scatter.Output, part, target, scatter.Exchange, scatter.Lasting, scatter.Tag),
            [.. Reads(scatter.Node, scatter.Inputs, [part]), Writes(scatter.Output)]);
    }

    // Blocks of one grid: whoever owns some of a face beside a part owns all of it.
    private static RankId? OwnerOf(Distribution owner, Box face)
    {
        foreach (RankId rank in owner.OwnersOf(face))
        {
            return rank;
        }
        return null;
    }

    // What every rank makes for itself is made where the window is.
    private Box? FilledPart(PlannedLaunch launch)
    {
        Distribution owner = _plan.Map.Outputs[launch.Node][0];
        Box window = owner.Kind == DistributionKind.Everywhere ? _buffers[launch.Outputs[0]].Window
            : owner.TryOwn(_rank, out Box own) ? own : Box.Nothing(owner.Space.Rank);
        return window.IsEmpty ? null : window;
    }

    private IEnumerable<Touch> Written(GraphNode node, int number, int output, Box[] boxes)
    {
        for (int piece = 0; piece < boxes.Length; piece++)
        {
            // A reduction of nothing writes too.
            if (boxes[piece].IsEmpty && node.Operation is not (ScatterOperation or ReduceOperation))
            {
                continue;
            }
            Box? written = node.Operation switch
            {
                MapOperation map => map.Origin.IsDefaultOrEmpty ? boxes[piece] : boxes[piece].Shift([.. map.Origin.Select(o => -o)]),
                FillOperation or SweepOperation => boxes[piece],
                _ => _plan.Map.Outputs[number][0].TryOwn(_rank, out Box own) ? own : null,
            };
            yield return new Touch(output, written, IsWrite: true);
            if (node.Operation is SweepOperation)
            {
                yield return new Touch(output, null, IsWrite: false);
            }
        }
    }

    /// <summary>What the kernels of a node read of each buffer over these parts.</summary>
    private List<Touch> Reads(int number, ImmutableArray<int> inputs, Box[] boxes)
    {
        var touches = new List<Touch>();
        NodeParts parts = _plan.PartsOf(number);
        var isPrecise = new bool[inputs.Length];
        foreach (InputNeeds input in _plan.NeedsOf(number)?.Inputs ?? [])
        {
            if (input.IsSelf || inputs[input.Input] < 0)
            {
                continue;
            }
            isPrecise[input.Input] = true;
            foreach (NeedFormula access in input.Accesses)
            {
                if (!boxes[input.Piece].IsEmpty && parts.Evaluate(access, boxes[input.Piece], _scope, isExact: true) is { } box)
                {
                    RankBuffer buffer = _buffers[inputs[input.Input]];
                    foreach (PeriodicPiece place in PeriodicPlaces.Of(box, axis => access.IsWrapping[axis], buffer.Type, buffer.Window))
                    {
                        touches.Add(new Touch(inputs[input.Input], place.Unwrapped, IsWrite: false));
                    }
                }
            }
        }
        foreach (KernelUse use in Kernels.UsesOf(_plan.Region.Nodes[number].Operation))
        {
            foreach (KernelArgument argument in use.Arguments)
            {
                if (argument.Kind == ArgumentKind.Input && inputs[argument.Position] >= 0)
                {
                    touches.Add(Reads(inputs[argument.Position]));
                }
            }
        }
        for (int i = 0; i < inputs.Length; i++)
        {
            // A step's number, which bounds are made of.
            if (inputs[i] >= 0 && !isPrecise[i] && _buffers[inputs[i]].Type.Rank == 0)
            {
                touches.Add(Reads(inputs[i]));
            }
            else if (inputs[i] >= 0)
            {
                // However little is read of it, its memory must be there.
                touches.Add(new Touch(inputs[i], Box.Nothing(_buffers[inputs[i]].Type.Rank), IsWrite: false));
            }
        }
        return touches;
    }

    /// <summary>
    /// The part of each piece that reads nothing which others send: shrunk by what the needs reach over the own parts. Null when nothing is won.
    /// </summary>
    private Box[]? Interior(PlannedLaunch launch, NodeParts parts, Box[] boxes)
    {
        if (boxes.Length != 1 || boxes[0].IsEmpty)
        {
            return null;
        }
        Box part = boxes[0];
        long[] low = [.. part.Low];
        long[] high = [.. part.High];
        foreach (InputNeeds input in _plan.NeedsOf(launch.Node)?.Inputs ?? [])
        {
            GraphValue value = _plan.Region.Nodes[launch.Node].Inputs[input.Input];
            Distribution owner = _plan.Map.Of(value);
            if (owner.Kind == DistributionKind.Everywhere)
            {
                continue;
            }
            if (!owner.TryOwn(_rank, out Box own) || own.Rank != part.Rank || _plan.Buffers[launch.Inputs[input.Input]].Window.IsExact)
            {
                return null;
            }
            foreach (NeedFormula access in input.Accesses)
            {
                if (parts.Evaluate(access, part, _scope, isExact: true) is not { } box)
                {
                    continue;
                }
                for (int axis = 0; axis < part.Rank; axis++)
                {
                    low[axis] = Math.Max(low[axis], part.Low[axis] + Math.Max(0, own.Low[axis] - box.Low[axis]));
                    high[axis] = Math.Min(high[axis], part.High[axis] - Math.Max(0, box.High[axis] - own.High[axis]));
                }
            }
        }
        var interior = new Box([.. low], [.. high]);
        return interior.IsEmpty || interior == part || !ReadsOwn(launch, parts, interior) ? null : [interior];
    }

    private bool ReadsOwn(PlannedLaunch launch, NodeParts parts, Box interior)
    {
        foreach (InputNeeds input in _plan.NeedsOf(launch.Node)!.Inputs)
        {
            Distribution owner = _plan.Map.Of(_plan.Region.Nodes[launch.Node].Inputs[input.Input]);
            if (owner.Kind == DistributionKind.Everywhere)
            {
                continue;
            }
            foreach (NeedFormula access in input.Accesses)
            {
                if (parts.Evaluate(access, interior, _scope, isExact: true) is { } box && !(owner.TryOwn(_rank, out Box own) && own.Contains(box)))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static IEnumerable<Box[]> Edges(Box[] boxes, Box[] interior) => boxes[0].Subtract(interior[0]).Select(edge => (Box[])[edge]);

    private static Box EmptyPart(GraphNode node, int piece) => Box.Nothing(Kernels.DomainsOf(node.Operation)[piece].Rank);
}
