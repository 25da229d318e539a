using System.Numerics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

/// <summary>What all ranks need of a value reaches them in rounds: no rank sends or receives more than log2 messages, and each gets everything once.</summary>
internal sealed class SharedExchangeTests
{
    private const int N = 840;

    private static readonly int[] s_ranks = [1, 2, 3, 4, 5, 7, 8, 16];

    [TestCaseSource(nameof(s_ranks))]
    public void Broadcast_ReachesAllThroughATree(int ranks)
    {
        Planned planned = Planned.Of(new OnOneAndRows(), ranks, MatrixTimesVector());

        int rounds = Rounds(ranks);
        Assert.That(Sends(planned, 0), Is.EqualTo(rounds), "the root");
        Assert.That(Enumerable.Range(0, ranks).Max(r => Sends(planned, r)), Is.EqualTo(rounds));
        Assert.That(Enumerable.Range(0, ranks).Sum(r => Sends(planned, r)), Is.EqualTo(ranks - 1));
        Assert.That(Enumerable.Range(0, ranks).Select(r => Received(planned, r)), Is.EqualTo(Enumerable.Range(0, ranks).Select(r => r == 0 ? 0 : N)));
        RequireCertificate(planned);
    }

    [TestCaseSource(nameof(s_ranks))]
    public void AllGather_TakesAsManyRoundsAsATree(int ranks)
    {
        Planned planned = Planned.Of(new Rows(), ranks, MatrixTimesVector());

        for (int rank = 0; rank < ranks; rank++)
        {
            Assert.That(Sends(planned, rank), Is.EqualTo(Rounds(ranks)));
            Assert.That(planned.Steps<ReceiveStep>(rank).Count(), Is.EqualTo(Rounds(ranks)));
            Assert.That(Received(planned, rank), Is.EqualTo(N - N / ranks).Within(1));
        }
        RequireCertificate(planned);
    }

    [TestCase(64)]
    [TestCase(4096)]
    public void Broadcast_OnManyRanks_IsPlannedAloneByEach(int ranks)
    {
        (Region region, Distribution[] sources) = Planned.Describe(ranks, MatrixTimesVector(4096));
        BodyPlan body = BodyPlanner.PlanProgram(region, new OnOneAndRows().Choose(region, sources, ranks), ranks, []);
        int received = 0;
        var seen = new HashSet<int> { 0 };

        foreach (int rank in Enumerable.Range(0, ranks))
        {
            RankBody plan = RankPlanBuilder.Build(body, new RankId(rank), []).Body;
            int sends = plan.Steps.OfType<SendStep>().Count();
            Assert.That(sends, rank == 0 ? Is.EqualTo(BitOperations.Log2((uint)ranks)) : Is.LessThan(BitOperations.Log2((uint)ranks)));
            received += plan.Steps.OfType<ReceiveStep>().Count();
            seen.UnionWith(plan.Steps.OfType<SendStep>().Select(s => s.To.Value));
        }

        Assert.That(received, Is.EqualTo(ranks - 1));
        Assert.That(seen, Has.Count.EqualTo(ranks));
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(7)]
    [TestCase(8)]
    public void Price_IsThatOfThePlan(int ranks)
    {
        (Region region, Distribution[] sources) = Planned.Describe(ranks, MatrixTimesVector());
        DistributionSlots slots = DistributionSlots.Of(region, sources, ranks);
        var machine = new MachineModel { Ranks = ranks, SecondsPerOperation = 0, SecondsPerByteOfMemory = 0, SecondsPerLaunch = 0 };
        foreach (IDistributionChooser chooser in (IDistributionChooser[])[new OnOneAndRows(), new Rows()])
        {
            DistributionMap map = chooser.Choose(region, sources, ranks);
            var model = new CostModel(region, slots, machine, ranks);
            var assignment = new int[slots.Slots.Count];
            slots.ToMap(slot => Note(slot, chooser is Rows ? Rows.Of(slot, ranks) : OnOneAndRows.Of(slot, ranks)));
            foreach (DistributionSlot slot in slots.Slots)
            {
                assignment[slot.Number] = slot.Fixed is { } only ? model.NumberOf(only) : assignment[slot.Number];
            }
            BodyPlan body = BodyPlanner.PlanProgram(region, map, ranks, []);
            RankBody[] plans = [.. Enumerable.Range(0, ranks).Select(r => RankPlanBuilder.Build(body, new RankId(r), []).Body)];

            PlanCost price = model.Total(assignment);

            Assert.That(price.Messages, Is.EqualTo(plans.Max(p => p.Steps.OfType<SendStep>().Count())), $"{chooser.GetType().Name}");
            Assert.That(price.Bytes, Is.EqualTo(8.0 * plans.Max(p => p.Steps.OfType<SendStep>().Sum(s => s.Pieces.Sum(b => b.Box.Count)))).Within(ranks > 3 ? 16 * ranks : 8), $"{chooser.GetType().Name}");

            Distribution Note(DistributionSlot slot, Distribution chosen)
            {
                assignment[slot.Number] = model.NumberOf(chosen);
                return chosen;
            }
        }
    }

