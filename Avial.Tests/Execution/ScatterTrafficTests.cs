using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Planning.Plans;
using Avial.Tests.Programs;
using Avial.Tests.Ranks;

namespace Avial.Tests.Execution;

/// <summary>What scatters send: each contribution once, to the owner of its target, and nothing to oneself.</summary>
internal sealed class ScatterTrafficTests
{
    private const int Bytes = sizeof(long) + sizeof(double);
    private const int Steps = 5;

    [Test]
    public void Scatter_IntoBlocks_SendsEachContributionOnceAndNothingToItself([Values(2, 3, 4, 7, 8)] int ranks, [Values] bool isNumbered, [Range(0, 3)] int seed)
    {
        var random = new Random(seed);
        var domain = new Box([0, 0], [random.Next(1, 30), random.Next(1, 30)]);
        ImmutableArray<long> extents = [random.Next(1, 40)];
        (Region region, Storage[] sources) = ScattersOnRanksTests.Scatters(random, domain, [ScalarType.F64], new Combiner(CombinerKind.Sum), extents);
        region = new Region(region.Parameters, region.Nodes[..1], [new GraphValue(0, 0)]);
        var iteration = Distribution.Blocks(domain, isNumbered ? [1, ranks] : [ranks, 1], ranks);
        var target = Distribution.Blocks(region.Parameters[2].Box, [ranks], ranks);
        BodyPlan body = BodyPlanner.PlanProgram(region, Map(region, iteration, target, ranks), ranks, []);
        var sent = new (int To, long Bytes)[ranks][];

        Send(region, body, sources, ranks, sent);

        var places = new ArrayValue(sources[1]);
        for (int rank = 0; rank < ranks; rank++)
        {
            var expected = new long[ranks];
            Box part = iteration.Own(new RankId(rank));
            for (var walk = new BoxWalk(part); walk.Next();)
            {
                expected[target.Owner([(long)places.Read(0, walk.Index)])!.Value.Value]++;
            }
            Assert.That(sent[rank].Select(m => m.To), Has.None.EqualTo(rank));
            foreach (IGrouping<int, long> messages in sent[rank].GroupBy(m => m.To, m => m.Bytes))
            {
                // How many come, then, if there are any, all of them.
                long count = expected[messages.Key];
                long[] wanted = count == 0 ? [sizeof(long)] : [sizeof(long), count * (Bytes + (isNumbered ? sizeof(long) : 0))];
                Assert.That(messages, Is.EqualTo(wanted), $"from {rank} to {messages.Key}");
            }
            Assert.That(sent[rank].Select(m => m.To).Distinct().Count(), Is.EqualTo(Enumerable.Range(0, ranks).Count(r => r != rank && target.Owns(new RankId(r)))));
        }
    }

    [Test]
    public void Loop_WhosePlacesStay_SendsThemOnceAndThenValuesOnly([Values(1, 2, 3, 4, 7, 8)] int ranks, [Values(1, 3, 61)] int n, [Values] bool isGrid)
    {
        (int rows, int columns) = (isGrid ? n : 1, isGrid ? 13 : n);
        long[,] at = new long[rows, columns];
        for (int p = 0; p < at.Length; p++)
        {
            at[p / columns, p % columns] = p * 7 % 29;
        }
        Array2D<long> places = Array2D.From(at);
        Array2D<double> values = Array2D.From(new double[rows, columns]);
        Array1D<double> end = Task.Repeat(Steps, Array1D.From(new double[29]), s =>
            Task.On(Targets.Cpu).Scatter((rows, columns), s, (i, j) => places[i, j], (i, j) => values[i, j], Reduction.Sum));

        AssertSends(end, ranks, (_, index) => at[index[0], index[1]], isMadeAt: step => step == 0);
    }

