using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>The steps in order, exchanges in front of the first node that needs them.</summary>
internal sealed partial class BodyPlanner
{
    // Values that are there and have parts that other ranks wait for.
    private readonly List<PlannedValue> _waiting = [];

    private void Emit()
    {
        foreach (PlannedValue parameter in _parameters)
        {
            parameter.IsHaloBrought |= IsCapture(parameter);
            NoteProduced(parameter);
        }
        for (int n = 0; n < Region.Nodes.Length; n++)
        {
            bool isExchanged = EmitArrivals(_bindings[n]);
            EmitInspected(n, _bindings[n]);
            EmitNode(n, Region.Nodes[n], _bindings[n], isExchanged);
            foreach (PlannedValue output in _outputs[n])
            {
                NoteProduced(output);
            }
        }
        EmitArrivals(_resultBinding);
    }

    private void NoteProduced(PlannedValue value)
    {
        if (value.HaloNeeds.HasPlanned && !value.IsHaloBrought || value.Copies.Exists(c => !c.IsBrought && c.Needs.HasPlanned))
        {
            _waiting.Add(value);
        }
    }

    /// <summary>Brings what a node needs, and with it everything else that is there and wanted later: one message a pair of ranks for all.</summary>
    private bool EmitArrivals(NodeBinding binding)
    {
        bool isExchanged = false;
        if (binding.Brought.Exists(b => !IsThere(b.Value, b.Buffer)))
        {
            var transfers = ImmutableArray.CreateBuilder<Transfer>();
            foreach (PlannedValue value in _waiting)
            {
                AddTransfers(value, transfers);
            }
            _waiting.Clear();
            _body.Steps.Add(new PlannedExchange(_numbers.NextTag(), transfers.ToImmutable()) { SharedNumber = transfers.Any(Audience.MayHave) ? _numbers.NextTag() : -1 });
            isExchanged = true;
        }
        _body.Steps.AddRange(binding.Copies);
        return isExchanged;
    }

    private static bool IsThere(PlannedValue value, int buffer) => buffer == value.Primary
        ? value.IsHaloBrought || !value.HaloNeeds.HasPlanned
        : value.Copies.Find(c => c.Buffer == buffer) is { } copy && (copy.IsBrought || !copy.Needs.HasPlanned);

    private static void AddTransfers(PlannedValue value, ImmutableArray<Transfer>.Builder transfers)
    {
        if (!value.IsHaloBrought && value.HaloNeeds.HasPlanned)
        {
            transfers.Add(new Transfer(value.Value, value.Owner, value.Primary, value.Primary, [.. value.HaloNeeds.Planned]));
            value.IsHaloBrought = true;
        }
        foreach (PlannedCopyBuffer copy in value.Copies)
        {
            if (!copy.IsBrought && copy.Needs.HasPlanned)
            {
                transfers.Add(new Transfer(value.Value, value.Owner, value.Primary, copy.Buffer, [.. copy.Needs.Planned]));
                copy.IsBrought = true;
            }
        }
    }

