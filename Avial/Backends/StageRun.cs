using Avial.Execution;
using Avial.Geometry;

namespace Avial.Backends;

/// <summary>
/// One launch of a stage, as parts. What it points to lies on the stack of the launching thread, which waits for all parts; each thread keeps
/// one object for its launches.
/// </summary>
internal sealed unsafe class StageRun : ParallelWork
{
    [ThreadStatic]
    private static StageRun? t_free;

    private readonly Lock _trapLock = new();
    private CompiledFunction _function = null!;
    private LoweredStage _stage = null!;
    private byte** _buffers;
    private long* _scalars;
    private PartCuts _box;
    private int _recordBytes;
    private Box _trapDomain;
    private int _order;
    private TrapState _trap;
    private long _trapIndex;

    public static StageRun Take(
        CompiledFunction function, LoweredStage stage, byte** buffers, long* scalars, PartCuts box, int recordBytes, Box trapDomain, int order)
    {
        StageRun run = t_free ?? new StageRun();
        t_free = null;
        run._function = function;
        run._stage = stage;
        run._buffers = buffers;
        run._scalars = scalars;
        run._box = box;
        run._recordBytes = recordBytes;
        run._trapDomain = trapDomain;
        run._order = order;
        run._trap = TrapState.None;
        return run;
    }

    public static void Return(StageRun run)
    {
        run._function = null!;
        run._stage = null!;
        run._box = default;
        run._trapDomain = default;
        t_free = run;
    }

    public override void RunPart(int part)
    {
        int rank = _box.Rank;
        long* low = stackalloc long[Math.Max(1, rank)];
        long* high = stackalloc long[Math.Max(1, rank)];
        _box.Bounds(part, low, high);
        TrapState trap = TrapState.None;
        if (_stage.PartTemporary < 0)
        {
            _function.Run(_buffers, _scalars, low, high, &trap);
        }
        else
        {
            byte** buffers = stackalloc byte*[_stage.Buffers.Length];
            for (int i = 0; i < _stage.Buffers.Length; i++)
            {
                BufferBinding binding = _stage.Buffers[i];
                bool isPerPart = binding.Source == BufferSource.Temporary && binding.Position == _stage.PartTemporary;
                buffers[i] = _buffers[i] + (isPerPart ? (long)part * _recordBytes : 0);
            }
            _function.Run(buffers, _scalars, low, high, &trap);
        }
        if (trap.Site >= 0)
        {
            Record(trap);
        }
    }

    /// <summary>Throws the lowest trap of all parts, if there is one.</summary>
    public void ThrowIfTrapped()
    {
        if (_trap.Site >= 0)
        {
            throw new TrapException(new Trap(_order, _trapIndex, _stage.Function.TrapSites[(int)_trap.Site], _trap.Detail0, _trap.Detail1));
        }
    }

    private void Record(TrapState trap)
    {
        long index = LinearIndex(trap);
        lock (_trapLock)
        {
            if (_trap.Site < 0 || index < _trapIndex)
            {
                (_trap, _trapIndex) = (trap, index);
            }
        }
    }

    private long LinearIndex(TrapState trap)
    {
        long* indices = &trap.Index0;
        long linear = 0;
        for (int axis = 0; axis < Math.Min(4, _trapDomain.Rank); axis++)
        {
            linear = linear * _trapDomain.Length(axis) + (indices[axis] - _trapDomain.Low[axis]);
        }
        return linear;
    }
}
