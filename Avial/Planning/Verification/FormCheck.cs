using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>What must hold of a body before it can be followed: numbers in range, kinds of nodes, ranks of boxes, pieces inside windows.</summary>
internal sealed class FormCheck
{
    private readonly RankBody _body;
    private readonly RankId _rank;
    private readonly int _ranks;
    private readonly Action<int, string> _report;
    private int _step = -1;

    private FormCheck(RankBody body, RankId rank, int ranks, Action<int, string> report)
    {
        _body = body;
        _rank = rank;
        _ranks = ranks;
        _report = report;
    }

    /// <summary>Reports (step, or -1; what is wrong).</summary>
    public static void Check(RankBody body, RankId rank, int ranks, Action<int, string> report)
    {
        var check = new FormCheck(body, rank, ranks, report);
        check.Frame();
        for (check._step = 0; check._step < body.Steps.Length; check._step++)
        {
            check.Step(body.Steps[check._step]);
        }
    }

    private void Frame()
    {
        for (int n = 0; n < _body.Buffers.Length; n++)
        {
            RankBuffer buffer = _body.Buffers[n];
            Require(buffer.Number == n, $"buffer b{buffer.Number} is number {n}");
            Require(buffer.Window.Rank == buffer.Type.Rank, $"the window {buffer.Window} of b{n} is none of {buffer.Type}");
        }
        Values("parameter", _body.Region.Parameters, _body.Parameters, _body.ParameterOwners);
        Values("result", [.. _body.Region.Results.Select(_body.Region.TypeOf)], _body.Results, _body.ResultOwners);
        foreach (int parameter in _body.Parameters)
        {
            Require(parameter < 0 || parameter >= _body.Buffers.Length || _body.Buffers[parameter].Origin == BufferOrigin.Given,
                $"b{parameter} is a parameter and not given");
        }
    }

    private void Values(string what, ImmutableArray<ArrayType> types, ImmutableArray<int> buffers, ImmutableArray<Distribution> owners)
    {
        if (!Require(buffers.Length == types.Length && owners.Length == types.Length, $"there are {types.Length} {what}s, {buffers.Length} buffers and {owners.Length} owners"))
        {
            return;
        }
        for (int n = 0; n < types.Length; n++)
        {
            Require(owners[n].Space == types[n].Box && owners[n].Ranks == _ranks, $"{what} {n} of {types[n]} is owned as {owners[n]} of {owners[n].Space} on {owners[n].Ranks} ranks");
            if (buffers[n] != -1 && Buffer(buffers[n]))
            {
                Require(GraphEquality.AreEqual(_body.Buffers[buffers[n]].Type, types[n]), $"{what} {n} is {types[n]}, its buffer b{buffers[n]} {_body.Buffers[buffers[n]].Type}");
            }
        }
    }

    private void Step(RankStep step)
    {
        switch (step)
        {
            case AllocateStep allocate when Buffer(allocate.Buffer):
                Require(_body.Buffers[allocate.Buffer].Origin == BufferOrigin.Step, $"b{allocate.Buffer} is given, not allocated");
                break;
            case FreeStep free:
                Buffer(free.Buffer);
                break;
            case LaunchStep launch when Node<Operation>(launch.Node):
                Operands(launch.Node, launch.Inputs, launch.Outputs);
                break;
            case CombineStep combine when Node<ReduceOperation>(combine.Node):
                Operands(combine.Node, combine.Inputs, [combine.Output]);
                break;
            case ScatterStep scatter when Node<ScatterOperation>(scatter.Node):
                Operands(scatter.Node, scatter.Inputs, [scatter.Output]);
                Buffer(scatter.Output);
                Require(scatter.Target.Ranks == _ranks, $"its target is owned by {scatter.Target.Ranks} ranks, of {_ranks}");
                break;
            case ScanStep scan when Node<ScanOperation>(scan.Node):
                Operands(scan.Node, scan.Inputs, [scan.Output]);
                Peer(scan.CarryFrom ?? scan.CarryTo);
                Peer(scan.CarryTo ?? scan.CarryFrom);
                break;
            case InspectStep inspect when Node<Operation>(inspect.Node):
                Inspection(inspect);
                break;
            case GatherStep gather:
                Buffer(gather.From);
                Buffer(gather.To);
                break;
            case CopyStep copy:
                foreach ((Piece from, Piece to) in copy.Pieces)
                {
                    if (Piece(from) & Piece(to))
                    {
                        Pair(from, _body.Buffers[from.Buffer], to, _body.Buffers[to.Buffer]);
                    }
                }
                break;
            case SendStep send:
                Message(send.To, send.Pieces);
                break;
            case ReceiveStep receive:
                Message(receive.From, receive.Pieces);
                break;
            case ReshapeStep reshape when Node<ReshapeOperation>(reshape.Node):
                Buffer(reshape.From);
                Buffer(reshape.To);
                Require(reshape.From != reshape.To, $"b{reshape.From} is reshaped to itself");
                break;
            case ReadFileStep read when Node<FileOperation>(read.Node):
                Buffer(read.Output);
                break;
            case CallStep call when Node<CallOperation>(call.Node):
                Operands(call.Node, call.Inputs, call.Outputs);
                break;
            case LoopStep loop when Node<LoopOperation>(loop.Node):
                Loop(loop, (LoopOperation)_body.Region.Nodes[loop.Node].Operation);
                break;
        }
    }

