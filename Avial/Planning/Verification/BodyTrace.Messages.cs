using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    // By sender and receiver: the sends and receives that have started and not met, in order.
    private readonly Dictionary<(RankId From, RankId To), Channel> _channels = [];

    private void StartSend(RankState state, int step, SendStep send)
    {
        if (!_run.IsFollowed(send.To))
        {
            foreach (Piece piece in send.Pieces)
            {
                // Nobody looks at what arrives.
                if (Take(state, step, piece, piece).Count == 0 && !piece.Box.IsEmpty && state.Contents[piece.Buffer] is not null)
                {
                    Report(state, step, PlanViolationKind.Read, $"{piece.Box} of b{piece.Buffer} is sent and was never written");
                }
            }
            state.HasEnded[step] = true;
            return;
        }
        Channel channel = ChannelOf(state.Rank, send.To);
        channel.Sends.Enqueue((state, step));
        Meet(channel);
    }

    private void StartReceive(RankState state, int step, ReceiveStep receive)
    {
        if (!_run.IsFollowed(receive.From))
        {
            foreach (Piece piece in receive.Pieces)
            {
                Receive(state, step, piece, [new Held(piece.Box, piece.Columns, BufferContents.Anything)]);
            }
            state.HasEnded[step] = true;
            return;
        }
        Channel channel = ChannelOf(receive.From, state.Rank);
        channel.Receives.Enqueue((state, step));
        Meet(channel);
    }

    private Channel ChannelOf(RankId from, RankId to)
    {
        if (!_channels.TryGetValue((from, to), out Channel? channel))
        {
            _channels[(from, to)] = channel = new Channel();
        }
        return channel;
    }

    /// <summary>The first send and the first receive that wait on a channel, when both are there.</summary>
    private void Meet(Channel channel)
    {
        if (channel.Sends.Count == 0 || channel.Receives.Count == 0)
        {
            return;
        }
        (RankState sender, int sendStep) = channel.Sends.Dequeue();
        (RankState receiver, int receiveStep) = channel.Receives.Dequeue();
        var send = (SendStep)sender.Body.Steps[sendStep];
        var receive = (ReceiveStep)receiver.Body.Steps[receiveStep];
        sender.HasEnded[sendStep] = true;
        receiver.HasEnded[receiveStep] = true;
        string place = $"the message of step {sendStep} on {sender.Rank}";
        if (send.Tag != receive.Tag)
        {
            Report(receiver, receiveStep, PlanViolationKind.Message, $"tag {receive.Tag} is expected; {place} has tag {send.Tag}");
        }
        if (send.Pieces.Length != receive.Pieces.Length)
        {
            Report(receiver, receiveStep, PlanViolationKind.Message, $"{receive.Pieces.Length} pieces are expected; {place} has {send.Pieces.Length}");
        }
        for (int piece = 0; piece < Math.Max(send.Pieces.Length, receive.Pieces.Length); piece++)
        {
            Carry(sender, sendStep, send, receiver, receiveStep, receive, piece, place);
        }
        if (_counts)
        {
            _run.Messages++;
        }
    }

    private void Carry(RankState sender, int sendStep, SendStep send, RankState receiver, int receiveStep, ReceiveStep receive, int piece, string place)
    {
        if (piece >= receive.Pieces.Length)
        {
            Take(sender, sendStep, send.Pieces[piece], send.Pieces[piece]);
            return;
        }
        Piece to = receive.Pieces[piece];
        if (piece >= send.Pieces.Length)
        {
            Receive(receiver, receiveStep, to, []);
            return;
        }
        Piece from = send.Pieces[piece];
        if (FormCheck.MisfitOf(from, sender.Body.Buffers[from.Buffer], to, receiver.Body.Buffers[to.Buffer]) is { } misfit)
        {
            Report(receiver, receiveStep, PlanViolationKind.Message, $"piece {piece} does not fit that of {place}: {misfit}");
            Receive(receiver, receiveStep, to, []);
            return;
        }
        Receive(receiver, receiveStep, to, Take(sender, sendStep, from, to));
        if (_counts)
        {
            for (int column = 0; column < sender.Body.Buffers[from.Buffer].Type.Element.ColumnTypes.Length; column++)
            {
                _run.Bytes += from.Has(column) ? from.Box.Count * IR.ScalarTypes.Size(sender.Body.Buffers[from.Buffer].Type.Element.ColumnTypes[column]) : 0;
            }
        }
    }

    /// <summary>Names each rank that waits for ever and what for, and each message that nobody answers.</summary>
    private void ReportStuck()
    {
        foreach (RankState state in _states)
        {
            if (!state.IsDone)
            {
                Report(state, state.Next, PlanViolationKind.Deadlock, Waiting(state));
            }
        }
        foreach (((RankId from, RankId to), Channel channel) in _channels)
        {
            foreach ((RankState state, int step) in channel.Sends)
            {
                Report(state, step, PlanViolationKind.Message, $"the message with tag {((SendStep)state.Body.Steps[step]).Tag} to {to} is never received");
            }
            foreach ((RankState state, int step) in channel.Receives)
            {
                Report(state, step, PlanViolationKind.Message, $"the message with tag {((ReceiveStep)state.Body.Steps[step]).Tag} from {from} never comes");
            }
        }
    }

    private string Waiting(RankState state)
    {
        if (state.IsReady)
        {
            string[] absent = [.. _states.Where(s => s.IsDone || s.Body.Steps[s.Next].GetType() != state.Body.Steps[state.Next].GetType()).Select(s => $"{s.Rank}")];
            return absent.Length == 0 ? "the other ranks are at other steps" : $"it waits for {string.Join(", ", absent)}";
        }
        return $"it waits for ever for step {string.Join(", ", state.Body.Steps[state.Next].After.Where(s => !state.HasEnded[s]))}";
    }

    private sealed class Channel
    {
        public Queue<(RankState State, int Step)> Sends { get; } = [];

        public Queue<(RankState State, int Step)> Receives { get; } = [];
    }
}
