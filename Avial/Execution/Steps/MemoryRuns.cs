using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>Makes a buffer's memory.</summary>
internal sealed class AllocateRun(BodyRun body, AllocateStep step) : StepRun(body)
{
    private RankBuffer _buffer = body.Plan.Buffers[step.Buffer];
    private StorageShelf? _shelf;

    // Windows that come in many sizes take memory that has room for some more.
    private bool _isRoomy;

    public override void Run()
    {
        _shelf ??= Runtime.Pool.ShelfOf(_buffer.Type, _buffer.Window, _isRoomy);
        Storages[_buffer.Number] = Runtime.Pool.Acquire(_shelf, _buffer.Type, _buffer.Window, _buffer.Name);
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not AllocateStep allocate || allocate.Buffer != _buffer.Number)
        {
            return false;
        }
        _buffer = Body.Plan.Buffers[allocate.Buffer];
        Moved();
        return true;
    }

    public override void Moved()
    {
        if (_shelf is null)
        {
            return;
        }
        long count = _buffer.Window.Count;
        bool isShrunk = _isRoomy && count < _shelf.Elements; // it keeps the room it had
        if (count != _shelf.Elements && !isShrunk)
        {
            // What it took before is not kept beside what it takes now.
            Runtime.Pool.Drain(_shelf);
            _shelf = null;
            _isRoomy = true;
        }
    }

    public override void ReleaseMemory()
    {
        if (_isRoomy && _shelf is not null)
        {
            Runtime.Pool.Drain(_shelf);
        }
    }
}

/// <summary>Gives a buffer's memory back, once nothing else shows it.</summary>
internal sealed class FreeRun(BodyRun body, FreeStep step) : StepRun(body)
{
    public override void Run()
    {
        if (Body.Memory.Releases[Position])
        {
            int root = Body.Memory.RootOf(step.Buffer);
            Runtime.Pool.Release(Storages[root]!);
            Storages[root] = null;
        }
    }

    public override bool TryRefresh(RankStep other) => other is FreeStep free && free.Buffer == step.Buffer;
}

/// <summary>Shows the memory of a buffer with other extents.</summary>
internal sealed class ReshapeRun : StepRun
{
    private readonly int _from;
    private readonly int _to;
    private Storage? _view;

    public ReshapeRun(BodyRun body, ReshapeStep step) : base(body)
    {
        NodeNumber = step.Node;
        (_from, _to) = (step.From, step.To);
    }

    public override void Run()
    {
        RankBuffer shown = Body.Plan.Buffers[_to];
        Storage memory = Storages[_from]!;
        if (_view is null)
        {
            _view = memory.Sharing(shown.Type, shown.Window);
        }
        else
        {
            _view.ShareMemory(memory, shown.Type, shown.Window);
        }
        Storages[_to] = _view;
    }

    public override bool TryRefresh(RankStep step) => step is ReshapeStep reshape && (reshape.Node, reshape.From, reshape.To) == (NodeNumber, _from, _to);
}

/// <summary>Copies boxes between buffers.</summary>
internal sealed class CopyRun : StepRun
{
    private readonly long[][] _shifts;
    private CopyStep _step;

    public CopyRun(BodyRun body, CopyStep step) : base(body)
    {
        _step = step;
        _shifts = [.. step.Pieces.Select(p => ShiftOf(p.From.Box, p.To.Box))];
    }

    public override void Run()
    {
        for (int i = 0; i < _shifts.Length; i++)
        {
            (Piece from, Piece to) = _step.Pieces[i];
            StorageCopy.Box(Storages[from.Buffer]!, Storages[to.Buffer]!, from.Box, _shifts[i], from.Columns);
        }
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not CopyStep copy || copy.Pieces.Length != _step.Pieces.Length)
        {
            return false;
        }
        for (int i = 0; i < _shifts.Length; i++)
        {
            if (copy.Pieces[i].From.Buffer != _step.Pieces[i].From.Buffer || copy.Pieces[i].To.Buffer != _step.Pieces[i].To.Buffer)
            {
                return false;
            }
        }
        _step = copy;
        Moved();
        return true;
    }

    public override void Moved()
    {
        for (int i = 0; i < _shifts.Length; i++)
        {
            Box from = _step.Pieces[i].From.Box;
            Box to = _step.Pieces[i].To.Box;
            for (int axis = 0; axis < from.Rank; axis++)
            {
                _shifts[i][axis] = to.Low[axis] - from.Low[axis];
            }
        }
    }

    private static long[] ShiftOf(Box from, Box to) => [.. from.Low.Select((low, axis) => to.Low[axis] - low)];
}
