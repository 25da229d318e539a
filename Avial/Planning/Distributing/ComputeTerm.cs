using Avial.Backends;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>The work of one task on the rank that takes longest, and the combining of a reduction over ranks.</summary>
internal sealed class ComputeTerm : CostTerm
{
    // Bytes of what a rank hands on of a sum: its bins.
    private const double RecordBytes = 128;

    private readonly BodyPlan _body;
    private readonly int _node;
    private readonly SymbolScope _scope;
    private readonly MachineModel _machine;
    private readonly PointWork _work;
    private readonly bool _isCombined;

    public ComputeTerm(int slot, int signature, BodyPlan body, int node, SymbolScope scope, MachineModel machine)
        : base([slot], signature)
    {
        (_body, _node, _scope, _machine) = (body, node, scope, machine);
        _work = new PointWork(body, node, machine);
        _isCombined = body.Map.Iterations[node] is not null && body.Region.Nodes[node].Operation is ReduceOperation;
    }

    public override PlanCost Evaluate(ReadOnlySpan<Distribution> chosen)
    {
        Distribution owner = chosen[0];
        Operation operation = _body.Region.Nodes[_node].Operation;
        if (owner.Kind == DistributionKind.Everywhere && operation is FillOperation or FileOperation)
        {
            return default;
        }
        var parts = new NodeParts(_body, _node, owner);
        if (operation is SweepOperation && owner.Kind == DistributionKind.Blocks)
        {
            return new PlanCost(SweepTime(parts));
        }
        double longest = _work.Longest(parts, _scope);
        if (operation is ScanOperation scan && owner.Kind == DistributionKind.Blocks && owner.Grid[scan.Axis] > 1)
        {
            // What lines end with goes from part to part, one after another.
            double steps = owner.Grid[scan.Axis] - 1;
            double lines = owner.Own(new RankId(0)).With(scan.Axis, 0, 1).Volume;
            return new PlanCost(longest, steps * lines * scan.Outputs[0].Element.PackedSize, steps);
        }
        double messages = !_isCombined || owner.Kind == DistributionKind.Everywhere ? 0 : Collectives.RoundsOfAllReduce(owner.Ranks);
        return new PlanCost(longest, messages * RecordBytes, messages);
    }

    private double SweepTime(NodeParts parts)
    {
        Distribution owner = parts.Owner;
        SweepCuts cuts = SweepCuts.Of(_body.Region, _body.Region.Nodes[_node]);
        if (cuts.Obstacle is null && cuts.Dependences.IsEmpty)
        {
            return _work.Longest(parts, _scope);
        }
        if (cuts.NormalFor(owner.Grid.AsSpan(), owner.Space, out _) is { } normal)
        {
            SweepPipeline pipeline = SweepPipeline.Of(parts, normal, _work, _scope, _machine);
            return pipeline.Time(pipeline.BestTiles(CostTiles.MostTiles(parts, normal)));
        }
        if (cuts.Obstacle is null)
        {
            return SweepPipeline.Of(parts, [.. owner.Grid.Select(_ => 0)], _work, _scope, _machine).Time(1);
        }
        // Parts wait for one another: all points one after another.
        return _work.Longest(new NodeParts(_body, _node, Distribution.OnOne(owner.Space, new RankId(RankSample.Lightest(_machine.Weights)), owner.Ranks)), _scope);
    }
}
