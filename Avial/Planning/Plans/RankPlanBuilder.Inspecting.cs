using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>Inspections, and what is brought after them.</summary>
internal sealed partial class RankPlanBuilder
{
    /// <summary>Every rank takes part: one that reads nothing may have what others read.</summary>
    private void AddInspection(PlannedInspect inspect)
    {
        NodeParts parts = _plan.PartsOf(inspect.Node);
        var boxes = new Box[parts.Pieces];
        for (int piece = 0; piece < boxes.Length; piece++)
        {
            boxes[piece] = parts.Of(_rank, piece, _scope) ?? EmptyPart(_plan.Region.Nodes[inspect.Node], piece);
        }
        _inspections[inspect.Number] = _steps.Count;
        Add(new InspectStep(inspect.Number, inspect.Node, inspect.Input, inspect.Inputs, [.. boxes], inspect.Owner, inspect.Lasting, inspect.Tag),
            [.. Reads(inspect.Node, inspect.Inputs, boxes)], isOrdered: true);
    }

    private void AddGather(PlannedGather gather)
    {
        var touches = new List<Touch>();
        Box window = _buffers[gather.To].Window;
        List<Box> written = [window];
        if (_plan.Map.Of(gather.Value).TryOwn(_rank, out Box own))
        {
            touches.Add(new Touch(gather.From, own, IsWrite: false));
            written = gather.From == gather.To ? [.. window.Subtract(own)] : written;
        }
        touches.AddRange(written.Select(box => new Touch(gather.To, box, IsWrite: true)));
        ulong columns = gather.Needs.Aggregate(0UL, (all, need) => all | need.Columns);
        int step = _steps.Count;
        Add(new GatherStep(gather.Number, gather.From, gather.To, columns, gather.Tag), [.. touches], isOrdered: true);
        int inspection = _inspections[gather.Number];
        _steps[step] = _steps[step] with { After = [.. _steps[step].After.Append(inspection).Distinct().Order()] };
    }
}
