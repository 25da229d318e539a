using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A scatter in which no contribution travels: each rank computes all, or combines its own into an array that all ranks merge.</summary>
internal sealed unsafe class ScatterRun : KernelRun
{
    private readonly ScatterStep _step;
    private readonly ArrayType _type;
    private readonly Box? _own;
    private readonly MergeRecords _merge;

    public ScatterRun(BodyRun body, ScatterStep step) : base(body, step.Node, step.Inputs, [step.Output], [step.Part])
    {
        _step = step;
        _type = Code.Node.Operation.Outputs[0];
        _own = step.Target.TryOwn(body.Runtime.Communicator?.Rank ?? new RankId(0), out Box own) ? own : null;
        _merge = Merge;
        Context.Contributions = new nint[2];
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not ScatterStep scatter || scatter.Exchange != _step.Exchange || scatter.Tag != _step.Tag || !scatter.Target.Equals(_step.Target)
            || !IsSame(scatter.Node, scatter.Inputs, [scatter.Output]))
        {
            return false;
        }
        Context.Parts![0] = scatter.Part;
        return true;
    }

    protected override void Launch()
    {
        if (_step.Exchange == ScatterExchange.Merged)
        {
            LaunchMerged();
        }
        else
        {
            StageLauncher.Launch(Code.Operation!, Context, Code.Node.Order, Runtime.Workers);
        }
    }

    /// <summary>Each rank combines its contributions into an array of its own; all merge theirs, and each owner combines its part of that with what was there.</summary>
    private void LaunchMerged()
    {
        Storage output = Context.Outputs[0];
        Storage mine = Runtime.Pool.Acquire(_type, "merged");
        Storage other = Runtime.Pool.Acquire(_type, "merged");
        try
        {
            FillWithIdentity(mine);
            TrapException? trap = Context.Parts![0].IsEmpty ? null : Combine(mine);
            Context.Outputs[0] = output;
            Collectives.AllReduce(Runtime.Communicator!, mine.Address(0), other.Address(0), _type.Count * _type.Element.ColumnTypes[0].Size(), _merge, Site);
            if (trap is not null)
            {
                throw trap;
            }
            if (_own is { } own)
            {
                MergeInto(output, mine, own);
            }
        }
        finally
        {
            Context.Outputs[0] = output;
            Runtime.Pool.Release(mine);
            Runtime.Pool.Release(other);
        }
    }

    private TrapException? Combine(Storage mine)
    {
        Context.Outputs[0] = mine;
        try
        {
            StageLauncher.Launch(Code.Operation!, Context, Code.Node.Order, Runtime.Workers);
            return null;
        }
        catch (TrapException exception) when (Runtime.AgreesAfterEachNode)
        {
            return exception;
        }
    }

    private void MergeInto(Storage output, Storage merged, Box own)
    {
        Storage before = Runtime.Pool.Acquire(_type, own, "merged");
        Storage added = Runtime.Pool.Acquire(_type, own, "merged");
        StorageCopy.Box(output, before, own);
        StorageCopy.Box(merged, added, own);
        Merge(before.Address(0), added.Address(0), own.Count * _type.Element.ColumnTypes[0].Size());
        StorageCopy.Box(before, output, own);
        Runtime.Pool.Release(before);
        Runtime.Pool.Release(added);
    }

    private void Merge(byte* low, byte* high, long bytes)
    {
        (Context.Contributions[0], Context.Contributions[1]) = ((nint)low, (nint)high);
        Context.ContributionCount = bytes / _type.Element.ColumnTypes[0].Size();
        StageLauncher.LaunchStage(Code.Operation!.Scattered, SharedScatter.MergeStage, Context, Code.Node.Order, Runtime.Workers);
    }

    private void FillWithIdentity(Storage storage)
    {
        ScalarType type = _type.Element.ColumnTypes[0];
        ulong identity = Combination.IdentityOf(((ScatterOperation)Code.Node.Operation).Combiner, type, 0);
        byte* address = storage.Address(0);
        int size = type.Size();
        for (long i = 0; i < _type.Count; i++)
        {
            ScalarBits.Store(address + i * size, type, identity);
        }
    }
}
