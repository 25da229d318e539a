using System.Collections.Immutable;
using System.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>Plans evaluations for a number of ranks instead of running them, and prints what each plan costs, once a program.</summary>
/// <param name="plans">Makes the plans.</param>
/// <param name="checks">What plans must pass.</param>
/// <param name="isPrinting">True on one rank of those that record for themselves.</param>
internal sealed class DryRun(PlanCache plans, PlanChecks checks, bool isPrinting)
{
    private readonly HashSet<ProgramPlan> _seen = [];

    /// <summary>Plans a region; the results have a distribution but no values.</summary>
    public PlacedArray[] Run(BuiltRegion built, string name)
    {
        long start = Stopwatch.GetTimestamp();
        ImmutableArray<Distribution> owners = [.. built.Sources.Select(s => OwnerOf(s.Node.ValueOf(s.Index)!))];
        ProgramPlan plan = plans.Get(built.Region, isFusing: true, owners);
        plan.Of(new RankId(0), built.Scalars);
        TimeSpan planning = Stopwatch.GetElapsedTime(start);
        checks.Check(plan, built);
        if (_seen.Add(plan) && isPrinting)
        {
            Console.Out.Write(DryRunReport.Of(plan.Body, built.Scalars, name, planning));
        }
        return [.. plan.Body.ResultOwners.Select((owner, r) => PlacedArray.Planned(plan.Region.TypeOf(plan.Region.Results[r]), owner, name))];
    }

    private Distribution OwnerOf(PlacedArray value) => value.Owner.Ranks == plans.Ranks ? value.Owner : Distribution.Everywhere(value.Type.Box, plans.Ranks);
}
