using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Plans;

/// <summary>The plans of all ranks for some results, made without running anything.</summary>
internal sealed class Planned
{
    public required Region Region { get; init; }

    public required BodyPlan Body { get; init; }

    public required IReadOnlyList<RankPlan> Ranks { get; init; }

    /// <summary>The captured numbers.</summary>
    public required ulong[] Scalars { get; init; }

    /// <summary>The region that is planned for some results, and how its sources are distributed: everywhere.</summary>
    public static (Region Region, Distribution[] Sources) Describe(int ranks, params IComputed[] results)
    {
        Region region = Session.Current.Runner.Plans.Optimised(Built(results).Region, isFusing: true);
        return (region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))]);
    }

    public static Planned Of(IDistributionChooser chooser, int ranks, params IComputed[] results)
    {
        BuiltRegion built = Built(results);
        (Region region, Distribution[] sources) = Describe(ranks, results);
        DistributionMap map = chooser.Choose(region, sources, ranks);
        BodyPlan body = BodyPlanner.PlanProgram(SplitOperands.Apply(region, map), map, ranks, [], chooser.Tiles);
        return new Planned
        {
            Region = region,
            Body = body,
            Scalars = built.Scalars,
            Ranks = [.. Enumerable.Range(0, ranks).Select(r => RankPlanBuilder.Build(body, new RankId(r), built.Scalars))],
        };
    }

    /// <summary>The steps of one kind of a rank, those of loops' bodies (at step 0) too.</summary>
    public IEnumerable<T> Steps<T>(int rank) where T : RankStep => Steps(Ranks[rank].Body).OfType<T>();

    private static BuiltRegion Built(IComputed[] results) => SessionRunner.Describe([.. results.Select(r => ((IComputedHandle)r).Output)]);

    private static IEnumerable<RankStep> Steps(RankBody body) => body.Steps.SelectMany(s => s is LoopStep loop ? Steps(loop.Bodies.At(0)).Prepend(s) : [s]);
}
