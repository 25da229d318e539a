using Avial.Backends;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A reduction over all axes: this rank's part becomes a record, the records of all ranks are merged, and each rank writes the result.</summary>
internal sealed unsafe class CombineRun : KernelRun
{
    private readonly bool _isLocal;
    private readonly MergeRecords _merge;

    // This rank's record, then another's.
    private ScratchMemory? _records;

    public CombineRun(BodyRun body, CombineStep step) : base(body, step.Node, step.Inputs, [step.Output], [step.Part])
    {
        _isLocal = step.IsLocal || body.Runtime.Communicator is null;
        _merge = Merge;
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not CombineStep combine || (combine.IsLocal || Runtime.Communicator is null) != _isLocal || !IsSame(combine.Node, combine.Inputs, [combine.Output]))
        {
            return false;
        }
        Context.Parts![0] = combine.Part;
        return true;
    }

    public override void ReleaseMemory()
    {
        _records?.Release();
        _records = null;
    }

    protected override void Launch()
    {
        CompiledOperation operation = Code.Operation!;
        if (_isLocal)
        {
            StageLauncher.Launch(operation, Context, Code.Node.Order, Runtime.Workers);
            return;
        }
        int bytes = operation.Lowered.Combine!.RecordBytes;
        _records ??= new ScratchMemory(2 * bytes);
        byte* record = _records.Address;
        TrapException? trap = Reduce(operation, record, bytes);
        Collectives.AllReduce(Runtime.Communicator!, record, record + bytes, bytes, _merge, Site);
        if (trap is not null)
        {
            throw trap;
        }
        StageLauncher.LaunchFinish(operation, Context, record, 1, Code.Node.Order, Runtime.Workers);
    }

    // Where ranks agree on what failed they go on together until then: the others wait for this one's record.
    private TrapException? Reduce(CompiledOperation operation, byte* record, int bytes)
    {
        try
        {
            StageLauncher.LaunchPartial(operation, Context, record, Code.Node.Order, Runtime.Workers);
            return null;
        }
        catch (TrapException exception) when (Runtime.AgreesAfterEachNode)
        {
            new Span<byte>(record, bytes).Clear();
            return exception;
        }
    }

    // Which of the two comes from the lower ranks makes no difference to the bits.
    private void Merge(byte* low, byte* high, long bytes)
    {
        byte* first = _records!.Address;
        StageLauncher.LaunchMerge(Code.Operation!, Context, first, 2, first, Code.Node.Order, Runtime.Workers);
        if (low != first)
        {
            Buffer.MemoryCopy(first, low, bytes, bytes);
        }
    }
}
