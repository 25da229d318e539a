using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.PolyBench;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

/// <summary>Reads that go different ways through an array are brought each for itself.</summary>
internal sealed class SplitOperandsTests
{
    private const int N = 64;

    [Test]
    public void Elimination_OnBlocks_CopiesAndHoldsNoMoreThanPanelsBesideItsBlock([Values("floyd-warshall", "lu", "cholesky")] string name, [Values(3, 4)] int ranks)
    {
        IComputed result = name switch
        {
            "lu" => Lu.Avial(Array2D.From(new double[N, N])),
            "cholesky" => Cholesky.Avial(Array2D.From(new double[N, N])),
            _ => FloydWarshall.Avial(Array2D.From(new int[N, N])),
        };

        var planned = Planned.Of(new ShapeChooser(), ranks, result);

        foreach (RankPlan plan in planned.Ranks)
        {
            LoopStep loop = plan.Body.Steps.OfType<LoopStep>().Single();
            foreach (int step in new[] { 0, N / 2, N - 1 })
            {
                RankBody body = loop.Bodies.At(step);
                Assert.That(Copied(body), Is.LessThanOrEqualTo(2 * N), $"{plan.Rank} copies at step {step}");
                // The state, the new one where it is not written over it, and no more than a row and a column of each of three tasks.
                long own = body.ParameterOwners[0].Own(plan.Rank).Count;
                Assert.That(body.Buffers.Sum(b => b.Window.Count), Is.LessThanOrEqualTo((name == "floyd-warshall" ? 2 : 1) * own + 6 * N), $"{plan.Rank} holds at step {step}");
            }
        }
    }

    [Test]
    public void Ends_OfALine_ComeBesideItsHalo([Values(3, 4, 8)] int ranks)
    {
        Array1D<double> x = Array1D.From(new double[100 * N]);
        Array1D<double> y = Task.Repeat(10, x, s => Task.On(Auto).Run(s.Interior(1), i => s[i - 1] + s[i] + s[i + 1] + s[0] * s[50 * N]).Over(s));

        var planned = Planned.Of(new ShapeChooser(), ranks, y);

        foreach (RankPlan plan in planned.Ranks)
        {
            RankBody body = plan.Body.Steps.OfType<LoopStep>().Single().Bodies.At(0);
            long own = body.ParameterOwners[0].Own(plan.Rank).Count;
            // Old and new with their halos; the middle may share a window with the part it is close to, or the end with its own.
            Assert.That(body.Buffers.Sum(b => b.Window.Count), Is.LessThanOrEqualTo(3 * own + 16), $"{plan.Rank}");
        }
    }

    [Test]
    public void ReadsAConstantWayOff_StayTogether()
    {
        Array2D<double> a = Array2D.From(new double[N, N]);
        Array2D<double> b = Task.On(Auto).Run(a.Interior(1), (i, j) => a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] + a.Wrap[i + 2, j]).Over(a);
        (Region region, Distribution[] sources) = Planned.Describe(4, b);

        Assert.That(SplitOperands.Apply(region, new ShapeChooser().Choose(region, sources, 4)), Is.SameAs(region));
    }

    [Test]
    public void ReadsOfArraysThatEveryRankHas_StayTogether()
    {
        Array1D<double> a = Array1D.From(new double[N]);
        Array1D<double> b = Task.On(Auto).Run(N, i => a[i] + a[0] + a[N - 1 - i]);
        (Region region, Distribution[] sources) = Planned.Describe(4, b);

        Assert.That(SplitOperands.Apply(region, new ShapeChooser().Choose(region, sources, 4)), Is.SameAs(region));
    }

    private static long Copied(RankBody body) => body.Steps.OfType<CopyStep>().Sum(copy => copy.Pieces.Sum(p => p.From.Box.Count));
}
