using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans.Moving;

/// <summary>
/// All boxes that <see cref="RankPlanBuilder"/> evaluates to make one rank's body, and all fixed numbers that it compares them with. From there on it only compares,
/// intersects and subtracts: while the order of these numbers stays, every box of the body is made of the same ones of them.
/// </summary>
internal sealed class MovingBoxes
{
    // How far away windows of a turn at most, and what is read into them, see one another.
    private const int MostTurns = 2;

    private readonly BodyPlan _plan;
    private readonly RankId _rank;
    private readonly SymbolScope _scope;
    private readonly List<MovingBox> _boxes = [];
    private readonly List<IMovingWatch> _watches = [];
    private readonly HashSet<(int Axis, long Number)> _fixed = [];
    private readonly HashSet<(int Axis, long Extent)> _turns = [];
    private readonly Dictionary<int, MovingBox[]?> _parts = [];
    private readonly Dictionary<(Distribution, RankId), Box?> _owns = [];
    private bool _isKnown = true;

    private MovingBoxes(BodyPlan plan, RankId rank, SymbolScope scope)
    {
        _plan = plan;
        _rank = rank;
        _scope = scope;
    }

    public IReadOnlyList<MovingBox> Boxes => _boxes;

    public IReadOnlyList<IMovingWatch> Watches => _watches;

    /// <summary>Numbers on an axis that never move.</summary>
    public IReadOnlyCollection<(int Axis, long Number)> Fixed => _fixed;

    /// <summary>Those of the scope's step; null where the builder does more than compare.</summary>
    public static MovingBoxes? Of(BodyPlan plan, RankId rank, SymbolScope scope)
    {
        var boxes = new MovingBoxes(plan, rank, scope);
        boxes.AddFixed();
        boxes.AddWindows();
        foreach (PlannedStep step in plan.Steps)
        {
            boxes.Add(step);
        }
        boxes.AddTurnsOfFixed();
        return boxes._isKnown ? boxes : null;
    }

    private void AddFixed()
    {
        foreach (PlannedBuffer buffer in _plan.Buffers)
        {
            AddFixed(buffer.Type.Box);
        }
        foreach (Distribution distribution in (IEnumerable<Distribution>)[.. _plan.Map.Parameters, .. _plan.Map.Outputs.SelectMany(o => o), .. _plan.ResultOwners])
        {
            AddFixed(distribution);
        }
        foreach (Distribution? distribution in _plan.Map.Iterations)
        {
            if (distribution is not null)
            {
                AddFixed(distribution);
            }
        }
    }

    private void AddFixed(Distribution distribution)
    {
        AddFixed(distribution.Space);
        for (int axis = 0; axis < distribution.Axes.Length; axis++)
        {
            for (int part = 0; part <= distribution.Axes[axis].Parts; part++)
            {
                _fixed.Add((axis, distribution.Axes[axis].Boundary(part)));
            }
        }
    }

    private void AddFixed(Box box)
    {
        for (int axis = 0; axis < box.Rank; axis++)
        {
            _fixed.Add((axis, 0));
            _fixed.Add((axis, box.Low[axis]));
            _fixed.Add((axis, box.High[axis]));
        }
    }

    private void AddWindows()
    {
        foreach (PlannedBuffer buffer in _plan.Buffers)
        {
            AddWindow(buffer, _rank);
        }
    }

    private void AddWindow(PlannedBuffer buffer, RankId rank)
    {
        if (buffer.Window.IsExact)
        {
            AddNeeds(buffer.Window.Needs, buffer.Type, rank);
        }
        else
        {
            AddFixed(buffer.Window.Of(rank, buffer.Type, _scope));
        }
    }

    private void Add(PlannedStep step)
    {
        switch (step)
        {
            case PlannedAllocate or PlannedFree or PlannedReshape or PlannedRead or PlannedCall or PlannedLoop:
                break;
            case PlannedExchange exchange:
                AddExchange(exchange);
                break;
            case PlannedLaunch launch:
                AddLaunch(launch);
                break;
            case PlannedSweep sweep:
                AddSweep(sweep);
                break;
            case PlannedCombine combine:
                AddReads(combine.Node, combine.Inputs);
                break;
            case PlannedScan scan:
                AddReads(scan.Node, scan.Inputs);
                break;
            case PlannedScatter scatter:
                AddReads(scatter.Node, scatter.Inputs);
                break;
            case PlannedInspect inspect:
                AddReads(inspect.Node, inspect.Inputs);
                break;
            case PlannedGather:
                // It brings what an inspection finds into a window, which moves for itself.
                break;
            case PlannedCopyOutside copy when _plan.Region.Nodes[copy.Node].Operation is MapOperation:
                PartsOf(copy.Node);
                break;
            case PlannedCopyOutside:
                break;
            case PlannedCopy copy:
                AddNeeds([copy.Need], _plan.Buffers[copy.From].Type, _rank);
                break;
            default:
                _isKnown = false;
                break;
        }
    }

