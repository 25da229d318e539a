using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    // By sender and receiver: the scans that have ended and whose lines' values nobody has taken, in order.
    private readonly Dictionary<(RankId From, RankId To), Queue<(RankState State, int Step)>> _carries = [];

    private bool IsCarryThere(RankState state, RankId from) => _carries.TryGetValue((from, state.Rank), out var queue) && queue.Count > 0;

    /// <summary>A part of a scan: its lines go on where those of the rank before end.</summary>
    private void Scan(RankState state, int step, ScanStep scan)
    {
        if (scan.CarryFrom is { } from && _run.IsFollowed(from))
        {
            (RankState sender, int sent) = _carries[(from, state.Rank)].Dequeue();
            var before = (ScanStep)sender.Body.Steps[sent];
            if (before.Node != scan.Node || before.Tag != scan.Tag)
            {
                Report(state, step, PlanViolationKind.Message, $"{NameOf(scan.Node)} with tag {scan.Tag} gets the lines of {NameOf(before.Node)} with tag {before.Tag} of {from}");
            }
            else if (!FollowsOn(before.Part, scan.Part, (ScanOperation)_scope.Region.Nodes[scan.Node].Operation))
            {
                Report(state, step, PlanViolationKind.Message, $"its part {scan.Part} does not go on where {before.Part} of {from} ends");
            }
        }
        Touch(state, step, scan.Node, [.. scan.Inputs, scan.Output], [scan.Part]);
        if (scan.CarryTo is not { } to)
        {
            return;
        }
        if (_run.IsFollowed(to))
        {
            if (!_carries.TryGetValue((state.Rank, to), out var queue))
            {
                _carries[(state.Rank, to)] = queue = [];
            }
            queue.Enqueue((state, step));
        }
        if (_counts)
        {
            _run.Messages++;
            _run.Bytes += BytesOf(scan);
        }
    }

    private static bool FollowsOn(Box before, Box part, ScanOperation scan)
    {
        bool isReversed = scan.Domain.Axes[scan.Axis].IsReversed;
        Box next = isReversed
            ? before.With(scan.Axis, part.Low[scan.Axis], before.Low[scan.Axis])
            : before.With(scan.Axis, before.High[scan.Axis], part.High[scan.Axis]);
        return next == part;
    }

    private long BytesOf(ScanStep scan)
    {
        var operation = (ScanOperation)_scope.Region.Nodes[scan.Node].Operation;
        long bytes = 0;
        foreach (ScalarType type in Combination.AccumulatedTypes(operation.Use.Kernel, operation.Combiner))
        {
            bytes += type.Size();
        }
        for (int axis = 0; axis < scan.Part.Rank; axis++)
        {
            bytes *= axis == operation.Axis ? 1 : scan.Part.Length(axis);
        }
        return bytes;
    }

    private void ReportCarries()
    {
        foreach (((_, RankId to), var queue) in _carries)
        {
            foreach ((RankState state, int step) in queue)
            {
                Report(state, step, PlanViolationKind.Message, $"what its lines end with is never taken by {to}");
            }
        }
    }
}