    private void EmitNode(int n, GraphNode node, NodeBinding binding, bool isExchanged)
    {
        ImmutableArray<int> inputs = [.. binding.Inputs];
        ImmutableArray<int> outputs = [.. binding.Outputs];
        switch (node.Operation)
        {
            case LoopOperation loop:
                _body.IsMovingWithStep |= IsMovingInside(n, binding.Body!);
                _body.Steps.Add(new PlannedLoop(n, [.. binding.Inputs.Take(loop.Carried)], outputs, [.. binding.Imports], binding.Body!));
                break;
            case CallOperation:
                _body.Steps.Add(new PlannedCall(n, inputs, outputs));
                break;
            case FileOperation:
                _body.Steps.Add(new PlannedRead(n, outputs[0]));
                break;
            case ReshapeOperation when binding.Flat is { } flat:
                EmitReshapeOfSlabs(n, inputs[0], outputs[0], flat);
                break;
            case ReshapeOperation:
                _body.Steps.Add(new PlannedReshape(n, inputs[0], outputs[0]));
                break;
            case ReduceOperation when _body.Ranks > 1 && _body.Map.Iterations[n] is { Kind: not DistributionKind.Everywhere }:
                _body.Steps.Add(new PlannedCombine(n, inputs, outputs[0], IsLocal: false, _numbers.NextTag()));
                break;
            case ScanOperation scan when _body.Map.Outputs[n][0] is { Kind: DistributionKind.Blocks } owner && owner.Grid[scan.Axis] > 1:
                _body.Steps.Add(new PlannedScan(n, inputs, outputs[0], _numbers.NextTag()));
                break;
            case ScatterOperation scatter when ExchangeOf(n, scatter) is { } exchange:
                EmitCopies(n, binding);
                Lasting lasting = exchange is ScatterExchange.Ordered or ScatterExchange.Numbered ? ScatterPlaces.LastingOf(_body, n) : default;
                _body.Steps.Add(new PlannedScatter(n, inputs, outputs[0], exchange, lasting, _numbers.NextTag()));
                break;
            case SweepOperation sweep:
                EmitSweep(n, sweep, binding, inputs, outputs);
                break;
            default:
                EmitCopies(n, binding);
                _body.Steps.Add(new PlannedLaunch(n, inputs, outputs, isExchanged && node.Operation is MapOperation));
                break;
        }
    }

    // Null where whoever has the whole target computes all contributions to it.
    private ScatterExchange? ExchangeOf(int n, ScatterOperation scatter)
    {
        Distribution target = _body.Map.Outputs[n][0];
        ScatterExchange exchange = ScatterTraffic.Of(_body, n, _body.Map.Iterations[n], target).Exchange;
        return exchange == ScatterExchange.Alone && target.Kind != DistributionKind.Blocks ? null : exchange;
    }

    private void EmitCopies(int n, NodeBinding binding)
    {
        for (int o = 0; o < binding.CopiedFrom.Length; o++)
        {
            if (binding.CopiedFrom[o] >= 0)
            {
                _body.Steps.Add(new PlannedCopyOutside(n, o, binding.CopiedFrom[o], binding.Outputs[o]));
            }
        }
    }

    /// <summary>
    /// Parts of a sweep that depend on one another: old values come from the ranks whose parts come later before anything is computed, new ones from those before as their
    /// tiles are done.
    /// </summary>
    private void EmitSweep(int n, SweepOperation sweep, NodeBinding binding, ImmutableArray<int> inputs, ImmutableArray<int> outputs)
    {
        EmitCopies(n, binding);
        if (binding.SelfNeeds.IsEmpty)
        {
            _body.Steps.Add(new PlannedLaunch(n, inputs, outputs, false));
            return;
        }
        var old = new Transfer(Region.Nodes[n].Inputs[sweep.Start], _outputs[n][0].Owner, outputs[0], outputs[0], binding.SelfNeeds)
        {
            Source = TransferSource.After,
            IsReversed = [.. sweep.Domain.Axes.Select(a => a.IsReversed)],
        };
        Transfer fresh = old with { Value = _outputs[n][0].Value, Source = TransferSource.Before };
        _body.Steps.Add(new PlannedExchange(_numbers.NextTag(), [old]));
        _body.Steps.Add(new PlannedSweep(n, inputs, outputs[0], fresh, _numbers.NextTag(), TilesOf(n)));
    }

    private SweepTiles? TilesOf(int n)
    {
        NodeParts parts = _body.PartsOf(n);
        ImmutableArray<int>? normal = SweepCuts.Of(Region, Region.Nodes[n]).NormalFor(parts.Owner.Grid.AsSpan(), parts.Owner.Space, out _);
        int count = normal is { } found ? Math.Clamp(_tiles.Count(parts, found), 1, SweepTiles.Most) : 1;
        if (count == 1)
        {
            return null;
        }
        var tiles = new SweepTiles(normal!.Value, count);
        if (tiles.IsSlanted)
        {
            _body.Slants.Add(n, tiles.Normal);
        }
        return tiles;
    }

    /// <summary>A loop inside a loop moves with the outer step when its body uses that.</summary>
    private bool IsMovingInside(int n, BodyPlan inner) => inner.IsMovingWithStep && Region.Nodes[n].Inputs.Any(_body.IsStep);
}
