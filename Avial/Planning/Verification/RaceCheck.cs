using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>
/// No two steps that nothing orders touch the same memory with one of them writing. Making and giving back a buffer counts as writing its
/// name, every use as reading it: so nothing is used before it is made, whatever runs first.
/// </summary>
internal sealed class RaceCheck
{
    private readonly RankSteps _steps;
    private readonly Dictionary<int, List<Touch>> _touches = [];

    private RaceCheck(RankSteps steps) => _steps = steps;

    /// <summary>The pairs of steps that race, with what they touch.</summary>
    public static List<(int Step, string Text)> Find(RankSteps steps, StepPrecedence order)
    {
        var check = new RaceCheck(steps);
        for (int step = 0; step < steps.Body.Steps.Length; step++)
        {
            check.Collect(step, steps.Body.Steps[step]);
        }
        var found = new List<(int, string)>();
        var reported = new HashSet<(int, int)>();
        foreach (List<Touch> touches in check._touches.Values)
        {
            for (int b = 1; b < touches.Count; b++)
            {
                for (int a = 0; a < b; a++)
                {
                    Touch x = touches[a];
                    Touch y = touches[b];
                    if (x.Step != y.Step && (x.IsWrite || y.IsWrite) && !order.AreOrdered(x.Step, y.Step) && check.Overlap(x, y) && reported.Add((x.Step, y.Step)))
                    {
                        found.Add((y.Step, $"nothing orders it and step {x.Step}; {Text(x)}, {Text(y)}"));
                    }
                }
            }
        }
        return found;
    }

    private bool Overlap(Touch x, Touch y) =>
        x.Buffer != y.Buffer || (x.Columns & y.Columns) != 0 && (x.Box is not { } a || y.Box is not { } b || !a.Intersect(b).IsEmpty && !IsApart(x, b) && !IsApart(y, a));

    /// <summary>True when what a kernel reads is none of a box, though the hull of all that it reads may be.</summary>
    private bool IsApart(Touch touch, Box box) => touch.Read is { By: not null } read && _steps.AccessOf(touch.Step).IsTrue(read, r => r.Box.Intersect(box).IsEmpty);

    private static string Text(Touch touch) =>
        $"step {touch.Step} {(touch.IsWrite ? "writes" : "reads")} b{touch.Buffer}{(touch.Box is { } box ? $" {box}" : "")}";

    private void Collect(int step, RankStep what)
    {
        switch (what)
        {
            case AllocateStep allocate:
                Name(step, allocate.Buffer, true);
                break;
            case FreeStep free:
                Name(step, free.Buffer, true);
                if (_steps.IsBuffer(free.Buffer) && _steps.IsAfterLastUse(step, free.Buffer))
                {
                    // Now the memory goes, whatever other names it has.
                    Memory(step, free.Buffer, null, Piece.AllColumns, true);
                }
                break;
            case LaunchStep launch when _steps.IsNode<Operation>(launch.Node):
                Node(step, [.. launch.Inputs, .. launch.Outputs]);
                break;
            case CombineStep combine when _steps.IsNode<ReduceOperation>(combine.Node):
                Node(step, [.. combine.Inputs, combine.Output]);
                break;
            case ScatterStep scatter when _steps.IsNode<ScatterOperation>(scatter.Node):
                Node(step, [.. scatter.Inputs, scatter.Output]);
                break;
            case ScanStep scan when _steps.IsNode<ScanOperation>(scan.Node):
                Node(step, [.. scan.Inputs, scan.Output]);
                break;
            case InspectStep inspect when _steps.IsNode<Operation>(inspect.Node):
                Node(step, [.. inspect.Inputs]);
                Schedule(step, inspect.Number, true);
                break;
            case GatherStep gather:
                Gather(step, gather);
                break;
            case CopyStep copy:
                foreach ((Piece from, Piece to) in copy.Pieces)
                {
                    Memory(step, from.Buffer, from.Box, from.Columns, false);
                    Memory(step, to.Buffer, to.Box, to.Columns, true);
                }
                break;
            case SendStep send:
                foreach (Piece piece in send.Pieces)
                {
                    Memory(step, piece.Buffer, piece.Box, piece.Columns, false);
                }
                break;
            case ReceiveStep receive:
                foreach (Piece piece in receive.Pieces)
                {
                    Memory(step, piece.Buffer, piece.Box, piece.Columns, true);
                }
                break;
            case ReshapeStep reshape:
                Name(step, reshape.From, false);
                Name(step, reshape.To, true);
                break;
            case ReadFileStep read:
                Memory(step, read.Output, null, Piece.AllColumns, true);
                break;
            case CallStep call:
                foreach (int input in call.Inputs)
                {
                    Memory(step, input, null, Piece.AllColumns, false);
                }
                foreach (int output in call.Outputs)
                {
                    Memory(step, output, null, Piece.AllColumns, true);
                }
                break;
            case LoopStep loop:
                Loop(step, loop);
                break;
        }
    }

