using Avial.Geometry;
using Avial.Graph;
using Avial.Planning;
using static Avial.Targets;

namespace Avial.Tests.Planning;

/// <summary>Along which axes sweeps are cut over ranks, and how parts are walked in tiles.</summary>
public sealed class SweepCutsTests
{
    private static readonly Box s_space = Box.OfExtents([12, 20]);

    [Test]
    public void FivePoints_AreCutAlongBothAxes_AndWalkedAlongTheOther()
    {
        SweepCuts cuts = Of(a => Task.On(Cpu).Sweep(a, a.Interior(1), (s, i, j) => 0.2 * (s[i, j] + s[i - 1, j] + s[i, j - 1] + s[i + 1, j] + s[i, j + 1])));

        Assert.That(cuts.Obstacle, Is.Null);
        Assert.That((cuts.MayCut(0), cuts.MayCut(1)), Is.EqualTo((true, true)));
        Assert.That(cuts.NormalFor([4, 1], s_space, out _), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(cuts.NormalFor([1, 4], s_space, out _), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(cuts.NormalFor([2, 2], s_space, out string? reason), Is.Null);
        Assert.That(reason, Is.EqualTo("no axis is left to cut into tiles"));
    }

    [Test]
    public void NinePoints_AreCutAlongRows_AndWalkedInSlantedTiles()
    {
        SweepCuts cuts = Of(a => PolyBench.Seidel2D.Avial(1, a));

        Assert.That((cuts.MayCut(0), cuts.MayCut(1)), Is.EqualTo((true, false)));
        Assert.That(cuts.NormalFor([4, 1], s_space, out _), Is.EqualTo(new[] { 1, 1 }));
    }

    [Test]
    public void NinePoints_FromTheHighEnd_AreWalkedTheOtherWay()
    {
        SweepCuts cuts = Of(a => Task.On(Cpu).Sweep(a, a.Interior(1).Reversed, (s, i, j) => 0.2 * (s[i, j] + s[i + 1, j - 1] + s[i, j + 1])));

        Assert.That(cuts.NormalFor([4, 1], s_space, out _), Is.EqualTo(new[] { -1, -1 }));
    }

    [Test]
    public void Rows_ThatReadTheWholeRowBefore_AreNotWalkedInTiles()
    {
        SweepCuts cuts = Of(a => Task.On(Cpu).Sweep(a, a.Interior(1), (s, i, j) => s[i - 1, 18 - j]));

        Assert.That(cuts.MayCut(1), Is.False);
        Assert.That(cuts.NormalFor([4, 1], s_space, out string? reason), Is.Null);
        Assert.That(reason, Does.StartWith("no planes of tiles keep to flow (1, "));
    }

    [Test]
    public void Elements_ThatMayStopTheRun_AreComputedInOrder()
    {
        SweepCuts cuts = Of(a => Task.On(Cpu).Sweep(a, a.Interior(1), (s, i, j) => s[i - 1, j] / (8 / (int)i)));

        Assert.That(cuts.Obstacle, Is.EqualTo("an element may stop it"));
        Assert.That((cuts.MayCut(0), cuts.MayCut(1)), Is.EqualTo((true, false)));
    }

    private static SweepCuts Of(Func<Array2D<double>, Array2D<double>> sweep)
    {
        Array2D<double> result = sweep(Array2D.From(new double[12, 20]));
        Region region = Plans.Planned.Of(new Avial.Planning.Distributing.ShapeChooser(), 2, result).Region;
        while (region.Nodes.Length == 1 && region.Nodes[0].Operation is LoopOperation loop)
        {
            region = loop.Body;
        }
        return SweepCuts.Of(region, region.Nodes.First(n => n.Operation is SweepOperation));
    }
}
