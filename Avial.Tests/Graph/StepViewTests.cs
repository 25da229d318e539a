using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Graph;

/// <summary>Slices that move with the step of a loop stay inside their array, or say so.</summary>
internal sealed class StepViewTests
{
    private static readonly double[] s_numbers = [1, 2, 3, 4, 5, 6, 7];

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.Engines))]
    public void Slice_InsideAtEveryStep_ReadsWhatItShows(Engine engine)
    {
        using Session session = Session.Create(o => o with { Engine = engine });
        Array1D<double> numbers = Array1D.From(s_numbers);

        Array1D<double> sums = Task.Repeat(5, Array1D.Fill(3, 0.0), (s, t) => s + numbers.Slice(new Domain1D(t, t + 3)));

        Assert.That(sums.ToArray(), Is.EqualTo(new[] { 15.0, 20.0, 25.0 }));
    }

    [Test]
    public void Slice_OutsideAtTheLastStep_IsRefused()
    {
        Array1D<double> numbers = Array1D.From(s_numbers);

        AvialException thrown = Assert.Throws<AvialException>(() =>
            Task.Repeat(6, Array1D.Fill(3, 0.0), (s, t) => s + numbers.Slice(new Domain1D(t, t + 3))))!;

        Assert.That(thrown.Message, Does.StartWith("AVL0020: t..t + 3 in dimension 0 is not inside "));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.Engines))]
    public void Slice_OutsideAtAStepThatMayNotCome_IsCheckedWhenRun(Engine engine)
    {
        using Session session = Session.Create(o => o with { Engine = engine });
        Array1D<double> numbers = Array1D.From(s_numbers);

        Assert.That(Until(9).ToArray(), Is.EqualTo(new[] { 10.0, 14.0, 18.0 }));
        Assert.That(Assert.Throws<AvialException>(() => Until(1000).ToArray())!.Id, Is.EqualTo("AVL0422"));

        Array1D<double> Until(double bound) =>
            Task.RepeatUntil(Array1D.Fill(3, 0.0), (s, t) => s + numbers.Slice(new Domain1D(t, t + 3)), s => s[0] > bound).State;
    }

    [Test]
    public void Row_OfAStepWithoutSteps_IsNeverRead()
    {
        Array2D<double> grid = Array2D.Fill((2, 3), 1.0);

        Array1D<double> row = Task.Repeat(0, Array1D.Fill(3, 0.0), (s, t) => s + grid.Row(t + 5));

        Assert.That(row.ToArray(), Is.EqualTo(new double[3]));
    }
}
