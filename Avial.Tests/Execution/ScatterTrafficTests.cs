using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Programs;
using Avial.Tests.Ranks;

namespace Avial.Tests.Execution;

/// <summary>What scatters send: each contribution once, to the owner of its target, and nothing to oneself.</summary>
internal sealed class ScatterTrafficTests
{
    private const int Bytes = sizeof(long) + sizeof(double);

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

    private static DistributionMap Map(Region region, Distribution iteration, Distribution target, int ranks)
    {
        // Sources are where they are needed, so that scatters alone send.
        Distribution source = Distribution.Everywhere(region.Parameters[0].Box, ranks);
        return new DistributionMap([source, source, Distribution.Everywhere(target.Space, ranks)], [[target]], [iteration], [null]);
    }

    private static void Send(Region region, BodyPlan body, Storage[] sources, int ranks, (int To, long Bytes)[][] sent)
    {
        var code = CompiledNodes.Compile(region, new ManagedCodeGenerator());
        var runs = new PlanRuns { Region = region, Sources = sources, Plan = (rank, _) => RankPlanBuilder.Build(body, new RankId(rank), []).Body };
        Exception?[] thrown = RankThreads.Thrown(ranks, InProcessOptions.Rendezvous, communicator =>
        {
            var counting = new CountingCommunicator(communicator);
            runs.RunOnce(counting, code);
            sent[communicator.Rank.Value] = [.. counting.Sent];
        });
        Assert.That(thrown, Is.All.Null);
    }
}
