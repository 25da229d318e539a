using System.Collections.Immutable;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A packed message that is started here and awaited later. One piece that lies in memory without gaps travels from and to its place.</summary>
internal abstract unsafe class MessageRun : PendingRun
{
    private ColumnMemory? _packed;
    private Request _request;
    private bool _isUnderWay;

    protected MessageRun(BodyRun body, ImmutableArray<Piece> pieces, RankId partner, int tag) : base(body)
    {
        Pieces = pieces;
        Partner = partner;
        Tag = tag;
    }

    protected ImmutableArray<Piece> Pieces { get; private set; }

    protected RankId Partner { get; }

    protected int Tag { get; }

    protected ICommunicator Communicator => Runtime.Communicator ?? throw new InternalErrorException("The plan of a rank that is alone has messages.");

    public override void FinishIfUnderWay()
    {
        if (_isUnderWay)
        {
            Communicator.Wait(_request, Site);
            _isUnderWay = false;
            Ended();
        }
    }

    public override void ReleaseMemory()
    {
        _packed?.Release();
        _packed = null;
    }

    /// <summary>The address of the only piece, or null where there are more of them or gaps.</summary>
    protected byte* AddressInPlace()
    {
        if (Pieces.Length != 1)
        {
            return null;
        }
        Piece piece = Pieces[0];
        Storage storage = Storages[piece.Buffer]!;
        return storage.Columns == 1 && piece.Has(0) ? StorageCopy.AddressWithoutGaps(storage, 0, piece.Box) : null;
    }

    /// <summary>The bytes of all pieces.</summary>
    protected long PackedBytes()
    {
        long bytes = 0;
        foreach (Piece piece in Pieces)
        {
            bytes += StorageCopy.PackedBytes(Storages[piece.Buffer]!, piece.Box, piece.Columns);
        }
        return bytes;
    }

    /// <summary>Memory for the packed message, kept from one to the next.</summary>
    protected byte* PackedMemory(long bytes)
    {
        if (_packed is null || _packed.Bytes < bytes)
        {
            _packed?.Release();
            _packed = Runtime.Pool.Allocator.AllocateBytes(bytes, "a message");
        }
        return _packed.Address;
    }

    protected void Start(Request request)
    {
        _request = request;
        _isUnderWay = true;
    }

    /// <summary>What remains to be done when the message has ended.</summary>
    protected virtual void Ended()
    {
    }

    protected bool TryRefresh(RankId partner, int tag, ImmutableArray<Piece> pieces)
    {
        if (partner != Partner || tag != Tag)
        {
            return false;
        }
        Pieces = pieces;
        return true;
    }
}

/// <summary>Starts to send.</summary>
internal sealed unsafe class SendRun(BodyRun body, SendStep step) : MessageRun(body, step.Pieces, step.To, step.Tag)
{
    public override void Run()
    {
        long bytes = PackedBytes();
        byte* data = AddressInPlace();
        if (data is null)
        {
            data = PackedMemory(bytes);
            byte* next = data;
            foreach (Piece piece in Pieces)
            {
                next += StorageCopy.Pack(Storages[piece.Buffer]!, piece.Box, next, piece.Columns);
            }
        }
        Start(Communicator.Send(Partner, Tag, data, bytes));
    }

    public override bool TryRefresh(RankStep step) => step is SendStep send && TryRefresh(send.To, send.Tag, send.Pieces);
}

/// <summary>Starts to receive; what came lies in its pieces once it has been awaited.</summary>
internal sealed unsafe class ReceiveRun(BodyRun body, ReceiveStep step) : MessageRun(body, step.Pieces, step.From, step.Tag)
{
    private byte* _arrived;

    public override void Run()
    {
        long bytes = PackedBytes();
        byte* target = AddressInPlace();
        _arrived = target is null ? PackedMemory(bytes) : null;
        Start(Communicator.Receive(Partner, Tag, target is null ? _arrived : target, bytes));
    }

    public override bool TryRefresh(RankStep step) => step is ReceiveStep receive && TryRefresh(receive.From, receive.Tag, receive.Pieces);

    protected override void Ended()
    {
        byte* next = _arrived;
        if (next is null)
        {
            return;
        }
        foreach (Piece piece in Pieces)
        {
            next += StorageCopy.Unpack(next, Storages[piece.Buffer]!, piece.Box, piece.Columns);
        }
    }
}
