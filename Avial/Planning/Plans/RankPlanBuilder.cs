using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans.Moving;

namespace Avial.Planning.Plans;

/// <summary>Makes the concrete steps of one rank from the plan of all.</summary>
/// <remarks>
/// What formulas give is only compared, intersected and subtracted here: loops whose boxes move in place rely on that. What does sums with ends of boxes is told to
/// <see cref="MovingBoxes"/>, or is left out there, so that such loops are planned anew at each step.
/// </remarks>
internal sealed partial class RankPlanBuilder
{
    private readonly BodyPlan _plan;
    private readonly RankId _rank;
    private readonly SymbolScope _scope;
    private readonly ImmutableArray<RankBuffer> _buffers;
    private readonly List<RankStep> _steps = [];
    private readonly StepOrder _order;
    private readonly Dictionary<int, int> _inspections = [];

    private RankPlanBuilder(BodyPlan plan, RankId rank, SymbolScope scope)
    {
        _plan = plan;
        _rank = rank;
        _scope = scope;
        _buffers = [.. plan.Buffers.Select(b => new RankBuffer(b.Number, b.Name, b.Type, b.Window.Of(rank, b.Type, scope), b.Origin))];
        _order = new StepOrder(plan, _buffers);
    }

    /// <summary>The plan of a rank, for a run with these captured numbers.</summary>
    public static RankPlan Build(BodyPlan plan, RankId rank, ulong[] scalars) =>
        new(rank, plan.Ranks, BuildBody(plan, rank, new SymbolScope(scalars, null, null)));

    internal static RankBody BuildBody(BodyPlan plan, RankId rank, SymbolScope scope)
    {
        var builder = new RankPlanBuilder(plan, rank, scope);
        foreach (PlannedStep step in plan.Steps)
        {
            builder.Add(step);
        }
        return new RankBody(plan.Region, builder._buffers, [.. builder._steps], [.. plan.Parameters], [.. plan.Results], plan.Map.Parameters, [.. plan.ResultOwners]);
    }

    private void Add(PlannedStep planned)
    {
        switch (planned)
        {
            case PlannedAllocate allocate:
                Add(new AllocateStep(allocate.Buffer), [Writes(allocate.Buffer)]);
                break;
            case PlannedFree free:
                Add(new FreeStep(free.Buffer), [Writes(free.Buffer)]);
                break;
            case PlannedExchange exchange:
                AddExchange(exchange);
                break;
            case PlannedInspect inspect:
                AddInspection(inspect);
                break;
            case PlannedGather gather:
                AddGather(gather);
                break;
            case PlannedLaunch launch:
                AddLaunch(launch);
                break;
            case PlannedSweep sweep:
                AddSweep(sweep);
                break;
            case PlannedCombine combine:
                Box part = _plan.PartsOf(combine.Node).Of(_rank, 0, _scope) ?? EmptyPart(_plan.Region.Nodes[combine.Node], 0);
                Add(new CombineStep(combine.Node, combine.Inputs, combine.Output, part, combine.IsLocal, combine.Tag),
                    [.. Reads(combine.Node, combine.Inputs, [part]), Writes(combine.Output)]);
                break;
            case PlannedScan scan:
                AddScan(scan);
                break;
            case PlannedScatter scatter:
                AddScatter(scatter);
                break;
            case PlannedCopyOutside copy:
                AddCopyOutside(copy);
                break;
            case PlannedCopy copy:
                if (copy.Need.Of(_rank, _scope, isExact: true) is { } box)
                {
                    AddCopies([(new Piece(copy.From, box), new Piece(copy.To, box))]);
                }
                break;
            case PlannedReshape reshape:
                // Elsewhere than on the one rank that has it, nothing is shown.
                if (_plan.Map.Outputs[reshape.Node][0] is { Kind: DistributionKind.OnOne } owner && owner.Root != _rank)
                {
                    break;
                }
                // What both show of the memory is not told apart.
                Add(new ReshapeStep(reshape.Node, reshape.From, reshape.To), [Writes(reshape.From)]);
                break;
            case PlannedRead read:
                Add(new ReadFileStep(read.Node, read.Output), [Writes(read.Output)]);
                break;
            case PlannedCall call:
                AddCall(call);
                break;
            case PlannedLoop loop:
                AddLoop(loop);
                break;
        }
    }

    private void AddCall(PlannedCall call)
    {
        ImmutableArray<Distribution> outputs = _plan.Map.Outputs[call.Node];
        RankId runsOn = outputs.IsEmpty ? new RankId(0) : outputs[0].Root;
        bool isEverywhere = !outputs.IsEmpty && outputs[0].Kind == DistributionKind.Everywhere;
        if (isEverywhere || runsOn == _rank)
        {
            Add(new CallStep(call.Node, call.Inputs, call.Outputs), [.. call.Inputs.Where(i => i >= 0).Select(Reads), .. call.Outputs.Select(Writes)], isOrdered: true);
        }
    }

    private void AddLoop(PlannedLoop loop)
    {
        GraphNode node = _plan.Region.Nodes[loop.Node];
        Add(new LoopStep(loop.Node, loop.Initial, loop.Outputs, loop.Imports, new RankLoopBodies(loop.Body, _rank, _scope, node)),
            [.. loop.Initial.Select(Writes), .. loop.Outputs.Select(Writes), .. loop.Imports.Select(i => Reads(i.Outer))], isOrdered: true);
    }

