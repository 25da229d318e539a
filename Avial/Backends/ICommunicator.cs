using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Backends;

/// <summary>
/// A message under way, by number: the communicator that gave it knows the rest. The default one is complete, and so is every request that was
/// once found complete.
/// </summary>
internal readonly record struct Request(int Slot, int Generation);

/// <summary>What a rank waits in or works on, for the watchdog's message: the name of a step and the line that asked for it.</summary>
internal readonly record struct WaitSite(string Step, SourceSpan Span);

/// <summary>What a rank does while it does not wait for a message.</summary>
internal enum RankActivity : byte
{
    /// <summary>The user's code outside an evaluation.</summary>
    HostCode,
    /// <summary>A step of a plan.</summary>
    Computing,
    /// <summary>Nothing any more: its program is over.</summary>
    Ended,
}

/// <summary>What a rank does, and in what. An object that is made once, so that saying it costs nothing.</summary>
internal sealed record RankDoing(RankActivity Activity, WaitSite Site);

/// <summary>
/// One rank's end of the message passing between all ranks of a program. Used by one thread at a time; only <see cref="Interrupt"/>,
/// <see cref="Abort"/> and <see cref="Interrupted"/> may be used by any. Once the evaluation is interrupted every other member throws
/// <see cref="InterruptedEvaluationException"/> until <see cref="Recover"/>; before it throws, all requests of this rank are forgotten: nobody touches their
/// memory any more.
/// </summary>
internal unsafe interface ICommunicator
{
    /// <summary>This rank.</summary>
    RankId Rank { get; }

    /// <summary>How many ranks there are.</summary>
    int Ranks { get; }

    /// <summary>Cancelled when the current evaluation is interrupted, for code that computes and does not wait.</summary>
    CancellationToken Interrupted { get; }

    /// <summary>
    /// Starts to send; the memory must not change until the request is complete. Messages from one rank to another with one tag arrive in order. No bytes
    /// are legal, and so is a message to oneself. Tags from 0 belong to plans, negative ones (<see cref="ControlTags"/>) to the ranks' own protocols.
    /// </summary>
    Request Send(RankId to, int tag, byte* data, long bytes);

    /// <summary>
    /// Starts to receive exactly as many bytes as are sent; the memory is not to be touched until the request is complete. Another size is an
    /// <see cref="InternalErrorException"/> that names both sides.
    /// </summary>
    Request Receive(RankId from, int tag, byte* data, long bytes);

    /// <summary>Returns when the request is complete. Waiting longer than the watchdog allows aborts all ranks.</summary>
    void Wait(Request request, in WaitSite site);

    /// <summary>True when the request is complete; never blocks.</summary>
    bool Test(Request request);

    /// <summary>Says what this rank does from now on, for the watchdog's message on others.</summary>
    void Note(RankDoing doing);

    /// <summary>
    /// Ends the current evaluation on all ranks: whatever waits or will wait throws. The first reason stays. Every rank has to have opened this evaluation, which its
    /// handshake sees to.
    /// </summary>
    void Interrupt(Interruption reason);

    /// <summary>
    /// Collective, after an interruption: every rank comes here, and before it gives memory of unfinished requests back. On return all requests are
    /// forgotten on all ranks, and no message of the interrupted evaluation will ever arrive.
    /// </summary>
    void Recover(in WaitSite site);

    /// <summary>Ends the program on all ranks: as <see cref="Interrupt"/>, but there is no recovery.</summary>
    void Abort(Interruption reason);
}
