using Avial.Backends;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A part of a scan whose lines run over several ranks: all but the values that lines begin and end with is computed while these are on their way.</summary>
internal sealed unsafe class ScanRun : KernelRun
{
    private ScanStep _step;

    // What these were when the lines were found.
    private Box _domain;
    private Box _part;
    private ArrayType? _type;
    private Box _lines;

    // What lines begin with and what they end with, packed.
    private ColumnMemory? _arrived;
    private ColumnMemory? _sent;

    public ScanRun(BodyRun body, ScanStep step) : base(body, step.Node, step.Inputs, [step.Output], [step.Part]) => _step = step;

    public override bool TryRefresh(RankStep step)
    {
        if (step is not ScanStep scan || !IsSame(scan.Node, scan.Inputs, [scan.Output]))
        {
            return false;
        }
        _step = scan;
        Context.Parts![0] = scan.Part;
        return true;
    }

    public override void ReleaseMemory()
    {
        _arrived?.Release();
        _sent?.Release();
        (_arrived, _sent) = (null, null);
    }

    protected override void Launch()
    {
        CarriedScan carried = Code.Operation!.Lowered.Carried!;
        CompiledOperation stages = Code.Operation.Carried;
        (ArrayType type, Box lines) = Lines(carried);
        Storage begin = Runtime.Pool.Acquire(type, lines, "lines");
        Storage end = Runtime.Pool.Acquire(type, lines, "lines");
        Request sending = default;
        TrapException? trap = null;
        StageLauncher.Begin(stages, Context);
        try
        {
            for (int stage = 0; stage < stages.Lowered.Stages.Length; stage++)
            {
                if (stage == carried.CarryStage)
                {
                    Context.CarryIn = Receive(begin, lines);
                    Context.CarryOut = end;
                }
                trap ??= TryLaunchStage(stages, stage);
                if (stage == carried.CarryStage && _step.CarryTo is { } next)
                {
                    sending = Send(next, end, lines);
                }
            }
            if (_step.CarryTo is not null)
            {
                Runtime.Communicator!.Wait(sending, Site);
            }
        }
        finally
        {
            StageLauncher.End(stages, Context);
            (Context.CarryIn, Context.CarryOut) = (null, null);
            Runtime.Pool.Release(begin);
            Runtime.Pool.Release(end);
        }
        if (trap is not null)
        {
            throw trap;
        }
    }

    private (ArrayType Type, Box Lines) Lines(CarriedScan carried)
    {
        if (_type is null || _domain != Context.Domains[0] || _part != _step.Part)
        {
            (_domain, _part) = (MutableBox.Copy(Context.Domains[0]), MutableBox.Copy(_step.Part));
            _type = carried.TypeOf(_domain);
            _lines = carried.LinesOf(_domain, _part);
        }
        return (_type, _lines);
    }

    private Storage? Receive(Storage begin, Box lines)
    {
        if (_step.CarryFrom is not { } before)
        {
            return null;
        }
        long bytes = StorageCopy.PackedBytes(begin, lines);
        byte* packed = Packed(ref _arrived, bytes);
        Runtime.Communicator!.Wait(Runtime.Communicator.Receive(before, _step.Tag, packed, bytes), Site);
        StorageCopy.Unpack(packed, begin, lines);
        return begin;
    }

    private Request Send(RankId next, Storage end, Box lines)
    {
        long bytes = StorageCopy.PackedBytes(end, lines);
        byte* packed = Packed(ref _sent, bytes);
        StorageCopy.Pack(end, lines, packed);
        return Runtime.Communicator!.Send(next, _step.Tag, packed, bytes);
    }

    private byte* Packed(ref ColumnMemory? memory, long bytes)
    {
        if (memory is null || memory.Bytes < bytes)
        {
            memory?.Release();
            memory = Runtime.Pool.Allocator.AllocateBytes(bytes, "a message");
        }
        return memory.Address;
    }
}