    private void AddExchange(PlannedExchange exchange)
    {
        (SharedExchange? shared, ImmutableArray<Transfer> transfers) = SharedExchange.Divide(exchange, _plan.Buffers, _scope);
        var receives = new SortedDictionary<int, List<Piece>>();
        var copies = new List<(Piece From, Piece To)>();
        foreach (Transfer transfer in transfers)
        {
            foreach (IncomingPiece piece in TransferPieces.Incoming(transfer, _rank, _scope, _buffers[transfer.From].Type, _buffers[transfer.To].Window))
            {
                if (piece.Owner == _rank)
                {
                    copies.Add((new Piece(transfer.From, piece.From, piece.Columns), new Piece(transfer.To, piece.To, piece.Columns)));
                }
                else
                {
                    Pieces(receives, piece.Owner.Value).Add(new Piece(transfer.To, piece.To, piece.Columns));
                }
            }
        }
        int first = _steps.Count;
        foreach ((int peer, List<Piece> pieces) in receives)
        {
            AddReceive(peer, exchange.Number, pieces, first);
        }
        foreach ((RankId peer, List<Piece> pieces) in shared?.Incoming(_rank) ?? [])
        {
            AddReceive(peer.Value, exchange.SharedNumber, pieces, first);
        }
        var sends = new SortedDictionary<int, List<Piece>>();
        foreach (Transfer transfer in transfers)
        {
            foreach ((int peer, IncomingPiece piece) in Outgoing(transfer))
            {
                Pieces(sends, peer).Add(new Piece(transfer.From, piece.From, piece.Columns));
            }
        }
        first = _steps.Count;
        foreach ((int peer, List<Piece> pieces) in sends)
        {
            AddSend(peer, exchange.Number, pieces, first);
        }
        foreach ((RankId peer, List<Piece> pieces) in shared?.Outgoing(_rank) ?? [])
        {
            AddSend(peer.Value, exchange.SharedNumber, pieces, first);
        }
        copies.AddRange(shared?.Copies(_rank) ?? []);
        if (copies.Count > 0)
        {
            AddCopies(copies);
        }
    }

    private void AddReceive(int peer, int tag, List<Piece> pieces, int apartFrom) =>
        Add(new ReceiveStep(new RankId(peer), tag, [.. pieces]), [.. pieces.Select(Writes)], apartFrom: apartFrom);

    private void AddSend(int peer, int tag, List<Piece> pieces, int apartFrom) =>
        Add(new SendStep(new RankId(peer), tag, [.. pieces]), [.. pieces.Select(Reads)], apartFrom: apartFrom);

    /// <summary>What this rank gives to others, and to whom.</summary>
    private IEnumerable<(int Peer, IncomingPiece Piece)> Outgoing(Transfer transfer)
    {
        ArrayType type = _buffers[transfer.From].Type;
        foreach (int peer in TransferPieces.Receivers(transfer, _rank, _scope, type))
        {
            Box window = _plan.Buffers[transfer.To].Window.Of(new RankId(peer), type, _scope);
            foreach (IncomingPiece piece in TransferPieces.Incoming(transfer, new RankId(peer), _scope, type, window, _rank))
            {
                yield return (peer, piece);
            }
        }
    }

    private static List<Piece> Pieces(SortedDictionary<int, List<Piece>> messages, int peer)
    {
        if (!messages.TryGetValue(peer, out List<Piece>? pieces))
        {
            messages.Add(peer, pieces = []);
        }
        return pieces;
    }

    private void AddCopies(List<(Piece From, Piece To)> copies) =>
        Add(new CopyStep([.. copies]), [.. copies.Select(c => Reads(c.From)), .. copies.Select(c => Writes(c.To))]);

    /// <summary>The own part of the base, without what is computed.</summary>
    private void AddCopyOutside(PlannedCopyOutside copy)
    {
        GraphNode node = _plan.Region.Nodes[copy.Node];
        if (!_plan.Map.Outputs[copy.Node][copy.Output].TryOwn(_rank, out Box own))
        {
            return;
        }
        List<Box> outside = [own];
        if (node.Operation is MapOperation map)
        {
            NodeParts parts = _plan.PartsOf(copy.Node);
            for (int piece = 0; piece < parts.Pieces; piece++)
            {
                if (parts.Of(_rank, piece, _scope) is { } part)
                {
                    Box written = map.Origin.IsDefaultOrEmpty ? part : part.Shift([.. map.Origin.Select(o => -o)]);
                    outside = [.. outside.SelectMany(b => b.Subtract(written))];
                }
            }
        }
        if (outside.Count > 0)
        {
            AddCopies([.. outside.Select(box => (new Piece(copy.From, box), new Piece(copy.To, box)))]);
        }
    }

    private void Add(RankStep step, ReadOnlySpan<Touch> touches, bool isOrdered = false, int apartFrom = int.MaxValue) =>
        _steps.Add(step with { After = _order.Add(_steps.Count, touches, isOrdered, apartFrom) });

    private Touch Writes(int buffer) => new(buffer, null, IsWrite: true);

    private Touch Reads(int buffer) => new(buffer, null, IsWrite: false);

    private static Touch Writes(Piece piece) => new(piece.Buffer, piece.Box, IsWrite: true);

    private static Touch Reads(Piece piece) => new(piece.Buffer, piece.Box, IsWrite: false);
}

/// <summary>The bodies of a loop on one rank: made once, or for each step when boxes move.</summary>
internal sealed class RankLoopBodies(BodyPlan plan, RankId rank, SymbolScope outer, GraphNode loop) : LoopBodies
{
    private RankBody? _body;

    public override bool IsMoving => plan.IsMovingWithStep;

    public override RankBody At(long step) => IsMoving
        ? RankPlanBuilder.BuildBody(plan, rank, outer.Inside(loop, step))
        : _body ??= RankPlanBuilder.BuildBody(plan, rank, outer.Inside(loop, null));

    public override MovingBody? Follow() => IsMoving ? new MovingBody(plan, rank, outer, loop) : null;
}
