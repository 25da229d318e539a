using Avial.Backends;
using Avial.Execution;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Benchmarks.Quick;

/// <summary>
/// The kernels, copies and messages of one rank's loop body, one after another without a plan: memory is made once, nothing is taken, given back or handed on. Each message
/// is awaited where the plan awaits it.
/// </summary>
internal sealed unsafe class LoopByHand : IDisposable
{
    private static readonly WaitSite s_site = new("by hand", Diagnostics.SourceSpan.None);

    private readonly Storage[] _storages;
    private readonly Piecework[] _work;
    private readonly RankTeam.Member _member;
    private readonly Request[] _requests;
    private readonly int[] _messages;

    /// <param name="body">The body.</param>
    /// <param name="code">Its compiled nodes.</param>
    /// <param name="scalars">The program's captured numbers.</param>
    /// <param name="member">The rank.</param>
    public LoopByHand(RankBody body, CompiledNodes code, ulong[] scalars, RankTeam.Member member)
    {
        _member = member;
        _storages = [.. body.Buffers.Select(b => Allocator.Shared.Allocate(b.Type, b.Window, b.Name))];
        foreach (Storage storage in _storages)
        {
            new Span<byte>(storage.Address(0), (int)storage.Column(0).Bytes).Clear();
        }
        _work = [.. body.Steps.Select(step => Prepare(step, code, scalars))];
        _requests = new Request[_work.Length];
        _messages = [.. Enumerable.Range(0, _work.Length).Where(s => _work[s].Peer is not null)];
        for (int s = 0; s < _work.Length; s++)
        {
            _work[s].Awaits = [.. body.Steps[s].After.Where(a => _messages.Contains(a))];
        }
    }

    /// <summary>The loop.</summary>
    public void Run(long steps)
    {
        for (long step = 0; step < steps; step++)
        {
            for (int w = 0; w < _work.Length; w++)
            {
                Piecework work = _work[w];
                foreach (int message in work.Awaits)
                {
                    _member.Communicator!.Wait(_requests[message], s_site);
                }
                Do(work, w);
            }
            foreach (int message in _messages)
            {
                _member.Communicator!.Wait(_requests[message], s_site);
            }
        }
    }

    public void Dispose()
    {
        foreach (Storage storage in _storages)
        {
            storage.Release();
        }
    }

    private void Do(Piecework work, int number)
    {
        if (work.Context is { } context)
        {
            StageLauncher.Launch(work.Code!.Operation!, context, work.Code.Node.Order, _member.Workers);
        }
        else if (work.Peer is { } peer)
        {
            ICommunicator ranks = _member.Communicator!;
            _requests[number] = work.IsSend ? ranks.Send(peer, work.Tag, work.Data, work.Bytes) : ranks.Receive(peer, work.Tag, work.Data, work.Bytes);
        }
        else if (work.Copy is { } copy)
        {
            foreach ((Piece from, Piece to) in copy.Pieces)
            {
                StorageCopy.Box(_storages[from.Buffer], _storages[to.Buffer], from.Box);
            }
        }
    }

    private Piecework Prepare(RankStep step, CompiledNodes code, ulong[] scalars) => step switch
    {
        LaunchStep launch => new Piecework
        {
            Code = code[launch.Node],
            Context = new LaunchContext
            {
                Inputs = [.. launch.Inputs.Select(i => _storages[i])],
                Outputs = [.. launch.Outputs.Select(o => _storages[o])],
                Scalars = [.. code[launch.Node].Node.Scalars.Select(s => scalars[s])],
                Domains = code[launch.Node].ConstantDomains!,
                Parts = [.. launch.Parts],
            },
        },
        SendStep send => Message(send.To, send.Tag, send.Pieces.Single(), isSend: true),
        ReceiveStep receive => Message(receive.From, receive.Tag, receive.Pieces.Single(), isSend: false),
        CopyStep copy => new Piecework { Copy = copy },
        _ => new Piecework(),
    };

    private Piecework Message(RankId peer, int tag, Piece piece, bool isSend)
    {
        Storage storage = _storages[piece.Buffer];
        return new Piecework { Peer = peer, Tag = tag, IsSend = isSend, Data = StorageCopy.AddressWithoutGaps(storage, 0, piece.Box), Bytes = StorageCopy.PackedBytes(storage, piece.Box) };
    }

    // A launch, a message, a copy, or nothing.
    private sealed class Piecework
    {
        public int[] Awaits { get; set; } = [];

        public NodeCode? Code { get; init; }

        public LaunchContext? Context { get; init; }

        public CopyStep? Copy { get; init; }

        public RankId? Peer { get; init; }

        public int Tag { get; init; }

        public bool IsSend { get; init; }

        public byte* Data { get; init; }

        public long Bytes { get; init; }
    }
}
