using Avial.Backends;
using Avial.Geometry;

namespace Avial.Execution.Scatters;

/// <summary>
/// Brings packed contributions to the owners of their targets: the ranks tell one another how many come, unless they know, then each sends one message to each owner that gets some.
/// </summary>
internal sealed unsafe class ContributionExchange
{
    private readonly ContributionPacker _packer;
    private readonly ICommunicator _communicator;
    private readonly Distribution _target;
    private readonly int _tag;
    private readonly bool _isOwner;
    private readonly GrowingMemory _arrived;
    private readonly GrowingMemory _counts;
    private readonly Request[] _sends;
    private readonly Request[] _receives;
    private readonly long[] _offsets;
    private long* _received;
    private byte* _segments;

    public ContributionExchange(ContributionPacker packer, Distribution target, int tag, ICommunicator communicator, Allocator allocator)
    {
        (_packer, _target, _tag, _communicator) = (packer, target, tag, communicator);
        _isOwner = target.Owns(communicator.Rank);
        _arrived = new GrowingMemory(allocator, "contributions");
        _counts = new GrowingMemory(allocator, "contributions");
        _sends = new Request[communicator.Ranks];
        _receives = new Request[communicator.Ranks];
        _offsets = new long[communicator.Ranks + 1];
    }

    /// <summary>How many come from each rank.</summary>
    public ReadOnlySpan<long> Received => new(_received, _sends.Length);

    /// <summary>Only owners of targets are told, and each by everybody: nobody else expects anything.</summary>
    public void ExchangeCounts(in WaitSite site)
    {
        int ranks = _sends.Length;
        int me = _communicator.Rank.Value;
        long* sent = TakeCounts();
        for (int rank = 0; rank < ranks; rank++)
        {
            _received[rank] = rank == me && _isOwner ? _packer.CountFor(_communicator.Rank) : 0;
            if (rank != me && _isOwner)
            {
                _receives[rank] = _communicator.Receive(new RankId(rank), _tag, (byte*)(_received + rank), sizeof(long));
            }
        }
        for (int rank = 0; rank < ranks; rank++)
        {
            var owner = new RankId(rank);
            sent[rank] = _packer.CountFor(owner);
            if (rank != me && _target.Owns(owner))
            {
                _sends[rank] = _communicator.Send(owner, _tag, (byte*)(sent + rank), sizeof(long));
            }
        }
        for (int rank = 0; rank < ranks; rank++)
        {
            Finish(_receives, rank, site);
            Finish(_sends, rank, site);
        }
    }

    /// <summary>Takes over how many come.</summary>
    public void SetCounts(ReadOnlySpan<long> received)
    {
        TakeCounts();
        received.CopyTo(new Span<long>(_received, _sends.Length));
    }

    /// <summary>Starts to send what was packed, and to receive what others have for this rank.</summary>
    public void Start(ContributionLayout layout)
    {
        int me = _communicator.Rank.Value;
        for (int rank = 0; rank < _sends.Length; rank++)
        {
            _offsets[rank + 1] = _offsets[rank] + (rank == me ? 0 : layout.BytesOf(_received[rank]));
        }
        _segments = _arrived.Take(_offsets[^1]);
        for (int rank = 0; rank < _sends.Length; rank++)
        {
            if (rank != me && _received[rank] > 0)
            {
                _receives[rank] = _communicator.Receive(new RankId(rank), _tag, _segments + _offsets[rank], layout.BytesOf(_received[rank]));
            }
        }
        for (int rank = 0; rank < _sends.Length; rank++)
        {
            var owner = new RankId(rank);
            if (rank != me && _target.Owns(owner) && _packer.CountFor(owner) is > 0 and long count)
            {
                _sends[rank] = _communicator.Send(owner, _tag, _packer.SegmentFor(owner), layout.BytesOf(count));
            }
        }
    }

    /// <summary>Waits for what a rank has for this one; null when it has nothing.</summary>
    public byte* Take(int rank, out long count, in WaitSite site)
    {
        count = _received[rank];
        if (count == 0)
        {
            return null;
        }
        if (rank == _communicator.Rank.Value)
        {
            return _packer.SegmentFor(_communicator.Rank);
        }
        Finish(_receives, rank, site);
        return _segments + _offsets[rank];
    }

    /// <summary>Waits until all that was sent has left: the packed memory may be used again.</summary>
    public void FinishSends(in WaitSite site)
    {
        for (int rank = 0; rank < _sends.Length; rank++)
        {
            Finish(_sends, rank, site);
        }
    }

    public void Release()
    {
        _arrived.Release();
        _counts.Release();
    }

    private void Finish(Request[] requests, int rank, in WaitSite site)
    {
        if (requests[rank] != default)
        {
            _communicator.Wait(requests[rank], site);
            requests[rank] = default;
        }
    }

    /// <summary>Memory for how many go to each rank, and behind it for how many come.</summary>
    private long* TakeCounts()
    {
        long* sent = (long*)_counts.Take(2L * _sends.Length * sizeof(long));
        _received = sent + _sends.Length;
        return sent;
    }
}