    private void Inspection(InspectStep step)
    {
        GraphNode reader = _body.Region.Nodes[step.Node];
        Operands(step.Node, step.Inputs, [.. reader.Operation.Outputs.Select(_ => -1)]);
        if (Require(step.Input >= 0 && step.Input < reader.Inputs.Length, $"there is no input {step.Input}"))
        {
            ArrayType type = _body.Region.TypeOf(reader.Inputs[step.Input]);
            Require(step.Owner.Space == type.Box && step.Owner.Ranks == _ranks, $"input {step.Input} of {type} is owned as {step.Owner} of {step.Owner.Space}");
        }
    }

    private void Loop(LoopStep step, LoopOperation loop)
    {
        Require(step.Initial.Length == loop.Carried, $"{step.Initial.Length} buffers start {loop.Carried} carried values");
        Require(step.Outputs.Length == loop.Outputs.Length, $"{step.Outputs.Length} buffers take {loop.Outputs.Length} results");
        foreach (int buffer in step.Initial.Concat(step.Outputs).Where(b => b != -1))
        {
            Buffer(buffer);
        }
        foreach ((_, int outer) in step.Imports)
        {
            Buffer(outer);
        }
    }

    private void Operands(int node, ImmutableArray<int> inputs, ImmutableArray<int> outputs)
    {
        GraphNode reader = _body.Region.Nodes[node];
        Require(inputs.Length == reader.Inputs.Length, $"{inputs.Length} buffers are read for {reader.Inputs.Length} inputs");
        Require(outputs.Length == reader.Operation.Outputs.Length, $"{outputs.Length} buffers are written for {reader.Operation.Outputs.Length} outputs");
        foreach (int buffer in inputs.Concat(outputs).Where(b => b != -1))
        {
            Buffer(buffer);
        }
    }

    private void Message(RankId peer, ImmutableArray<Piece> pieces)
    {
        Peer(peer);
        Require(!pieces.IsEmpty, "the message is empty");
        foreach (Piece piece in pieces)
        {
            Piece(piece);
        }
    }

    private void Peer(RankId? peer)
    {
        if (peer is { } other)
        {
            Require(other.Value >= 0 && other.Value < _ranks && other != _rank, $"{other} is no peer of {_rank}, one of {_ranks}");
        }
    }

    private void Pair(Piece from, RankBuffer source, Piece to, RankBuffer target)
    {
        if (MisfitOf(from, source, to, target) is { } misfit)
        {
            Require(false, misfit);
        }
    }

    /// <summary>Why one piece can't become another; null when it can: elements and columns alike, the same lengths, places that stand for the same elements.</summary>
    public static string? MisfitOf(Piece from, RankBuffer source, Piece to, RankBuffer target)
    {
        if (!GraphEquality.AreEqual(source.Type, target.Type))
        {
            return $"{source.Type} goes into {target.Type}";
        }
        ulong all = ColumnMask.OfFirst(source.Type.Element.Columns.Length);
        if ((from.Columns & all) != (to.Columns & all))
        {
            return $"columns 0x{from.Columns & all:x} go into columns 0x{to.Columns & all:x}";
        }
        for (int axis = 0; axis < from.Box.Rank; axis++)
        {
            long shift = to.Box.Low[axis] - from.Box.Low[axis];
            long extent = source.Type.Extents[axis];
            if (from.Box.Length(axis) != to.Box.Length(axis))
            {
                return $"{from.Box} goes into {to.Box}, which is not as long";
            }
            if (shift != 0 && (extent == 0 || shift % extent != 0))
            {
                return $"{from.Box} goes to {to.Box}, which stands for other elements";
            }
        }
        return null;
    }

    private bool Piece(Piece piece)
    {
        if (!Buffer(piece.Buffer))
        {
            return false;
        }
        RankBuffer buffer = _body.Buffers[piece.Buffer];
        return Require(piece.Box.Rank == buffer.Window.Rank, $"{piece.Box} is no box of b{piece.Buffer}")
            && Require(buffer.Window.Contains(piece.Box), $"{piece.Box} leaves the window {buffer.Window} of b{piece.Buffer}")
            && Require((piece.Columns & ColumnMask.OfFirst(buffer.Type.Element.Columns.Length)) != 0, $"columns 0x{piece.Columns:x} are none of b{piece.Buffer}");
    }

    private bool Buffer(int number) => Require(number >= 0 && number < _body.Buffers.Length, $"there is no buffer b{number}");

    private bool Node<T>(int number) where T : Operation =>
        Require(number >= 0 && number < _body.Region.Nodes.Length, $"there is no node %{number}")
        && Require(_body.Region.Nodes[number].Operation is T, $"%{number} is a {_body.Region.Nodes[number].Operation.GetType().Name}");

    private bool Require(bool holds, string problem)
    {
        if (!holds)
        {
            _report(_step, problem);
        }
        return holds;
    }
}
