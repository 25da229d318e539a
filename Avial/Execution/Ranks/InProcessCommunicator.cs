using System.Diagnostics;
using Avial.Backends;
using Avial.Geometry;

namespace Avial.Execution.Ranks;

/// <summary>The end of one rank of <see cref="InProcessGroup"/>. Waits spin shortly and then park: there may be fewer cores than ranks.</summary>
internal sealed unsafe class InProcessCommunicator : ICommunicator
{
    private readonly InProcessGroup _group;
    private readonly object _gate = new();
    private RequestSlot[] _slots = [];
    private RequestSlot? _free;
    private volatile bool _isParked;
    private RankDoing _doing = new(RankActivity.HostCode, default);
    private WaitSite _waitSite;
    private RequestSlot? _awaited;
    private bool _isWaiting;

    public InProcessCommunicator(InProcessGroup group, RankId rank)
    {
        _group = group;
        Rank = rank;
        AddSlots(64); // more requests at once than that are rare
    }

    public RankId Rank { get; }

    public int Ranks => _group.Ranks;

    public CancellationToken Interrupted => _group.Interrupted;

    public Request Send(RankId to, int tag, byte* data, long bytes)
    {
        ThrowIfInterrupted();
        return RequestOf(_group.ChannelOf(Rank, to).Send(tag, data, bytes));
    }

    public Request Receive(RankId from, int tag, byte* data, long bytes)
    {
        ThrowIfInterrupted();
        return RequestOf(_group.ChannelOf(from, Rank).Receive(tag, data, bytes));
    }

    public void Wait(Request request, in WaitSite site)
    {
        ThrowIfInterrupted();
        if (Find(request) is not { } slot)
        {
            return;
        }
        if (!slot.IsDone)
        {
            WaitUntilDone(slot, _group.Recoveries, site);
            ThrowIfInterrupted();
        }
        Recycle(slot);
    }

    public bool Test(Request request)
    {
        ThrowIfInterrupted();
        if (Find(request) is not { } slot)
        {
            return true;
        }
        if (!slot.IsDone)
        {
            return false;
        }
        ThrowIfInterrupted();
        Recycle(slot);
        return true;
    }

    public void Note(RankDoing doing) => Volatile.Write(ref _doing, doing);

    public void Interrupt(Interruption reason) => _group.Interrupt(reason, isFinal: false);

    public void Abort(Interruption reason) => _group.Interrupt(reason, isFinal: true);

    public void Recover(in WaitSite site)
    {
        Forget();
        int recoveries = _group.Recoveries;
        _group.EnterRecovery(Rank);
        WaitUntilDone(null, recoveries, site);
        if (_group.Final is not null)
        {
            ThrowIfInterrupted();
        }
    }

    /// <summary>Forgets all requests; returns when no other rank touches this one's memory. Only after an interruption or an abort.</summary>
    public void Forget()
    {
        foreach (RequestSlot slot in _slots)
        {
            if (slot.Channel is { } channel)
            {
                channel.Cancel(slot);
                Recycle(slot);
            }
        }
    }

    /// <summary>A slot for a request that has to wait; called on this rank's thread, under a channel's lock.</summary>
    public RequestSlot NewSlot()
    {
        if (_free is null)
        {
            AddSlots(_slots.Length);
        }
        RequestSlot slot = _free!;
        _free = slot.Next;
        return slot;
    }

    public void Wake()
    {
        if (_isParked)
        {
            WakeAlways();
        }
    }

    public void WakeAlways()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Interrupts everybody and gives the exception for this rank to throw.</summary>
    public Exception Mismatch(string what)
    {
        var reason = Interruption.OfBug(Rank, $"{what}.");
        Interrupt(reason);
        Forget();
        return reason.ToException();
    }

    private void ThrowIfInterrupted()
    {
        if (_group.IsInterrupted)
        {
            Forget(); // the memory of requests may be on the stack that unwinds
            throw _group.Interruption()!; // it stays until this rank has come to the recovery
        }
    }

    private static Request RequestOf(RequestSlot? slot) => slot is null ? default : new Request(slot.Number, slot.Generation);

    private RequestSlot? Find(Request request)
    {
        if (request.Generation == 0)
        {
            return null;
        }
        RequestSlot slot = _slots[request.Slot];
        return slot.Generation == request.Generation ? slot : null;
    }

    private void AddSlots(int count)
    {
        int first = _slots.Length;
        Array.Resize(ref _slots, first + count);
        for (int i = first; i < _slots.Length; i++)
        {
            _slots[i] = new RequestSlot(this, i) { Next = _free };
            _free = _slots[i];
        }
    }

    private void Recycle(RequestSlot slot)
    {
        slot.Generation++;
        slot.Channel = null;
        slot.Next = _free;
        _free = slot;
    }

    private bool IsOver(RequestSlot? slot, int recoveries) =>
        slot is null ? _group.Recoveries != recoveries || _group.Final is not null : slot.IsDone || _group.IsInterrupted;

    private void WaitUntilDone(RequestSlot? slot, int recoveries, in WaitSite site)
    {
        var spin = new SpinWait();
        for (int i = 0; i < 30; i++)
        {
            if (IsOver(slot, recoveries))
            {
                return;
            }
            spin.SpinOnce(sleep1Threshold: -1);
        }
        if (!Park(slot, recoveries, site))
        {
            TimedOut(slot, site);
        }
    }

    /// <summary>False when the watchdog's time is over.</summary>
    private bool Park(RequestSlot? slot, int recoveries, in WaitSite site)
    {
        long started = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            _waitSite = site;
            _awaited = slot;
            _isWaiting = true;
            _isParked = true;
            Interlocked.MemoryBarrier(); // whoever completes the request sees that this rank is parked, or this rank sees that it is complete
            try
            {
                while (!IsOver(slot, recoveries))
                {
                    TimeSpan left = _group.Watchdog - Stopwatch.GetElapsedTime(started);
                    if (_group.Watchdog <= TimeSpan.Zero)
                    {
                        Monitor.Wait(_gate);
                    }
                    else if (left <= TimeSpan.Zero)
                    {
                        return false;
                    }
                    else
                    {
                        Monitor.Wait(_gate, left);
                    }
                }
                _isWaiting = false;
                return true;
            }
            finally
            {
                _isParked = false;
            }
        }
    }


    private void TimedOut(RequestSlot? slot, in WaitSite site)
    {
        Interruption reason = WatchdogReport.Of(this, slot, site, _group);
        Abort(reason);
        ThrowIfInterrupted();
    }

    /// <summary>What this rank does, for the message of another: <c>which computes in 'blur' (Program.cs:12)</c>.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            return _isWaiting
                ? $"which waits {WatchdogReport.In(_waitSite)}for {WatchdogReport.Awaited(_awaited)}"
                : WatchdogReport.Doing(Volatile.Read(ref _doing));
        }
    }
}
