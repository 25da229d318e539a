using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Programs;

/// <summary>Scatters whose domain, target or both are shared out.</summary>
public sealed class ScattersOnRanksTests
{
    [Test]
    public void Scatters_OnRanksWithAnyCuts_GiveTheBitsOfOne([Range(0, 59)] int seed, [ValueSource(typeof(RankRuns), nameof(RankRuns.Counts))] int ranks)
    {
        var random = new Random(seed);
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random, CombinerKind.Sum, CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min,
            CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Fold, CombinerKind.Last, CombinerKind.Last);
        int rank = random.Next(1, 4);
        long[] low = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(-9, 9))];
        long[] high = [.. low.Select((l, axis) => l + (random.Next(12) == 0 ? random.Next(2) : rank == 1 ? random.Next(1, 400) : random.Next(1, 12)))];
        var domain = new Box([.. low], [.. high]);
        ImmutableArray<long> extents = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextInt64(1, 9))];
        (Region region, Storage[] sources) = Scatters(random, domain, types, combiner, extents);
        string about = $"seed {seed}: {combiner} of {domain} into {region.Results.Length} of {string.Join('×', extents)}";

        RankPlan[] slabs = RankRuns.AssertAgrees(region, sources, [], ranks, new AxisChooser(0, seed), about);
        RankRuns.AssertAgrees(region, sources, [], ranks, new AxisChooser(1, seed), about);
        RankRuns.AssertAgrees(region, sources, [], ranks, new RandomChooser(seed), about);
        RankRuns.AssertAgrees(region, sources, [], ranks, new RandomChooser(seed + 1000), about);
        RankRuns.AssertAgrees(region, sources, [], ranks, new ShapeChooser(), about);

        int shared = slabs.Sum(p => p.Body.Steps.Count(s => s is ScatterStep { Exchange: not ScatterExchange.Alone }));
        bool mayBeShared = ranks > 1 && !domain.IsEmpty && Avial.Backends.Lowering.Combination.IsTrapFree(combiner);
        Assert.That(shared, Is.EqualTo(mayBeShared ? 2 * ranks : 0), about);
    }

    [Test]
    public void Scatters_OfManyContributions_GiveTheBitsOfOne([Values("Sum", "Last", "Max")] string kind, [Values(3, 8)] int ranks)
    {
        // More than are scattered in one call.
        var random = new Random(ranks);
        var domain = new Box([0, 0], [300, 170]);
        (Region region, Storage[] sources) = Scatters(random, domain, [ScalarType.F32], new Combiner(Enum.Parse<CombinerKind>(kind)), [40, 7]);

        for (int axis = 0; axis < 2; axis++)
        {
            RankRuns.AssertAgrees(region, sources, [], ranks, new AxisChooser(axis, 0), kind);
        }
    }

    /// <summary>Two scatters of one array of values, the second into what the first one gives; both are results by chance.</summary>
    internal static (Region Region, Storage[] Sources) Scatters(Random random, Box domain, ImmutableArray<ScalarType> types, Combiner combiner, ImmutableArray<long> extents)
    {
        ImmutableArray<long> lengths = [.. Enumerable.Range(0, domain.Rank).Select(domain.Length)];
        var values = new ArrayType(LoweringCase.LayoutOf(types), lengths);
        ImmutableArray<ScalarType> indices = [.. Enumerable.Repeat(ScalarType.I64, extents.Length)];
        var places = new ArrayType(LoweringCase.LayoutOf(indices), lengths);
        var target = new ArrayType(LoweringCase.LayoutOf(types), extents);
        GraphNode Scatter(GraphValue into) => new(
            new ScatterOperation(RandomDomains.Of(domain), new KernelUse(At(domain, types, extents.Length), [0, 1], []), 2, combiner) { Outputs = [target] },
            [GraphValue.Parameter(0), GraphValue.Parameter(1), into], [])
        { Name = "scatter" };
        ImmutableArray<GraphValue> results = random.Next(2) == 0 ? [new GraphValue(1, 0)] : [new GraphValue(0, 0), new GraphValue(1, 0)];
        var region = new Region([values, places, target], [Scatter(GraphValue.Parameter(2)), Scatter(new GraphValue(0, 0))], results);
        ImmutableArray<ImmutableArray<ulong>> at = [.. extents.Select(extent => (ImmutableArray<ulong>)[.. Enumerable.Range(0, (int)values.Count).Select(_ => (ulong)random.NextInt64(extent))])];
        return (region, [LoweringCase.RandomArray(random, values.Element, lengths), LoweringCase.Store(places.Element, lengths, at), LoweringCase.RandomArray(random, target.Element, extents)]);
    }

    /// <summary>The places of operand 1, then the columns of operand 0, at each point of a domain whose low end is their first element.</summary>
    private static Kernel At(Box domain, ImmutableArray<ScalarType> types, int axes)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, domain.Rank).Select(_ => numbers.New(ScalarType.I64))];
        ImmutableArray<AffineIndex> place = [.. indices.Select((index, axis) => AffineIndex.Of(index) + -domain.Low[axis])];
        var b = new BlockBuilder(numbers);
        Value Load(int operand, int column, ScalarType type) =>
            b.Pure(type, r => new LoadInstruction(r, new Access(operand, column, place, BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None)));
        Value[] results = [.. Enumerable.Range(0, axes).Select(axis => Load(1, axis, ScalarType.I64)), .. types.Select((type, column) => Load(0, column, type))];
        ImmutableArray<ScalarType> at = [.. Enumerable.Repeat(ScalarType.I64, axes)];
        return new Kernel(domain.Rank, [new KernelOperand(domain.Rank, types), new KernelOperand(domain.Rank, at)], b.Finish(indices, [.. results]));
    }
}
