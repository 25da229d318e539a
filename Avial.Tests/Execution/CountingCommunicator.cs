using Avial.Backends;
using Avial.Geometry;

namespace Avial.Tests.Execution;

/// <summary>Another communicator that notes what is sent for plans.</summary>
internal sealed unsafe class CountingCommunicator(ICommunicator communicator) : ICommunicator
{
    /// <summary>Which tags count: those of plans.</summary>
    public Predicate<int> Counts { get; init; } = tag => tag >= 0;

    /// <summary>The messages sent with tags that count, in order.</summary>
    public List<(int To, long Bytes)> Sent { get; } = [];

    public RankId Rank => communicator.Rank;

    public int Ranks => communicator.Ranks;

    public CancellationToken Interrupted => communicator.Interrupted;

    public Request Send(RankId to, int tag, byte* data, long bytes)
    {
        if (Counts(tag))
        {
            Sent.Add((to.Value, bytes));
        }
        return communicator.Send(to, tag, data, bytes);
    }

    public Request Receive(RankId from, int tag, byte* data, long bytes) => communicator.Receive(from, tag, data, bytes);

    public void Wait(Request request, in WaitSite site) => communicator.Wait(request, site);

    public bool Test(Request request) => communicator.Test(request);

    public void Note(RankDoing doing) => communicator.Note(doing);

    public void Interrupt(Interruption reason) => communicator.Interrupt(reason);

    public void Recover(in WaitSite site) => communicator.Recover(site);

    public void Abort(Interruption reason) => communicator.Abort(reason);
}
