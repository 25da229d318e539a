using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Execution.Ranks;

/// <summary>The words for a wait that took too long: who waits in what for whom, and what that rank does instead.</summary>
internal static class WatchdogReport
{
    public static Interruption Of(InProcessCommunicator waiting, RequestSlot? slot, in WaitSite site, InProcessGroup group)
    {
        InProcessCommunicator? peer = slot is null ? group.MissingInRecovery() : PeerOf(slot);
        string doing = peer is null ? "" : peer == waiting ? ", which is itself" : $", {peer.Describe()}";
        string awaited = slot is null ? $"{peer?.Rank} to end the evaluation" : Awaited(slot);
        AvialException error = Throw.WatchdogExpired(waiting.Rank, group.Watchdog, In(site), awaited, doing, peer?.Rank, site.Span);
        return Interruption.Of(waiting.Rank, error);
    }

    /// <summary><c>4096 B from rank 2 (tag 7)</c>.</summary>
    public static string Awaited(RequestSlot? slot)
    {
        if (slot?.Channel is not { } channel)
        {
            return "the end of the evaluation";
        }
        return slot.IsSend
            ? $"{channel.Receiver.Rank} to receive {slot.Bytes} B (tag {ControlTags.Text(slot.Tag)})"
            : $"{slot.Bytes} B from {channel.Sender.Rank} (tag {ControlTags.Text(slot.Tag)})";
    }

    public static string In(in WaitSite site) => string.IsNullOrEmpty(site.Step) ? "" : $"in '{site.Step}' {Place(site)}";

    public static string Doing(RankDoing doing) => doing.Activity switch
    {
        RankActivity.Computing => string.IsNullOrEmpty(doing.Site.Step) ? "which computes" : $"which computes in '{doing.Site.Step}' {Place(doing.Site)}".TrimEnd(),
        RankActivity.Ended => "whose program has ended",
        _ => string.IsNullOrEmpty(doing.Site.Step) ? "which runs the program's own code"
            : $"which runs the program's own code after '{doing.Site.Step}' {Place(doing.Site)}".TrimEnd(),
    };

    private static string Place(in WaitSite site) => string.IsNullOrEmpty(site.Span.File) ? "" : $"({site.Span.Place}) ";

    private static InProcessCommunicator PeerOf(RequestSlot slot) => slot.IsSend ? slot.Channel!.Receiver : slot.Channel!.Sender;
}
