using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Programs;

/// <summary>Products of floats and users' folds over all axes, whose order is a tree over leaves, on several ranks.</summary>
public sealed class FoldsOnRanksTests
{
    private const int Leaf = 64;

    [Test]
    public void ProductsAndFolds_OnRanksWithAnyCuts_GiveTheBitsOfOne([Range(0, 39)] int seed, [ValueSource(typeof(RankRuns), nameof(RankRuns.Counts))] int ranks)
    {
        var random = new Random(seed);
        (Region region, Storage source, string about) = Fold(random);

        RankPlan[] cut = RankRuns.AssertAgrees(region, [source], [], ranks, new AxisChooser(0, seed), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new RandomChooser(seed), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new ShapeChooser(), about);

        Assert.That(cut.SelectMany(p => p.Body.Steps).OfType<CombineStep>().Count(s => !s.IsLocal), Is.EqualTo(ranks > 1 ? ranks : 0), about);
    }

    [Test]
    public void Verify_OfPartsThatAreNotWholeLeaves_NamesThem()
    {
        var reduce = new ReduceOperation(RandomDomains.Of(new Box([0], [300])), LoweringCase.Use(RankRuns.Copy(new Box([0], [300]), [ScalarType.F64])), [0], new Combiner(CombinerKind.Product))
        {
            Outputs = [new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), [])],
        };
        var region = new Region([new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), [300])], [new GraphNode(reduce, [GraphValue.Parameter(0)], []) { Name = "product" }], [new GraphValue(0, 0)]);
        var chooser = new AxisChooser(0, 0);
        Distribution[] sources = [Distribution.Everywhere(region.Parameters[0].Box, 2)];
        BodyPlan body = BodyPlanner.PlanProgram(region, chooser.Choose(region, sources, 2), 2, []);
        ImmutableArray<RankPlan> plans = [.. Enumerable.Range(0, 2).Select(r => RankPlanBuilder.Build(body, new RankId(r), []))];
        Assert.That(PlanVerifier.Verify(plans).Violations, Is.Empty);

        PlanVerdict verdict = PlanVerifier.Verify([Cut(plans[0], 0, 2 * Leaf + 1), Cut(plans[1], 2 * Leaf + 1, 300)]);

        Assert.That(verdict.Violations.Select(v => v.Text), Is.All.Contains("is not cut at multiples of 64 along the last axis of [0..300]").And.Exactly(2).Items);
    }

    private static RankPlan Cut(RankPlan plan, long low, long high) => plan with
    {
        Body = plan.Body with { Steps = [.. plan.Body.Steps.Select(s => s is CombineStep combine ? combine with { Part = new Box([low], [high]) } : s)] },
    };

    private static (Region Region, Storage Source, string About) Fold(Random random)
    {
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random, CombinerKind.Product, CombinerKind.Fold);
        int rank = random.Next(1, 4);
        long[] low = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(-100, 100))];
        long[] high = [.. low.Select((l, axis) => l + (rank == 1 ? random.Next(1, 2000) : axis == rank - 1 ? random.Next(1, 300) : random.Next(1, 7)))];
        var domain = new Box([.. low], [.. high]);
        ImmutableArray<long> extents = [.. Enumerable.Range(0, rank).Select(domain.Length)];
        var array = new ArrayType(LoweringCase.LayoutOf(types), extents);
        var reduce = new ReduceOperation(RandomDomains.Of(domain), LoweringCase.Use(RankRuns.Copy(domain, types)), [.. Enumerable.Range(0, rank)], combiner)
        {
            Outputs = [new ArrayType(array.Element, [])],
        };
        var region = new Region([array], [new GraphNode(reduce, [GraphValue.Parameter(0)], []) { Name = "fold" }], [new GraphValue(0, 0)]);
        return (region, LoweringCase.RandomArray(random, array.Element, extents), $"{combiner} over {domain}");
    }
}
