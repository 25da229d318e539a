using Avial.Graph;
using Avial.Passes;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Passes;

/// <summary>What is computed again in its readers, and what goes through memory.</summary>
internal sealed class FuseProducersTests
{
    [Test]
    public void CheapRow_ReadByEveryRow_IsFused()
    {
        Array2D<double> a = Array2D.Fill((40, 50), 1.5);
        Array1D<double> row = Task.On(Auto).Run(50, j => j * 0.5);

        Assert.That(NodesOf(Task.On(Auto).Run(a.Domain, (i, j) => i + row[j]).Whole), Is.EqualTo(1));
    }

    [Test]
    public void InnerSum_ReadOnceEach_IsFused()
    {
        Array2D<double> a = Array2D.Fill((40, 50), 1.5);
        Array1D<double> sums = Task.On(Auto).Run(40, i => Sum(0, 50, j => a[i, j]));

        Assert.That(NodesOf(Task.On(Auto).Run(40, i => 2 * sums[i]).Whole), Is.EqualTo(1));
    }

    [Test]
    public void InnerSum_ReadByEveryColumn_IsNotComputedAgain()
    {
        Array2D<double> a = Array2D.Fill((40, 50), 1.5);
        Array1D<double> sums = Task.On(Auto).Run(40, i => Sum(0, 50, j => a[i, j]));

        Assert.That(NodesOf(Task.On(Auto).Run(a.Domain, (i, j) => a[i, j] / sums[i]).Whole), Is.EqualTo(2));
        Assert.That(NodesOf(Task.On(Auto).Reduce(a.Domain, (i, j) => a[i, j] * sums[i], Reduction.Sum, axis: 0).Whole), Is.EqualTo(2));
    }

    private static int NodesOf(NodeOutput root) => Optimiser.Optimise(RegionBuilder.OfRoots([root], []).Region, isFusing: true, (_, _) => { }).Nodes.Length;
}
