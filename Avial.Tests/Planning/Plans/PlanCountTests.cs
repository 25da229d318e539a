using Avial.Planning.Distributing;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Plans;

/// <summary>Counts, not hopes: how many messages of how many bytes plans have.</summary>
internal sealed class PlanCountTests
{
    [Test]
    public void Jacobi_OnTwoByTwo_SendsTwoFacesARankAndStep()
    {
        const int N = 64;
        Array2D<double> start = Array2D.From(new double[N, N]);

        Array2D<double> end = Task.Repeat(10, start, (a, t) => Task.On(Targets.Cpu).Run(a.Interior(1), (i, j) =>
            0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a));
        Planned planned = Planned.Of(new ShapeChooser(), 4, end);

        for (int rank = 0; rank < 4; rank++)
        {
            SendStep[] sends = [.. planned.Steps<SendStep>(rank)];
            Assert.That(sends, Has.Length.EqualTo(2));
            Assert.That(sends.Select(s => s.Pieces.Sum(p => p.Box.Count)), Is.All.EqualTo(N / 2 - 1));
            Assert.That(planned.Steps<ReceiveStep>(rank).Count(), Is.EqualTo(2));
        }
    }

    [Test]
    public void ElementWiseChain_SendsNothing()
    {
        Array1D<double> x = Array1D.From(new double[1000]);
        Array1D<double> y = Task.On(Targets.Cpu).Run(1000, i => x[i] * 2);
        Array1D<double> z = Task.On(Targets.Cpu).Run(1000, i => y[i] + x[i]);

        Planned planned = Planned.Of(new ShapeChooser(), 4, y, z);

        Assert.That(Enumerable.Range(0, 4).SelectMany(r => planned.Steps<SendStep>(r)), Is.Empty);
    }
}