    [TestCase(4)]
    [TestCase(7)]
    [TestCase(8)]
    public void Loop_WhoseRowsAllRead_IsCertified(int ranks)
    {
        const int Side = 24;
        Array2D<double> start = Array2D.From(new double[Side, Side]);
        Array2D<double> whole = Task.Repeat(Side, start, (a, t) => Task.On(Cpu).Run((Side, Side), (i, j) => Math.Min(a[i, j], a[i, t] + a[t, j])));
        Array2D<double> shrinking = Task.Repeat(Side - 1, start, (a, t) =>
            Task.On(Cpu).Run(new Domain2D(new(t + 1, Side), new(t + 1, Side)), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a));

        RequireCertificate(Planned.Of(new Rows(), ranks, whole));
        RequireCertificate(Planned.Of(new Rows(), ranks, shrinking));
        RequireCertificate(Planned.Of(new ShapeChooser(), ranks, whole, shrinking));
    }

    private static IComputed[] MatrixTimesVector(int rows = N)
    {
        Array1D<double> x = Task.On(Cpu).Run(N, i => Math.Sqrt(i));
        Array2D<double> a = Array2D.Fill((rows, N), 1.0);
        return [x, Task.On(Cpu).Run(rows, i => Sum(0, N, j => a[i, j] * x[j]) + x[0])];
    }

    private static int Rounds(int ranks) => ranks == 1 ? 0 : BitOperations.Log2((uint)(ranks - 1)) + 1;

    private static int Sends(Planned planned, int rank) => planned.Steps<SendStep>(rank).Count();

    private static long Received(Planned planned, int rank) => planned.Steps<ReceiveStep>(rank).Sum(s => s.Pieces.Sum(p => p.Box.Count));

    private static void RequireCertificate(Planned planned) =>
        Assert.That(PlanVerifier.Verify(planned.Ranks, planned.Scalars).Violations, Is.Empty);

    /// <summary>The first task's array on one rank, all else in rows.</summary>
    private sealed class OnOneAndRows : IDistributionChooser
    {
        public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) => DistributionSlots.Of(region, sources, ranks).ToMap(slot => Of(slot, ranks));

        public static Distribution Of(DistributionSlot slot, int ranks) => slot.Space == new Box([0], [N]) && slot.Node?.Inputs.IsEmpty == true
            ? Distribution.OnOne(slot.Space, new RankId(0), ranks) : Rows.Of(slot, ranks);
    }

    private sealed class Rows : IDistributionChooser
    {
        public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks) => DistributionSlots.Of(region, sources, ranks).ToMap(slot => Of(slot, ranks));

        public static Distribution Of(DistributionSlot slot, int ranks) => slot.IsMadeAnywhere ? Distribution.Everywhere(slot.Space, ranks)
            : slot.Blocks([ranks, .. Enumerable.Repeat(1, slot.Space.Rank - 1)], ranks, null);
    }
}
