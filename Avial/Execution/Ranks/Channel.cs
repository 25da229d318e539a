namespace Avial.Execution.Ranks;

/// <summary>
/// The messages from one rank to another, in this process: whoever comes second finds the first and copies. Per tag, in order.
/// </summary>
internal sealed unsafe class Channel
{
    // Copies of small messages: all memory there will ever be, so that nothing is allocated later. A further message waits for its receiver.
    private const int MostCopies = 4;

    private readonly Lock _lock = new();
    private readonly int _eagerBytes;
    private SlotList _sends;
    private SlotList _receives;
    private RequestSlot? _freeCopies;

    public Channel(InProcessCommunicator sender, InProcessCommunicator receiver, int eagerBytes)
    {
        Sender = sender;
        Receiver = receiver;
        _eagerBytes = eagerBytes;
        for (int i = 0; i < MostCopies && eagerBytes >= 0; i++)
        {
            Free(new RequestSlot(null, -1) { Copy = new byte[eagerBytes] });
        }
    }

    public InProcessCommunicator Sender { get; }

    public InProcessCommunicator Receiver { get; }

    /// <summary>Gives null when the send is complete at once: its receiver was waiting, or it was small enough to be copied.</summary>
    public RequestSlot? Send(int tag, byte* data, long bytes)
    {
        RequestSlot? receive;
        lock (_lock)
        {
            receive = _receives.TakeFirst(tag);
            if (receive is null)
            {
                if (bytes <= _eagerBytes && _freeCopies is { } copy)
                {
                    _freeCopies = copy.Next;
                    copy.Begin(this, isSend: true, tag, data, bytes);
                    new ReadOnlySpan<byte>(data, (int)bytes).CopyTo(copy.Copy);
                    _sends.Append(copy);
                    return null;
                }
                RequestSlot slot = Sender.NewSlot();
                slot.Begin(this, isSend: true, tag, data, bytes);
                _sends.Append(slot);
                return slot;
            }
            receive.Take();
        }
        CheckSizes(bytes, receive.Bytes, tag, Sender, receive);
        Buffer.MemoryCopy(data, receive.Data, bytes, bytes);
        receive.Complete();
        return null;
    }

    /// <summary>Gives null when the message was already there.</summary>
    public RequestSlot? Receive(int tag, byte* data, long bytes)
    {
        RequestSlot? send;
        lock (_lock)
        {
            send = _sends.TakeFirst(tag);
            if (send is null)
            {
                RequestSlot slot = Receiver.NewSlot();
                slot.Begin(this, isSend: false, tag, data, bytes);
                _receives.Append(slot);
                return slot;
            }
            send.Take();
        }
        CheckSizes(send.Bytes, bytes, tag, Receiver, send);
        if (send.Owner is null)
        {
            send.Copy.AsSpan(0, (int)bytes).CopyTo(new Span<byte>(data, (int)bytes));
            lock (_lock)
            {
                Free(send);
            }
            return null;
        }
        Buffer.MemoryCopy(send.Data, data, bytes, bytes);
        send.Complete();
        return null;
    }

    /// <summary>Makes sure that nobody will touch the memory of a request: forgets it, or waits while a partner copies.</summary>
    public void Cancel(RequestSlot slot)
    {
        lock (_lock)
        {
            if (slot.IsPending)
            {
                if (slot.IsSend)
                {
                    _sends.Remove(slot);
                }
                else
                {
                    _receives.Remove(slot);
                }
                return;
            }
        }
        var spin = new SpinWait();
        while (!slot.IsDone)
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Forgets all messages; called while no rank sends or receives.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            while (_sends.First is { } message)
            {
                _sends.Remove(message);
                if (message.Owner is null)
                {
                    Free(message);
                }
            }
            _receives = default;
        }
    }

    private void CheckSizes(long sent, long received, int tag, InProcessCommunicator finder, RequestSlot partner)
    {
        if (sent == received)
        {
            return;
        }
        Exception mismatch = finder.Mismatch(
            $"{Sender.Rank} sends {sent} bytes to {Receiver.Rank} with the tag {Backends.ControlTags.Text(tag)}, which receives {received}");
        partner.Complete(); // nobody copies: its owner finds the interruption
        throw mismatch;
    }

    private void Free(RequestSlot copy)
    {
        copy.Next = _freeCopies;
        _freeCopies = copy;
    }
}

/// <summary>Slots in the order of their arrival.</summary>
internal struct SlotList
{
    private RequestSlot? _last;

    public RequestSlot? First { get; private set; }

    public void Append(RequestSlot slot)
    {
        if (_last is null)
        {
            First = slot;
        }
        else
        {
            _last.Next = slot;
        }
        _last = slot;
    }

    /// <summary>Takes the oldest of a tag out.</summary>
    public RequestSlot? TakeFirst(int tag)
    {
        RequestSlot? before = null;
        for (RequestSlot? slot = First; slot is not null; before = slot, slot = slot.Next)
        {
            if (slot.Tag == tag)
            {
                Unlink(before, slot);
                return slot;
            }
        }
        return null;
    }

    public void Remove(RequestSlot slot)
    {
        RequestSlot? before = null;
        for (RequestSlot? other = First; other is not null; before = other, other = other.Next)
        {
            if (ReferenceEquals(other, slot))
            {
                Unlink(before, slot);
                return;
            }
        }
    }

    private void Unlink(RequestSlot? before, RequestSlot slot)
    {
        if (before is null)
        {
            First = slot.Next;
        }
        else
        {
            before.Next = slot.Next;
        }
        if (ReferenceEquals(_last, slot))
        {
            _last = before;
        }
        slot.Next = null;
    }
}
