namespace Avial.Execution.Ranks;

/// <summary>How the ranks of one process pass messages.</summary>
internal sealed record InProcessOptions
{
    /// <summary>Messages of at most this many bytes are copied when sent, a few at a time, so that the send is complete at once; -1 copies none.</summary>
    public int EagerBytes { get; init; } = 1024;

    /// <summary>The longest wait; zero for no limit.</summary>
    public TimeSpan Watchdog { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A send is complete only when it is received: finds programs that rely on copies.</summary>
    public static InProcessOptions Rendezvous { get; } = new() { EagerBytes = -1 };
}
