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
    private readonly bool _isCombined;

    public ComputeTerm(int slot, int signature, BodyPlan body, int node, SymbolScope scope, MachineModel machine)
        : base([slot], signature)
    {
        (_body, _node, _scope, _machine) = (body, node, scope, machine);
        _isCombined = body.Map.Iterations[node] is not null && body.Region.Nodes[node].Operation is ReduceOperation;
    }

    // Found when first asked for: of equal tasks one is asked.
    private (double Operations, double Bytes)[] Work => field ??= FindWork();

    public override PlanCost Evaluate(ReadOnlySpan<Distribution> chosen)
    {
        Distribution owner = chosen[0];
        Operation operation = _body.Region.Nodes[_node].Operation;
        if (owner.Kind == DistributionKind.Everywhere && operation is FillOperation or FileOperation)
        {
            return default;
        }
        if (operation is SweepOperation && owner.Kind == DistributionKind.Blocks)
        {
            // Slabs wait for one another: all points one after another.
            owner = Distribution.OnOne(owner.Space, new RankId(RankSample.Lightest(_machine.Weights)), owner.Ranks);
        }
        var parts = new NodeParts(_body, _node, owner);
        double longest = 0;
        if (owner.Kind == DistributionKind.Everywhere)
        {
            longest = TimeOn(parts, new RankId(RankSample.Lightest(_machine.Weights)));
        }
        else
        {
            var sample = new SortedSet<int>();
            RankSample.Add(owner, sample);
            foreach (int rank in sample)
            {
                longest = Math.Max(longest, TimeOn(parts, new RankId(rank)));
            }
        }
        if (operation is ScanOperation scan && owner.Kind == DistributionKind.Blocks && owner.Grid[scan.Axis] > 1)
        {
            // What lines end with goes from part to part, one after another.
            double steps = owner.Grid[scan.Axis] - 1;
            double lines = owner.Own(new RankId(0)).With(scan.Axis, 0, 1).Volume;
            return new PlanCost(longest, steps * lines * scan.Outputs[0].Element.PackedSize, steps);
        }
        double messages = !_isCombined || owner.Kind == DistributionKind.Everywhere ? 0 : ValueTerm.Levels(owner.Cells) + ValueTerm.Levels(owner.Ranks);
        return new PlanCost(longest, messages * RecordBytes, messages);
    }

    private (double Operations, double Bytes)[] FindWork()
    {
        Operation operation = _body.Region.Nodes[_node].Operation;
        var uses = Kernels.UsesOf(operation);
        var domains = Kernels.DomainsOf(operation);
        var work = new (double, double)[domains.Length];
        for (int piece = 0; piece < work.Length; piece++)
        {
            work[piece] = uses.IsEmpty ? (0, operation.Outputs[0].Element.PackedSize) : WorkOf(_body.Region, _node, uses[piece], domains[piece]);
        }
        return work;
    }

    private double TimeOn(NodeParts parts, RankId rank)
    {
        double time = 0;
        long weight = _machine.Weights[rank.Value];
        for (int piece = 0; piece < Work.Length; piece++)
        {
            if (parts.Of(rank, piece, _scope) is { } part)
            {
                time += _machine.ComputeTime(part.Volume, Work[piece].Operations, Work[piece].Bytes, weight);
            }
        }
        return time;
    }

    private static (double Operations, double Bytes) WorkOf(Region region, int node, KernelUse use, IterationDomain domain)
    {
        KernelWork work = KernelWork.Of(new BoundsQuery { Use = use, Domain = domain, Inputs = (ArrayType[])[.. region.Nodes[node].Inputs.Select(region.TypeOf)] });
        double operations = work[WorkKind.Add] + work[WorkKind.Multiply] + 2 * work[WorkKind.Fma] + 8 * work[WorkKind.Divide]
            + 20 * work[WorkKind.Function] + 60 * work[WorkKind.Random] + work[WorkKind.Integer] + work[WorkKind.Other];
        if (work.IsPerIteration)
        {
            operations = Math.Max(operations, Kernels.Cost(use.Kernel.Body));
        }
        double read = work.Points > 0 && double.IsFinite(work.FootprintBytes / work.Points) ? Math.Min(work.BytesRead, work.FootprintBytes / work.Points) : work.BytesRead;
        return (operations + 1, read + work.BytesWritten);
    }
}
