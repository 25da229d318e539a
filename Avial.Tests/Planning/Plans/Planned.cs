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

    public static Planned Of(IDistributionChooser chooser, int ranks, params IComputed[] results)
    {
        NodeOutput[] outputs = [.. results.Select(r => ((IComputedHandle)r).Output)];
        BuiltRegion built = SessionRunner.Describe(outputs);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        Distribution[] sources = [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))];
        BodyPlan body = BodyPlanner.PlanProgram(region, chooser.Choose(region, sources, ranks), ranks, []);
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

    private static IEnumerable<RankStep> Steps(RankBody body) => body.Steps.SelectMany(s => s is LoopStep loop ? Steps(loop.Bodies.At(0)).Prepend(s) : [s]);
}
