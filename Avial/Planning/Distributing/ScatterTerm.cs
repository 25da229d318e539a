using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>What it costs a scatter that contributions come to the owners of their targets and are combined there.</summary>
internal sealed class ScatterTerm(int iteration, int target, int signature, BodyPlan body, int node, MachineModel machine) : CostTerm([iteration, target], signature)
{
    // To find the place of a contribution, and to combine it.
    private const double Operations = 16;

    public override PlanCost Evaluate(ReadOnlySpan<Distribution> chosen)
    {
        var scatter = (ScatterOperation)body.Region.Nodes[node].Operation;
        (Distribution domain, Distribution owner) = (chosen[0], chosen[^1]);
        ScatterTraffic traffic = ScatterTraffic.Of(body, node, domain, owner);
        double bytesEach = 3.0 * ScatterTraffic.BytesEach(scatter, traffic.Exchange, isKept: false);
        double combined = traffic.Exchange switch
        {
            ScatterExchange.Alone => domain.Space.Volume,
            ScatterExchange.Merged => domain.Own(new RankId(0)).Volume + scatter.Outputs[0].Count * (traffic.Messages + 2),
            _ => domain.Space.Volume / (owner.Kind == DistributionKind.Blocks ? owner.Cells : 1) + domain.Own(domain.Root).Volume,
        };
        long weight = machine.Weights[RankSample.Lightest(machine.Weights)];
        return new PlanCost(machine.ComputeTime(combined, Operations, bytesEach, weight), traffic.Bytes, traffic.Messages);
    }
}
