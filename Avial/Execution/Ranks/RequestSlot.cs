namespace Avial.Execution.Ranks;

/// <summary>
/// One end of a message between ranks of this process: a send or a receive that waits for its partner, or a small message that was copied and waits for
/// its receiver. Recycled by its owner.
/// </summary>
internal sealed unsafe class RequestSlot(InProcessCommunicator? owner, int number)
{
    private int _state;

    /// <summary>The rank whose request it is; null for a copied message, which belongs to the channel.</summary>
    public InProcessCommunicator? Owner { get; } = owner;

    public int Number { get; } = number;

    /// <summary>Counts the uses: a request of an earlier one is complete.</summary>
    public int Generation { get; set; } = 1;

    public Channel? Channel { get; set; }

    public bool IsSend { get; set; }

    public int Tag { get; set; }

    public byte* Data { get; set; }

    public long Bytes { get; set; }

    /// <summary>The copy of a small message.</summary>
    public byte[] Copy { get; set; } = [];

    /// <summary>The next in a list of its channel, or of free ones.</summary>
    public RequestSlot? Next { get; set; }

    public bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>True until a partner has taken it; read under the channel's lock.</summary>
    public bool IsPending => _state == Pending;

    private const int Pending = 0;
    private const int Taken = 1;
    private const int Done = 2;

    /// <summary>Starts a use; nobody else knows it yet.</summary>
    public void Begin(Channel channel, bool isSend, int tag, byte* data, long bytes)
    {
        Channel = channel;
        IsSend = isSend;
        Tag = tag;
        Data = data;
        Bytes = bytes;
        Next = null;
        Volatile.Write(ref _state, Pending);
    }

    /// <summary>A partner was found and copies; under the channel's lock.</summary>
    public void Take() => _state = Taken;

    /// <summary>Its memory is its owner's again.</summary>
    public void Complete()
    {
        // The owner may recycle it as soon as it sees the state: read before.
        InProcessCommunicator? owner = Owner;
        Interlocked.Exchange(ref _state, Done);
        owner?.Wake();
    }
}
