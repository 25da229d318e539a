using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Execution.Ranks;

/// <summary>N ranks as threads of this process: one communicator each, and what they share.</summary>
internal sealed class InProcessGroup : IDisposable
{
    private readonly Lock _lock = new();
    private readonly InProcessCommunicator[] _ranks;
    private readonly Channel?[] _channels;
    private readonly InProcessOptions _options;
    private CancellationTokenSource _interrupted = new();
    private volatile Interruption? _reason;
    private volatile Interruption? _final;
    private volatile int _recoveries;
    private readonly bool[] _isRecovering;
    private int _waitingForRecovery;

    public InProcessGroup(int ranks, InProcessOptions? options = null)
    {
        _options = options ?? new InProcessOptions();
        _channels = new Channel?[ranks * ranks];
        _ranks = new InProcessCommunicator[ranks];
        _isRecovering = new bool[ranks];
        for (int r = 0; r < ranks; r++)
        {
            _ranks[r] = new InProcessCommunicator(this, new RankId(r));
        }
    }

    public int Ranks => _ranks.Length;

    public TimeSpan Watchdog => _options.Watchdog;

    /// <summary>The end of a rank.</summary>
    public InProcessCommunicator this[int rank] => _ranks[rank];

    public CancellationToken Interrupted
    {
        get
        {
            lock (_lock)
            {
                return _interrupted.Token;
            }
        }
    }

    /// <summary>True while some rank has interrupted this evaluation, or for good.</summary>
    public bool IsInterrupted => _reason is not null;

    /// <summary>Why all ranks were aborted, or null.</summary>
    public Interruption? Final => _final;

    /// <summary>Counts the recoveries.</summary>
    public int Recoveries => _recoveries;

    /// <summary>The messages from one rank to another.</summary>
    public Channel ChannelOf(RankId from, RankId to)
    {
        if ((uint)to.Value >= (uint)Ranks || (uint)from.Value >= (uint)Ranks)
        {
            throw new InternalErrorException($"There is no message from {from} to {to} among {Ranks} ranks.");
        }
        ref Channel? channel = ref _channels[from.Value * Ranks + to.Value];
        return Volatile.Read(ref channel) ?? MakeChannel(ref channel, from, to);
    }

    /// <summary>The exception for a rank to throw while the evaluation is interrupted, else null.</summary>
    public InterruptedEvaluationException? Interruption() =>
        _reason is { } reason ? new InterruptedEvaluationException(_final ?? reason, _final is not null) : null;

    public void Interrupt(Interruption reason, bool isFinal)
    {
        CancellationTokenSource source;
        lock (_lock)
        {
            if (_final is not null || _reason is not null && !isFinal)
            {
                return;
            }
            _final = isFinal ? reason : null;
            _reason = reason;
            source = _interrupted;
        }
        source.Cancel();
        WakeAll();
    }

    /// <summary>Counts a rank in that has cancelled its requests; the last one forgets all messages and lets everybody go on.</summary>
    public void EnterRecovery(RankId rank)
    {
        lock (_lock)
        {
            _isRecovering[rank.Value] = true;
            if (++_waitingForRecovery < Ranks || _final is not null)
            {
                return;
            }
            foreach (Channel? channel in _channels)
            {
                channel?.Clear();
            }
            _waitingForRecovery = 0;
            Array.Clear(_isRecovering);
            _interrupted = new CancellationTokenSource();
            _reason = null;
            _recoveries++;
        }
        WakeAll();
    }

    /// <summary>The first rank that has not come to the recovery; null when all have.</summary>
    public InProcessCommunicator? MissingInRecovery()
    {
        lock (_lock)
        {
            int missing = _waitingForRecovery == 0 ? -1 : Array.IndexOf(_isRecovering, false);
            return missing < 0 ? null : _ranks[missing];
        }
    }

    public void Dispose() => _interrupted.Dispose();

    private void WakeAll()
    {
        foreach (InProcessCommunicator rank in _ranks)
        {
            rank.WakeAlways();
        }
    }

    private Channel MakeChannel(ref Channel? channel, RankId from, RankId to)
    {
        lock (_lock)
        {
            channel ??= new Channel(_ranks[from.Value], _ranks[to.Value], _options.EagerBytes);
            return channel;
        }
    }
}
