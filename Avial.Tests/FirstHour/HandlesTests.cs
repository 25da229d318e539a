using System.Runtime.CompilerServices;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>Looking at a program before it runs.</summary>
public sealed class HandlesTests
{
    [Test]
    public void Graph_Walked_ShowsNamesLinesInputsAndTargets()
    {
        Array1D<float> x = Array1D.Fill(8, 2f);
        int line = LineHere() + 1;
        Array1D<float> doubled = Task.On(Cpu).Run(x.Domain, i => 2 * x[i]);
        Array1D<float> blurred = Task.On(Auto).Named("blur").Run(x.Domain, i => doubled.Clamp[i - 1] + doubled.Clamp[i + 1]);
        Scalar<float> total = blurred.Reduce(Reduction.Sum);

        TaskNode blur = total.Producer.Inputs.Single();
        TaskNode twice = blur.Inputs.Single();
        TaskNode fill = twice.Inputs.Single();

        Assert.That((total.Producer.Kind, blur.Kind, twice.Kind, fill.Kind), Is.EqualTo(("Reduce", "Run", "Run", "Fill")));
        Assert.That((blur.Name, twice.Name, fill.Name), Is.EqualTo(("blur", "doubled", "x")));
        Assert.That((Path.GetFileName(twice.File), twice.Line, twice.Text), Is.EqualTo(("HandlesTests.cs", line, "i => 2 * x[i]")));
        Assert.That((blur.Target, twice.Target), Is.EqualTo((Auto, Cpu)));
        Assert.That(blur.Outputs, Is.EqualTo((string[])["f32[8]"]));
        Assert.That(twice, Is.EqualTo(doubled.Producer));
        Assert.That(total.Producer.IsEvaluated || blur.IsEvaluated, Is.False);
    }

    [Test]
    public void Name_OfATaskWithoutOne_IsItsPlace()
    {
        int line = LineHere() + 1;
        Array1D<int> a = Task.On(Cpu).Run(3, i => (int)i);
        Assert.That(a.Producer.Name, Is.EqualTo($"Run@HandlesTests.cs:{line}"));
    }

    [Test]
    public void Explain_OfASmallProgram_FitsATerminal()
    {
        using Session session = Session.Create(o => o with { Threads = 2, Engine = Engine.Managed });
        Array2D<float> terrain = Array2D.From(new float[64, 64]);
        Array2D<float> blurred = Task.On(Auto).Named("blur").Run(terrain.Interior(1), (i, j) => 0.25f * (terrain[i - 1, j] + terrain[i + 1, j] + terrain[i, j - 1] + terrain[i, j + 1])).Over(terrain);
        Array2D<float> scaled = Task.On(Auto).Named("scale").Run(terrain.Domain, (i, j) => 2 * blurred[i, j]);
        Scalar<double> energy = Task.On(Cpu).Named("energy").Reduce(scaled.Domain, (i, j) => (double)scaled[i, j] * scaled[i, j], Reduction.Sum);
        Array2D<float> smooth = Task.Repeat(10, scaled, s => Task.On(Auto).Named("step").Run(s.Domain, (i, j) => 0.5f * (s.Clamp[i - 1, j] + s.Clamp[i + 1, j])));

        string text = Plan.For(energy, smooth).Explain();

        Assert.That(text.Split('\n'), Is.All.Length.LessThanOrEqualTo(100));
        Assert.That(energy.Producer.IsEvaluated, Is.False);
        Golden.Check(System.Text.RegularExpressions.Regex.Replace(text, @"HandlesTests\.cs:\d+", "HandlesTests.cs:#"), "explain.txt");
    }

    private static int LineHere([CallerLineNumber] int line = 0) => line;
}
