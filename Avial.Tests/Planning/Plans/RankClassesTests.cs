using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

/// <summary>A few ranks say of all what these would say one by one: messages, bytes and memory, the least, the mean and the most.</summary>
internal sealed class RankClassesTests
{
    [TestCase(1, 9, 1440)]
    [TestCase(1, 64, 6400)]
    [TestCase(2, 9, 144)]
    [TestCase(2, 36, 144)]
    [TestCase(3, 27, 36)]
    [TestCase(3, 64, 32)]
    public void Classes_OfEvenBlocks_SayWhatAllRanksSay(int axes, int ranks, int extent) => Compare(axes, ranks, extent, 1e-9);

    [TestCase(1, 7, 1000)]
    [TestCase(2, 35, 203)]
    [TestCase(2, 60, 500)]
    [TestCase(3, 60, 61)]
    public void Classes_OfUnevenBlocks_SayNearlyTheSame(int axes, int ranks, int extent) => Compare(axes, ranks, extent, 0.05);

    [TestCase(4096)]
    [TestCase(65_536)]
    public void Report_OnManyRanks_CountsByFormula(int ranks)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        (BodyPlan plan, ulong[] scalars) = Stencil(2, ranks, 65_536);
        int side = (int)Math.Sqrt(ranks);
        double faces = 4.0 * side * (side - 1);

        string report = DryRunReport.Of(plan, scalars, "stencil", TimeSpan.Zero);

        // Ten steps, and as many faces as neighbours: two in corners, four inside.
        Assert.That(report, Does.Match($@"messages sent +20 +{Math.Round(10 * faces / ranks)} +40\n"));
        Assert.That(RankClasses.Of(plan).Ranks, Has.Length.LessThan(30));
    }

    private static void Compare(int axes, int ranks, int extent, double tolerance)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        (BodyPlan plan, ulong[] scalars) = Stencil(axes, ranks, extent);
        RankClasses all = RankClasses.Of(plan, int.MaxValue);
        RankClasses some = RankClasses.Of(plan, mostSeen: 0);

        Assert.That(all.Ranks, Has.Length.EqualTo(ranks));
        Assert.That(some.Counts.Sum(), Is.EqualTo(ranks).Within(1e-9));
        foreach (Func<RankPlan, long> count in new Func<RankPlan, long>[]
        {
            p => RankTally.Of(p, scalars).Messages, p => RankTally.Of(p, scalars).Bytes, p => RankTally.Of(p, scalars).Steps, p => PlanMemory.Of(p, scalars).Bytes,
        })
        {
            long[] each = [.. all.Ranks.Select(r => count(RankPlanBuilder.Build(plan, r, scalars)))];
            long[] chosen = [.. some.Ranks.Select(r => count(RankPlanBuilder.Build(plan, r, scalars)))];
            Assert.That((double)chosen.Min(), Is.EqualTo((double)each.Min()).Within(100 * tolerance).Percent);
            Assert.That((double)chosen.Max(), Is.EqualTo((double)each.Max()).Within(100 * tolerance).Percent);
            Assert.That(some.Mean(chosen), Is.EqualTo(each.Average()).Within(100 * tolerance).Percent);
        }
    }

    private static (BodyPlan Plan, ulong[] Scalars) Stencil(int axes, int ranks, int n)
    {
        IComputed end = axes switch
        {
            1 => Task.Repeat(10, Array1D.Fill(n, 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), i => a[i - 1] + a[i + 1]).Over(a)),
            2 => Task.Repeat(10, Array2D.Fill((n, n), 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j) => a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1]).Over(a)),
            _ => Task.Repeat(10, Array3D.Fill((n, n, n), 1.0), (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j, k) =>
                a[i - 1, j, k] + a[i + 1, j, k] + a[i, j - 1, k] + a[i, j + 1, k] + a[i, j, k - 1] + a[i, j, k + 1]).Over(a)),
        };
        BuiltRegion built = SessionRunner.Describe([((IComputedHandle)end).Output]);
        (Region region, Distribution[] sources) = Planned.Describe(ranks, end);
        return (BodyPlanner.PlanProgram(region, new ShapeChooser().Choose(region, sources, ranks), ranks, []), built.Scalars);
    }
}
