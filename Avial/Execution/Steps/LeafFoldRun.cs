using Avial.Backends;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A reduction over all axes whose order is a tree over leaves: each rank folds the leaves of its part, all get all leaves, and each folds the tree.</summary>
internal sealed unsafe class LeafFoldRun : KernelRun
{
    // By rank: whether a leaf stopped, then the low and high ends of the rank's leaves.
    private readonly long[] _headers;
    private readonly long[] _headerOffsets;
    private readonly long[] _offsets;
    private readonly Box[] _boxes;
    private readonly int _headerLength;
    private ColumnMemory? _packed;

    // What these were when the leaves were found.
    private Box _domain;
    private Box _part;
    private ArrayType? _type;
    private Box _leaves;

    public LeafFoldRun(BodyRun body, CombineStep step) : base(body, step.Node, step.Inputs, [step.Output], [step.Part])
    {
        int ranks = Runtime.Communicator!.Ranks;
        _headerLength = 1 + 2 * step.Part.Rank;
        _headers = new long[ranks * _headerLength];
        _headerOffsets = [.. Enumerable.Range(0, ranks + 1).Select(r => (long)r * _headerLength * sizeof(long))];
        _offsets = new long[ranks + 1];
        _boxes = [.. Enumerable.Range(0, ranks).Select(_ => MutableBox.Copy(Box.Nothing(step.Part.Rank)))];
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not CombineStep { IsLocal: false } combine || !IsSame(combine.Node, combine.Inputs, [combine.Output]))
        {
            return false;
        }
        Context.Parts![0] = combine.Part;
        return true;
    }

    public override void ReleaseMemory()
    {
        _packed?.Release();
        _packed = null;
    }

    protected override void Launch()
    {
        (ArrayType type, Box leaves) = Leaves(Code.Operation!.Lowered.Leaves!);
        Storage all = Runtime.Pool.Acquire(type, "leaves");
        Storage mine = Runtime.Pool.Acquire(type, leaves, "leaves");
        try
        {
            TrapException? trap = FoldLeaves(mine);
            bool hasFailed = GatherHeaders(mine.Window, trap is not null);
            if (trap is not null)
            {
                throw trap;
            }
            if (hasFailed)
            {
                return;
            }
            GatherLeaves(mine, all);
            Context.Leaves = all;
            StageLauncher.LaunchTree(Code.Operation, Context, Code.Node.Order, Runtime.Workers);
        }
        finally
        {
            Context.Leaves = null;
            Runtime.Pool.Release(mine);
            Runtime.Pool.Release(all);
        }
    }

    private (ArrayType Type, Box Leaves) Leaves(LeafStages stages)
    {
        if (_type is null || _domain != Context.Domains[0] || _part != Context.Parts![0])
        {
            (_domain, _part) = (MutableBox.Copy(Context.Domains[0]), MutableBox.Copy(Context.Parts![0]));
            _type = stages.TypeOf(_domain);
            _leaves = LeafStages.BoxOf(_domain, _part);
        }
        return (_type, _leaves);
    }

    // Where ranks agree on what failed they go on together until then.
    private TrapException? FoldLeaves(Storage mine)
    {
        Context.Leaves = mine;
        try
        {
            if (!Context.Parts![0].IsEmpty)
            {
                StageLauncher.LaunchLeaves(Code.Operation!, Context, Code.Node.Order, Runtime.Workers);
            }
            return null;
        }
        catch (TrapException exception) when (Runtime.AgreesAfterEachNode)
        {
            return exception;
        }
    }

    /// <summary>Tells every rank which leaves every other has; true when one has failed.</summary>
    private bool GatherHeaders(Box mine, bool hasFailed)
    {
        Span<long> own = _headers.AsSpan(Runtime.Communicator!.Rank.Value * _headerLength, _headerLength);
        own[0] = hasFailed ? 1 : 0;
        mine.Low.CopyTo(own[1..]);
        mine.High.CopyTo(own[(1 + mine.Rank)..]);
        fixed (long* headers = _headers)
        {
            Collectives.AllGather(Runtime.Communicator, (byte*)headers, _headerOffsets, Site);
        }
        for (int rank = 0; rank < _boxes.Length; rank++)
        {
            ReadOnlySpan<long> header = _headers.AsSpan(rank * _headerLength, _headerLength);
            hasFailed |= header[0] != 0;
            header.Slice(1, mine.Rank).CopyTo(MutableBox.Low(_boxes[rank]));
            header[(1 + mine.Rank)..].CopyTo(MutableBox.High(_boxes[rank]));
        }
        return hasFailed;
    }

    private void GatherLeaves(Storage mine, Storage all)
    {
        for (int rank = 0; rank < _boxes.Length; rank++)
        {
            _offsets[rank + 1] = _offsets[rank] + (_boxes[rank].IsEmpty ? 0 : StorageCopy.PackedBytes(all, _boxes[rank]));
        }
        if (_packed is null || _packed.Bytes < _offsets[^1])
        {
            _packed?.Release();
            _packed = Runtime.Pool.Allocator.AllocateBytes(_offsets[^1], "a message");
        }
        if (!mine.Window.IsEmpty)
        {
            StorageCopy.Pack(mine, mine.Window, _packed.Address + _offsets[Runtime.Communicator!.Rank.Value]);
        }
        Collectives.AllGather(Runtime.Communicator!, _packed.Address, _offsets, Site);
        for (int rank = 0; rank < _boxes.Length; rank++)
        {
            if (!_boxes[rank].IsEmpty)
            {
                StorageCopy.Unpack(_packed.Address + _offsets[rank], all, _boxes[rank]);
            }
        }
    }
}