    private void AddExchange(PlannedExchange exchange)
    {
        foreach (Transfer transfer in SharedExchange.Divide(exchange, _plan.Buffers, _scope).Direct)
        {
            AddTransfer(transfer);
        }
        foreach (Transfer transfer in exchange.SharedNumber < 0 ? [] : exchange.Transfers)
        {
            foreach (Need need in transfer.Needs.Where(Audience.MayHave))
            {
                AddShared(need, transfer);
            }
        }
    }

    /// <summary>What all of an audience need is the same for each: it is watched as the first of them sees it.</summary>
    private void AddShared(Need need, Transfer transfer)
    {
        AddFixed(transfer.Owner);
        var watch = new AudienceWatch(need, _scope);
        _watches.Add(watch);
        if (watch.First is { } first)
        {
            AddNeed(need, _plan.Buffers[transfer.From].Type, first);
        }
    }

    private SortedSet<int> AddTransfer(Transfer transfer)
    {
        var peers = new SortedSet<int>();
        AddFixed(transfer.Owner);
        ArrayType type = _plan.Buffers[transfer.From].Type;
        AddNeeds(transfer.Needs, type, _rank);
        if (_plan.Ranks == 1 || OwnOf(transfer.Owner, _rank) is not { } own)
        {
            return peers;
        }
        foreach (Need need in transfer.Needs)
        {
            _isKnown &= need.IsEvaluatedInPlace;
            if (_isKnown)
            {
                var watch = new PeerWatch(need, own, type);
                watch.Search(_scope);
                _watches.Add(watch);
                peers.UnionWith(watch.Peers.Select(p => p.Value));
            }
        }
        peers.Remove(_rank.Value);
        bool isWrapping = transfer.Needs.Any(need => IsWrapping(need.IsWrapping, type.Rank));
        foreach (RankId peer in peers.Select(p => new RankId(p)))
        {
            AddNeeds(transfer.Needs, type, peer);
            if (isWrapping)
            {
                AddWindow(_plan.Buffers[transfer.To], peer);
            }
        }
        return peers;
    }

    private void AddLaunch(PlannedLaunch launch)
    {
        if (_plan.Region.Nodes[launch.Node].Operation is FillOperation)
        {
            return;
        }
        AddReads(launch.Node, launch.Inputs);
        if (launch.IsOverlapping && PartsOf(launch.Node) is [{ } part])
        {
            AddOverlap(launch, part);
        }
    }

    /// <summary>A sweep in tiles, between planes that move like boxes where they stand on one axis; what slanted ones cut is made by more than comparing.</summary>
    private void AddSweep(PlannedSweep sweep)
    {
        NodeParts parts = _plan.PartsOf(sweep.Node);
        AddReads(sweep.Node, sweep.Inputs);
        SortedSet<int> readers = AddTransfer(sweep.Fresh);
        _isKnown &= sweep.Tiles is not { IsSlanted: true } && !sweep.Fresh.Needs.Any(need => IsWrapping(need.IsWrapping, parts.RankOf(0)));
        if (!_isKnown)
        {
            return;
        }
        // All that is cut: parts, and what they read.
        var cut = new List<MovingBox>();
        foreach (RankId rank in readers.Append(_rank.Value).Select(r => new RankId(r)))
        {
            if (OwnOf(parts.Owner, rank) is { } own)
            {
                cut.Add(rank == _rank ? PartsOf(sweep.Node)![0] : Add(new MovingPart(parts, 0, own)));
                cut.AddRange(sweep.Fresh.Needs.Select(need => Add(new MovingNeed(need, parts.RankOf(0), own))));
            }
        }
        AddTiles(sweep, parts, cut);
    }

    // The planes around all that is cut at this step: as long as it lies between these, no others cut it.
    private void AddTiles(PlannedSweep sweep, NodeParts parts, List<MovingBox> cut)
    {
        if (RankPlanBuilder.CutsOf(sweep, parts, _scope) is not { } cuts)
        {
            return;
        }
        (long first, long last) = (0, -1);
        foreach (MovingBox box in cut)
        {
            var low = new long[box.Rank];
            var high = new long[box.Rank];
            if (box.TryEvaluate(_scope, [], low, high) && new Box([.. low], [.. high]) is { IsEmpty: false } there)
            {
                (long from, long to) = cuts.Of(there);
                (first, last) = last < first ? (from, to) : (Math.Min(first, from), Math.Max(last, to));
            }
        }
        int axis = cuts.Normal.IndexOf(cuts.Normal.First(n => n != 0));
        for (long tile = first; tile <= last; tile++)
        {
            Add(new MovingTile(sweep, parts, axis, tile, cut));
        }
    }