    [Test]
    public void Loop_WhosePlacesChange_SendsThemInEachStep([Values(2, 3, 4, 7, 8)] int ranks)
    {
        const int N = 53;
        Array1D<long> first = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7L % 29)]);
        var (_, end) = Task.Repeat(Steps, (first, Array1D.From(new double[29])), state =>
        {
            var (places, s) = state;
            return (Task.On(Targets.Cpu).Run(N, i => (places[i] + 3) % 29), Task.On(Targets.Cpu).Scatter(N, s, i => places[i], i => (double)i, Reduction.Sum));
        });

        AssertSends(end, ranks, (step, index) => (index[0] * 7 + 3 * step) % 29, isMadeAt: _ => true);
    }

    [Test]
    public void LoopInALoop_WhosePlacesChangeOutside_SendsThemOncePerOuterStep([Values(2, 3, 4, 8)] int ranks)
    {
        const int N = 53;
        Array1D<long> first = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7L % 29)]);
        var (_, end) = Task.Repeat(Steps, (first, Array1D.From(new double[29])), state =>
        {
            var (places, s) = state;
            return (Task.On(Targets.Cpu).Run(N, i => (places[i] + 3) % 29),
                Task.Repeat(3, s, r => Task.On(Targets.Cpu).Scatter(N, r, i => places[i], i => (double)i, Reduction.Sum)));
        });

        AssertSends(end, ranks, (step, index) => (index[0] * 7 + 3 * (step / 3)) % 29, isMadeAt: step => step % 3 == 0, 3 * Steps);
    }

    /// <summary>Runs a program whose only messages are those of one scatter in a loop, whose target is 29 elements, and looks at what each rank sends to each.</summary>
    private static void AssertSends(IComputed result, int ranks, Func<long, long[], long> placeAt, Predicate<int> isMadeAt, int steps = Steps)
    {
        Planned planned = Planned.Of(new ShapeChooser(), ranks, result);
        Storage[] sources = [.. SessionRunner.Describe([((IComputedHandle)result).Output]).Sources.Select(s => s.Node.ValueOf(s.Index)!.Whole!)];
        var sent = new (int To, long Bytes)[ranks][];
        Send(planned.Body.Region, planned.Body, sources, ranks, sent, planned.Scalars);
        if (ranks == 1)
        {
            Assert.That(sent[0], Is.Empty);
            return;
        }
        ScatterStep[] scatters = [.. Enumerable.Range(0, ranks).Select(r => planned.Steps<ScatterStep>(r).Single())];
        Distribution target = scatters[0].Target;
        int bytes = sizeof(long) * (scatters[0].Exchange == ScatterExchange.Numbered ? 3 : 2);
        for (int rank = 0; rank < ranks; rank++)
        {
            // What is said before a run is what there may be at most.
            RankTally tally = RankTally.Of(planned.Ranks[rank], planned.Scalars);
            Assert.That(tally.Messages, Is.GreaterThanOrEqualTo(sent[rank].Length).And.AtMost((ranks - 1) * (steps + Enumerable.Range(0, steps).Count(s => isMadeAt(s)))));
            Assert.That(tally.Bytes, Is.GreaterThanOrEqualTo(sent[rank].Sum(m => m.Bytes) - sizeof(long) * Enumerable.Range(0, steps).Count(s => isMadeAt(s)) * (ranks - 1)));
            for (int to = 0; to < ranks; to++)
            {
                var expected = new List<long>();
                for (int step = 0; step < steps && to != rank && target.Owns(new RankId(to)); step++)
                {
                    long count = 0;
                    for (var walk = new BoxWalk(scatters[rank].Part); walk.Next();)
                    {
                        count += target.Owner([placeAt(step, [.. walk.Index])])!.Value.Value == to ? 1 : 0;
                    }
                    expected.AddRange(isMadeAt(step) ? [sizeof(long)] : []);
                    expected.AddRange(count == 0 ? [] : [count * (isMadeAt(step) ? bytes : sizeof(double))]);
                }
                Assert.That(sent[rank].Where(m => m.To == to).Select(m => m.Bytes), Is.EqualTo(expected), $"from {rank} to {to}");
            }
        }
    }

    private static DistributionMap Map(Region region, Distribution iteration, Distribution target, int ranks)
    {
        // Sources are where they are needed, so that scatters alone send.
        Distribution source = Distribution.Everywhere(region.Parameters[0].Box, ranks);
        return new DistributionMap([source, source, Distribution.Everywhere(target.Space, ranks)], [[target]], [iteration], [null]);
    }

    private static void Send(Region region, BodyPlan body, Storage[] sources, int ranks, (int To, long Bytes)[][] sent, ulong[]? scalars = null)
    {
        var code = CompiledNodes.Compile(region, new ManagedCodeGenerator(), body);
        var runs = new PlanRuns { Region = region, Sources = sources, Scalars = scalars ?? [], Plan = (rank, _) => RankPlanBuilder.Build(body, new RankId(rank), scalars ?? []).Body };
        Exception?[] thrown = RankThreads.Thrown(ranks, InProcessOptions.Rendezvous, communicator =>
        {
            var counting = new CountingCommunicator(communicator);
            runs.RunOnce(counting, code);
            sent[communicator.Rank.Value] = [.. counting.Sent];
        });
        Assert.That(thrown, Is.All.Null);
    }
}