    /// <summary>All that is named is there, also when nothing of it is read.</summary>
    private void Node(int step, ReadOnlySpan<int> named)
    {
        foreach (int buffer in named)
        {
            Name(step, buffer, false);
        }
        NodeAccess access = _steps.AccessOf(step);
        foreach (PlaceRead read in access.Reads)
        {
            Memory(step, read.Buffer, read.Box, read.Columns, false, read);
        }
        foreach (PlaceWrite write in access.Writes)
        {
            Memory(step, write.Buffer, write.Box, write.Columns, true);
        }
    }

    private void Gather(int step, GatherStep gather)
    {
        Schedule(step, gather.Inspection, false);
        InspectStep? inspection = _steps.Body.Steps.OfType<InspectStep>().FirstOrDefault(i => i.Number == gather.Inspection);
        if (!_steps.IsBuffer(gather.To) || inspection is null || inspection.Owner.Space.Rank != _steps.Body.Buffers[gather.To].Window.Rank)
        {
            return;
        }
        Box own = inspection.Owner.Own(_steps.Rank);
        Memory(step, gather.From, own, gather.Columns, false);
        foreach (Box box in gather.From == gather.To ? _steps.Body.Buffers[gather.To].Window.Subtract(own) : [_steps.Body.Buffers[gather.To].Window])
        {
            Memory(step, gather.To, box, gather.Columns, true);
        }
    }

    private void Loop(int step, LoopStep loop)
    {
        foreach (int initial in loop.Initial)
        {
            Memory(step, initial, null, Piece.AllColumns, true);
            Name(step, initial, true);
        }
        for (int k = 0; k < loop.Outputs.Length; k++)
        {
            if (k == loop.Outputs.Length - 1)
            {
                Memory(step, loop.Outputs[k], null, Piece.AllColumns, true);
            }
            else
            {
                Name(step, loop.Outputs[k], true);
            }
        }
        foreach ((_, int outer) in loop.Imports)
        {
            Memory(step, outer, null, Piece.AllColumns, false);
        }
    }

    private void Memory(int step, int buffer, Box? box, ulong columns, bool isWrite, PlaceRead? read = null)
    {
        if (_steps.IsBuffer(buffer) && box is not { IsEmpty: true })
        {
            Name(step, buffer, false);
            Add(_steps.Body.Buffers.Length + _steps.MemoryOf(buffer), new Touch(step, buffer, box, columns & _steps.AllColumns(buffer), isWrite, read));
        }
    }

    private void Name(int step, int buffer, bool isWrite)
    {
        if (_steps.IsBuffer(buffer))
        {
            Add(buffer, new Touch(step, buffer, null, Piece.AllColumns, isWrite));
        }
    }

    // What an inspection finds is neither memory nor the name of any.
    private void Schedule(int step, int inspection, bool isWrite) => Add(-1 - inspection, new Touch(step, -1, null, Piece.AllColumns, isWrite));

    private void Add(int resource, Touch touch)
    {
        if (!_touches.TryGetValue(resource, out List<Touch>? touches))
        {
            _touches[resource] = touches = [];
        }
        touches.Add(touch);
    }

    private readonly record struct Touch(int Step, int Buffer, Box? Box, ulong Columns, bool IsWrite, PlaceRead? Read = null);
}
