using System.Collections.Immutable;
using Avial.Backends.Lowering;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Programs;

/// <summary>Scans whose lines run over several ranks.</summary>
public sealed class ScansOnRanksTests
{
    [Test]
    public void Scans_OnRanksWithAnyCuts_GiveTheBitsOfOne([Range(0, 39)] int seed, [ValueSource(typeof(RankRuns), nameof(RankRuns.Counts))] int ranks)
    {
        var random = new Random(seed);
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random,
            CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.Fold);
        int rank = random.Next(1, 3);
        int axis = random.Next(rank);
        Box domain = Domain(random, rank, axis);
        ImmutableArray<long> extents = [.. Enumerable.Range(0, rank).Select(domain.Length)];
        ArrayType type = new(LoweringCase.LayoutOf(types), extents);
        GraphNode Scan(GraphValue input)
        {
            var iteration = new IterationDomain([.. Enumerable.Range(0, rank)
                .Select(a => new AxisRange(domain.Low[a], domain.High[a], a == axis && random.Next(2) == 0))]);
            var scan = new ScanOperation(iteration, LoweringCase.Use(RankRuns.Copy(domain, types)), axis, random.Next(2) == 0, combiner) { Outputs = [type] };
            return new GraphNode(scan, [input], []) { Name = "scan" };
        }
        var region = new Region([type], [Scan(GraphValue.Parameter(0)), Scan(new GraphValue(0, 0))], [new GraphValue(0, 0), new GraphValue(1, 0)]);
        Storage source = LoweringCase.RandomArray(random, type.Element, extents);
        string about = $"{combiner} along {axis} of {domain}";

        RankPlan[] cut = RankRuns.AssertAgrees(region, [source], [], ranks, new AxisChooser(axis, seed), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new RandomChooser(seed), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new ShapeChooser(), about);

        bool isCut = cut.Any(p => p.Body.Steps.Any(s => s is ScanStep { CarryTo: not null }));
        bool mayBeCut = ranks > 1 && domain.Low[axis] % 256 == 0 && Combination.IsTrapFree(combiner);
        Assert.That(isCut, mayBeCut && domain.Length(axis) is > 256 and < 512 ? Is.True.Or.False : Is.EqualTo(mayBeCut && domain.Length(axis) >= 512), about);
    }

    private static Box Domain(Random random, int rank, int axis)
    {
        var low = new long[rank];
        var high = new long[rank];
        for (int a = 0; a < rank; a++)
        {
            low[a] = a == axis && random.Next(5) > 0 ? 256 * random.Next(-2, 3) : random.Next(-20, 20);
            high[a] = low[a] + (a == axis ? random.Next(200, 1800) : random.Next(1, 6));
        }
        return new Box([.. low], [.. high]);
    }
}