    /// <summary>Where the builder looks for what needs nothing of others, the ends that it finds by adding.</summary>
    private void AddOverlap(PlannedLaunch launch, MovingBox part)
    {
        NodeParts parts = _plan.PartsOf(launch.Node);
        var reads = new List<(NeedFormula Access, Box Own)>();
        foreach (InputNeeds input in _plan.NeedsOf(launch.Node)?.Inputs ?? [])
        {
            Distribution owner = _plan.Map.Of(_plan.Region.Nodes[launch.Node].Inputs[input.Input]);
            if (owner.Kind == DistributionKind.Everywhere)
            {
                continue;
            }
            if (OwnOf(owner, _rank) is not { } own || own.Rank != part.Rank || _plan.Buffers[launch.Inputs[input.Input]].Window.IsExact)
            {
                return;
            }
            reads.AddRange(input.Accesses.Select(access => (access, own)));
        }
        MovingReach[] reaches = [.. reads.Select(r => (MovingReach)Add(new MovingReach(part, Add(new MovingRead(parts, r.Access, part)), r.Own)))];
        var interior = new MovingInterior(part, reaches);
        AddReads(launch.Node, launch.Inputs, [Add(interior)]);
        for (int side = 0; side < 2 * part.Rank; side++)
        {
            AddReads(launch.Node, launch.Inputs, [Add(new MovingEdge(interior, side))]);
        }
    }

    private void AddReads(int node, ImmutableArray<int> inputs)
    {
        if (PartsOf(node) is { } boxes)
        {
            AddReads(node, inputs, boxes);
        }
    }

    private void AddReads(int node, ImmutableArray<int> inputs, MovingBox[] boxes)
    {
        NodeParts parts = _plan.PartsOf(node);
        foreach (InputNeeds input in _plan.NeedsOf(node)?.Inputs ?? [])
        {
            if (input.IsSelf || inputs[input.Input] < 0)
            {
                continue;
            }
            foreach (NeedFormula access in input.Accesses)
            {
                var read = new MovingRead(parts, access, boxes[input.Piece]);
                Add(read);
                AddTurns(read, axis => access.IsWrapping[axis], _plan.Buffers[inputs[input.Input]].Type);
            }
        }
    }

    // Null where the rank owns nothing of the node's work.
    private MovingBox[]? PartsOf(int node)
    {
        if (_parts.TryGetValue(node, out MovingBox[]? known))
        {
            return known;
        }
        NodeParts parts = _plan.PartsOf(node);
        AddFixed(parts.Owner);
        MovingBox[]? boxes = null;
        if (OwnOf(parts.Owner, _rank) is { } own)
        {
            boxes = new MovingBox[parts.Pieces];
            for (int piece = 0; piece < boxes.Length; piece++)
            {
                boxes[piece] = Add(new MovingPart(parts, piece, own));
                if (_plan.Region.Nodes[node].Operation is MapOperation { Origin: { IsDefaultOrEmpty: false } origin })
                {
                    Add(new MovingImage(boxes[piece], origin));
                }
            }
        }
        _parts.Add(node, boxes);
        return boxes;
    }

    private void AddNeeds(IEnumerable<Need> needs, ArrayType type, RankId rank)
    {
        foreach (Need need in needs)
        {
            AddNeed(need, type, rank);
        }
    }

    private void AddNeed(Need need, ArrayType type, RankId rank)
    {
        AddFixed(need.Consumer);
        _isKnown &= need.IsEvaluatedInPlace;
        if (_isKnown && OwnOf(need.Consumer, rank) is { } own)
        {
            AddTurns(Add(new MovingNeed(need, type.Rank, own)), need.IsWrapping, type);
        }
    }

    /// <summary>Periodic places are seen a turn away too.</summary>
    private void AddTurns(MovingBox box, Func<int, bool> isWrapping, ArrayType type)
    {
        if (!IsWrapping(isWrapping, type.Rank))
        {
            return;
        }
        Add(new MovingImage(box, type.Extents));
        Add(new MovingImage(box, [.. type.Extents.Select(e => -e)]));
        for (int axis = 0; axis < type.Rank; axis++)
        {
            _turns.Add((axis, type.Extents[axis]));
        }
    }

    /// <summary>Among periodic places, what is fixed is compared with them where it is seen some turns away.</summary>
    private void AddTurnsOfFixed()
    {
        (int Axis, long Number)[] before = [.. _fixed];
        foreach ((int axis, long extent) in _turns)
        {
            foreach ((_, long number) in before.Where(f => f.Axis == axis))
            {
                for (int turn = -MostTurns; turn <= MostTurns; turn++)
                {
                    _fixed.Add((axis, number + turn * extent));
                }
            }
        }
    }

    private MovingBox Add(MovingBox box)
    {
        box.Offset = _boxes.Count == 0 ? 0 : _boxes[^1].Offset + 2 * _boxes[^1].Rank;
        _boxes.Add(box);
        return box;
    }

    private Box? OwnOf(Distribution distribution, RankId rank)
    {
        if (!_owns.TryGetValue((distribution, rank), out Box? own))
        {
            own = distribution.TryOwn(rank, out Box found) ? found : null;
            _owns.Add((distribution, rank), own);
        }
        return own;
    }

    private static bool IsWrapping(Func<int, bool> isWrapping, int rank) => Enumerable.Range(0, rank).Any(isWrapping);
}
