using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>The operations and bytes of a point of a task, and what a rank's part of it takes.</summary>
internal sealed class PointWork(BodyPlan body, int node, MachineModel machine)
{
    // Found when first asked for: of equal tasks one is asked.
    private (double Operations, double Bytes)[] Work => field ??= FindWork();

    /// <summary>The seconds of the rank that takes longest.</summary>
    public double Longest(NodeParts parts, SymbolScope scope)
    {
        if (parts.Owner.Kind == DistributionKind.Everywhere)
        {
            return TimeOn(parts, scope, new RankId(RankSample.Lightest(machine.Weights)));
        }
        var sample = new List<int>();
        RankSample.Add(parts.Owner, sample);
        double longest = 0;
        foreach (int rank in sample)
        {
            longest = Math.Max(longest, TimeOn(parts, scope, new RankId(rank)));
        }
        return longest;
    }

    private double TimeOn(NodeParts parts, SymbolScope scope, RankId rank)
    {
        double time = 0;
        long weight = machine.Weights[rank.Value];
        for (int piece = 0; piece < Work.Length; piece++)
        {
            time += machine.ComputeTime(parts.VolumeOf(rank, piece, scope), Work[piece].Operations, Work[piece].Bytes, weight);
        }
        return time;
    }

    private (double Operations, double Bytes)[] FindWork()
    {
        Operation operation = body.Region.Nodes[node].Operation;
        var uses = Kernels.UsesOf(operation);
        var domains = Kernels.DomainsOf(operation);
        var work = new (double, double)[domains.Length];
        for (int piece = 0; piece < work.Length; piece++)
        {
            work[piece] = uses.IsEmpty ? (0, operation.Outputs[0].Element.PackedSize) : WorkOf(body.Region, node, uses[piece], domains[piece]);
        }
        return work;
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
