using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Execution.Scatters;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A scatter that ranks share, or whose target is in parts.</summary>
internal sealed unsafe class ScatterRun : KernelRun
{
    private readonly ScatterStep _step;
    private readonly ArrayType _type;
    private readonly Box? _own;
    private readonly MergeRecords _merge;
    private ContributionPacker? _packer;
    private ContributionExchange? _exchange;
    private ContributionMerger? _merger;
    private ContributionLayout _layout = null!;

    public ScatterRun(BodyRun body, ScatterStep step) : base(body, step.Node, step.Inputs, [step.Output], [step.Part])
    {
        _step = step;
        _type = Code.Node.Operation.Outputs[0];
        _own = step.Target.TryOwn(body.Runtime.Communicator?.Rank ?? new RankId(0), out Box own) ? own : null;
        _merge = Merge;
        Context.Contributions = new nint[1 + _type.Element.Columns.Length];
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

    public override void ReleaseMemory()
    {
        _packer?.Release();
        _exchange?.Release();
        _merger?.Release();
    }

    protected override void Launch()
    {
        switch (_step.Exchange)
        {
            case ScatterExchange.Alone:
                StageLauncher.Launch(Code.Operation!, Context, Code.Node.Order, Runtime.Workers);
                break;
            case ScatterExchange.Merged:
                LaunchMerged();
                break;
            default:
                LaunchRouted();
                break;
        }
    }

    /// <summary>Contributions travel to the owners of their targets.</summary>
    private void LaunchRouted()
    {
        Prepare();
        CompiledOperation stages = Code.Operation!.Scattered;
        TrapException? trap;
        StageLauncher.Begin(stages, Context);
        try
        {
            trap = TryLaunchStage(stages, SharedScatter.ContributionStage);
            Box part = Context.Parts![0];
            _packer!.Pack(Context.Temporaries, trap is null ? part.Count : 0, part, Context.Domains[0]);
        }
        finally
        {
            StageLauncher.End(stages, Context);
        }
        _exchange!.Start(Site);
        if (_step.Target.Kind == DistributionKind.Everywhere)
        {
            // The others are sent this rank's own contributions, whose targets become places.
            _exchange.FinishSends(Site);
        }
        for (int rank = 0; rank < _step.Target.Ranks; rank++)
        {
            byte* segment = _exchange.Take(rank, out long count, Site);
            _merger?.Set(rank, segment, count);
            if (_merger is null && count > 0)
            {
                Apply(stages, segment, count);
            }
        }
        if (_merger is not null && _own is not null)
        {
            byte* merged = _merger.Merge(out long count);
            Apply(stages, merged, count);
        }
        _exchange.FinishSends(Site);
        if (trap is not null)
        {
            throw trap;
        }
    }

    private void Prepare()
    {
        if (_packer is not null)
        {
            return;
        }
        Allocator allocator = Runtime.Pool.Allocator;
        _layout = new ContributionLayout(_type.Element.ColumnTypes, _step.Exchange == ScatterExchange.Numbered);
        _packer = new ContributionPacker(_layout, _step.Target, allocator);
        _exchange = new ContributionExchange(_layout, _packer, _step.Target, _step.Tag, Runtime.Communicator!, allocator);
        _merger = _layout.IsNumbered ? new ContributionMerger(_layout, _step.Target.Ranks, allocator) : null;
    }

    /// <summary>Combines contributions with the output, in order.</summary>
    private void Apply(CompiledOperation stages, byte* segment, long count)
    {
        FindPlaces((long*)segment, count);
        Context.Contributions[0] = (nint)segment;
        for (int column = 1; column < Context.Contributions.Length; column++)
        {
            Context.Contributions[column] = (nint)(segment + _layout.OffsetOf(_layout.FirstValue + column - 1, count));
        }
        Context.ContributionCount = count;
        StageLauncher.LaunchStage(stages, SharedScatter.ApplicationStage, Context, Code.Node.Order, Runtime.Workers);
    }

    /// <summary>Numbers in the whole target become places in the memory for a window of it, counted from where index 0 of all axes would be.</summary>
    private void FindPlaces(long* targets, long count)
    {
        Storage output = Context.Outputs[0];
        int rank = _type.Rank;
        bool isSame = true;
        for (int axis = 1; axis < rank; axis++)
        {
            isSame &= output.Window.Length(axis) == _type.Extents[axis];
        }
        if (isSame)
        {
            return;
        }
        long* extents = stackalloc long[rank];
        long* pitches = stackalloc long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            (extents[axis], pitches[axis]) = (_type.Extents[axis], output.Pitch(axis));
        }
        for (long i = 0; i < count; i++)
        {
            long rest = targets[i];
            long place = 0;
            for (int axis = rank - 1; axis > 0; axis--)
            {
                (rest, long index) = Math.DivRem(rest, extents[axis]);
                place += index * pitches[axis];
            }
            targets[i] = place + rest * pitches[0];
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
