using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>All decisions about distributions in a region and the loops in it, and which of them each value follows.</summary>
internal sealed class DistributionSlots
{
    private readonly Region _region;
    private readonly int _ranks;
    private readonly List<DistributionSlot> _slots;
    private readonly DistributionSlot[] _parameters;
    private readonly DistributionSlot[][] _outputs;
    private readonly DistributionSlot?[] _iterations;
    private readonly DistributionSlots?[] _bodies;

    private DistributionSlots(Region region, int ranks, List<DistributionSlot> slots, DistributionSlot[] parameters)
    {
        _region = region;
        _ranks = ranks;
        _slots = slots;
        _parameters = parameters;
        _outputs = new DistributionSlot[region.Nodes.Length][];
        _iterations = new DistributionSlot?[region.Nodes.Length];
        _bodies = new DistributionSlots?[region.Nodes.Length];
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            Add(n, region.Nodes[n]);
        }
    }

    public Region Region => _region;

    /// <summary>The decisions, inner loops' too.</summary>
    public IReadOnlyList<DistributionSlot> Slots => _slots;

    public DistributionSlot Of(GraphValue value) => value.IsParameter ? _parameters[value.Output] : _outputs[value.Node][value.Output];

    /// <summary>The decision about the domain of a reduction over all axes or of a scatter; null for other nodes.</summary>
    public DistributionSlot? IterationOf(int node) => _iterations[node];

    /// <summary>The decisions inside a loop.</summary>
    public DistributionSlots? BodyOf(int node) => _bodies[node];

    /// <summary>The decisions of a program. <paramref name="sources"/>: how the region's parameters are distributed.</summary>
    public static DistributionSlots Of(Region region, ReadOnlySpan<Distribution> sources, int ranks)
    {
        var slots = new List<DistributionSlot>();
        var parameters = new DistributionSlot[region.Parameters.Length];
        for (int p = 0; p < parameters.Length; p++)
        {
            parameters[p] = new DistributionSlot(slots.Count, region.Parameters[p].Box, null) { Fixed = sources[p] };
            slots.Add(parameters[p]);
        }
        return new DistributionSlots(region, ranks, slots, parameters);
    }

    /// <summary>The map when each slot gets what <paramref name="choice"/> says.</summary>
    public DistributionMap ToMap(Func<DistributionSlot, Distribution> choice)
    {
        Distribution Chosen(DistributionSlot slot) => slot.Fixed ?? choice(slot);
        return new DistributionMap([.. _parameters.Select(Chosen)], [.. _outputs.Select(o => o.Select(Chosen).ToImmutableArray())],
            [.. _iterations.Select(i => i is null ? null : Chosen(i))], [.. _bodies.Select(b => b?.ToMap(choice))]);
    }

    private void Add(int n, GraphNode node)
    {
        if (node.Operation is LoopOperation loop)
        {
            AddLoop(n, node, loop);
            return;
        }
        ImmutableArray<ArrayType> outputs = node.Operation.Outputs;
        if (node.Operation is ReduceOperation { Outputs: [{ Rank: 0 }] } total)
        {
            _outputs[n] = [Fix(outputs[0], Distribution.Everywhere(outputs[0].Box, _ranks), node)];
            _iterations[n] = NewIteration(node, total);
            return;
        }
        if (node.Operation is CallOperation)
        {
            _outputs[n] = [.. outputs.Select(type => Fix(type, _ranks == 1 ? Distribution.Everywhere(type.Box, 1) : Distribution.OnOne(type.Box, new RankId(0), _ranks), node))];
            return;
        }
        if (node.Operation is ScatterOperation scatter)
        {
            _iterations[n] = NewIteration(node, scatter);
        }
        DistributionSlot slot = NewSlot(outputs[0], node);
        _outputs[n] = [.. outputs.Select(_ => slot)];
    }

    private void AddLoop(int n, GraphNode node, LoopOperation loop)
    {
        var inner = new DistributionSlot[loop.Body.Parameters.Length];
        for (int k = 0; k < loop.Carried; k++)
        {
            inner[k] = NewSlot(loop.Body.Parameters[k], node);
        }
        ArrayType count = loop.Outputs[^1];
        inner[loop.Carried] = Fix(count, Distribution.Everywhere(count.Box, _ranks), node);
        for (int p = loop.Carried + 1; p < inner.Length; p++)
        {
            inner[p] = Of(node.Inputs[p - 1]);
        }
        _outputs[n] = [.. inner[..(loop.Carried + 1)]];
        _bodies[n] = new DistributionSlots(loop.Body, _ranks, _slots, inner);
    }

    private DistributionSlot Fix(ArrayType type, Distribution distribution, GraphNode node)
    {
        var slot = new DistributionSlot(_slots.Count, type.Box, node) { Fixed = distribution };
        _slots.Add(slot);
        return slot;
    }

    private DistributionSlot NewSlot(ArrayType type, GraphNode node)
    {
        bool isWhole = _ranks == 1 || type.Rank == 0 || type.Count == 0;
        var slot = new DistributionSlot(_slots.Count, type.Box, node)
        {
            Fixed = isWhole ? Distribution.Everywhere(type.Box, _ranks) : null,
            MayCut = isWhole ? [] : AxesToCut(type, node),
            Snap = node.Operation is ScanOperation ? CarriedScan.LeafLength : 1,
            SnapAxis = (node.Operation as ScanOperation)?.Axis ?? -1,
            IsPipelined = !isWhole && type.Rank > 1 && node.Operation is SweepOperation && !SweepCuts.Of(_region, node).Dependences.IsEmpty,
            IsMadeAnywhere = node.Operation is FillOperation or FileOperation,
        };
        _slots.Add(slot);
        return slot;
    }

    private DistributionSlot NewIteration(GraphNode node, ReduceOperation reduce)
    {
        Box space = reduce.Domain.IsConstant ? reduce.Domain.ToBox() : Box.Nothing(reduce.Domain.Rank);
        bool isWhole = _ranks == 1 || !reduce.Domain.IsConstant || space.Rank == 0 || space.IsEmpty;
        var slot = new DistributionSlot(_slots.Count, space, node)
        {
            IsIteration = true,
            Fixed = isWhole ? Distribution.Everywhere(space, _ranks) : null,
            MayCut = isWhole ? [] : [.. Enumerable.Repeat(true, space.Rank)],
            Snap = 64,
        };
        _slots.Add(slot);
        return slot;
    }

    // Where it is not shared out, who owns some of the target computes all of the domain.
    private DistributionSlot? NewIteration(GraphNode node, ScatterOperation scatter)
    {
        if (_ranks == 1 || !scatter.Domain.IsConstant || scatter.Domain.Rank == 0 || scatter.Outputs[0].Count == 0 || !SharedScatter.IsFor(scatter) || scatter.Domain.ToBox() is not { IsEmpty: false } space)
        {
            return null;
        }
        var slot = new DistributionSlot(_slots.Count, space, node) { IsIteration = true, MayCut = [.. Enumerable.Repeat(true, space.Rank)] };
        _slots.Add(slot);
        return slot;
    }

    // Leaves are counted in the domain's own indices. What stops a line must be what a walk along the whole line would reach first.
    private static bool MayCutLines(ScanOperation scan)
    {
        AxisRange axis = scan.Domain.Axes[scan.Axis];
        return scan.Domain.IsConstant && axis.Low.Constant % CarriedScan.LeafLength == 0 && axis.High.Constant - axis.Low.Constant > CarriedScan.LeafLength
            && Combination.IsTrapFree(scan.Combiner) && !(axis.IsReversed && Kernels.CanTrap(scan.Use.Kernel));
    }

    private ImmutableArray<bool> AxesToCut(ArrayType type, GraphNode node) => node.Operation switch
    {
        ReshapeOperation => [.. Enumerable.Range(0, type.Rank).Select(axis => axis == 0)],
        ScanOperation scan => [.. Enumerable.Range(0, type.Rank).Select(axis => axis != scan.Axis || MayCutLines(scan))],
        SweepOperation => [.. Enumerable.Range(0, type.Rank).Select(SweepCuts.Of(_region, node).MayCut)],
        _ => [.. Enumerable.Repeat(true, type.Rank)],
    };
}
