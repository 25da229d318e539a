using Avial.Backends;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>Brings what an inspection has found: one message from each rank that has some of it, one to each that needs something of this one's.</summary>
internal sealed unsafe class GatherRun(BodyRun body, GatherStep step) : PendingRun(body)
{
    private GatherStep _step = step;
    private Request[] _requests = [];
    private ColumnMemory? _sent;
    private ColumnMemory? _received;
    private GatherSchedule? _underWay;

    private ICommunicator Communicator => Runtime.Communicator!;

    public override void Run()
    {
        GatherSchedule schedule = Body.Gathers[_step.Inspection];
        Storage from = Storages[_step.From]!;
        Storage to = Storages[_step.To]!;
        if (_requests.Length < schedule.Receives.Length + schedule.Sends.Length)
        {
            _requests = new Request[schedule.Receives.Length + schedule.Sends.Length];
        }
        _underWay = schedule;
        long size = ColumnMask.SizeOf(_step.Columns, from.Type.Element);
        byte* next = Memory(ref _received, schedule.Received * size);
        int request = 0;
        foreach (PeerRuns peer in schedule.Receives)
        {
            _requests[request++] = Communicator.Receive(peer.Peer, _step.Tag, next, peer.Elements * size);
            next += peer.Elements * size;
        }
        next = Memory(ref _sent, schedule.Sent * size);
        foreach (PeerRuns peer in schedule.Sends)
        {
            byte* message = next;
            next += RunCopy.Pack(from, peer.Runs.Span, message, _step.Columns);
            _requests[request++] = Communicator.Send(peer.Peer, _step.Tag, message, next - message);
        }
        if (_step.From != _step.To)
        {
            RunCopy.Copy(from, to, schedule.Own.Span, _step.Columns);
        }
    }

    public override void FinishIfUnderWay()
    {
        if (_underWay is not { } schedule)
        {
            return;
        }
        _underWay = null;
        Storage to = Storages[_step.To]!;
        byte* next = _received is null ? null : _received.Address;
        int request = 0;
        foreach (PeerRuns peer in schedule.Receives)
        {
            Communicator.Wait(_requests[request++], Site);
            next += RunCopy.Unpack(next, to, peer.Runs.Span, _step.Columns);
        }
        for (; request < schedule.Receives.Length + schedule.Sends.Length; request++)
        {
            Communicator.Wait(_requests[request], Site);
        }
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not GatherStep gather || gather != _step with { After = gather.After })
        {
            return false;
        }
        _step = gather;
        return true;
    }

    public override void ReleaseMemory()
    {
        _sent?.Release();
        _received?.Release();
        (_sent, _received) = (null, null);
    }

    // Kept from one run to the next.
    private byte* Memory(ref ColumnMemory? memory, long bytes)
    {
        if (bytes > 0 && (memory is null || memory.Bytes < bytes))
        {
            memory?.Release();
            memory = Runtime.Pool.Allocator.AllocateBytes(bytes, "messages");
        }
        return memory is null ? null : memory.Address;
    }
}
