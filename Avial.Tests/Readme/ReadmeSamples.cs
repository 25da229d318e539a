using System.Globalization;
using System.Text.RegularExpressions;
using Avial;
using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Readme;

/// <summary>The code of README.md, run. <see cref="ReadmeTests"/> checks that each of its paragraphs stands here.</summary>
[NonParallelizable] // one looks at the error output
public sealed class ReadmeSamples
{
    private static readonly Func<Point, Point, double> Distance2 = Function((Point a, Point b) =>
        (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));

    private readonly record struct Point(double X, double Y);

    [Test]
    public void Plate_Heated_ConductsLikeAPlainLoop()
    {
        Array2D<double> hot = Task.On(Cpu).Run((200, 200), (i, j) => i == 0 ? 100.0 : 0.0);
        Array2D<double> warm = Task.Repeat(500, hot, t => Task.On(Cpu)
            .Run(t.Interior(1), (i, j) => 0.25 * (t[i - 1, j] + t[i + 1, j] + t[i, j - 1] + t[i, j + 1]))
            .Over(t));
        Scalar<double> mean = Task.On(Cpu).Reduce(warm.Domain, (i, j) => warm[i, j], Reduction.Mean);

        Session.Current.WriteLine(Plan.For(mean).Explain());      // what would run; nothing has so far
        Session.Current.WriteLine($"mean {mean.Value:0.000}");    // the first line that computes

        double[,] expected = HeatedPlate(200, 500);
        Assert.That(warm.ToArray(), Is.EqualTo(expected));
        Assert.That(mean.Value, Is.EqualTo(expected.Cast<double>().Average()).Within(1e-12));
    }

    [Test]
    public async Task Arrays_AreLazyUntilTheirValuesAreAskedFor()
    {
        Array1D<float> x = [1f, 2f, 3f, 4f];
        Array1D<float> y = 2f * x + 1f;                 // recorded, not computed
        Scalar<float> sum = y.Reduce(Reduction.Sum);
        Compute.Evaluate(y, sum);                       // both at once; what they share is computed once
        float first = y[0], total = sum;                // in memory by now
        float[] all = (await y).ToArray();              // or without blocking

        Assert.That((first, total), Is.EqualTo((3f, 24f)));
        Assert.That(all, Is.EqualTo(new[] { 3f, 5f, 7f, 9f }));
    }

    [Test]
    public void Structs_AndFunctionsOfOnesOwn_WorkInBodies()
    {
        Array1D<Point> points = Task.On(Auto).Run(1000, i => new Point(Uniform(1, i), Uniform(2, i)));
        Array1D<double> nearest = Task.On(Auto).Run(1000, i =>
            Min(0, 1000, k => k == i ? double.PositiveInfinity : Distance2(points[i], points[k])));

        Point[] host = points.ToArray();
        double[] expected = [.. host.Select((p, i) => host.Where((_, k) => k != i).Min(q => Distance2(p, q)))];
        Assert.That(nearest.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Loops_EndOnAConditionOfTheirState()
    {
        var (root, steps) = Task.RepeatUntil(Scalar.Of(1.0), (r, step) => Task.On(Cpu).Run(() => 0.5 * (r + 2 / r)), r => Math.Abs(r * r - 2) < 1e-12);
        Console.WriteLine($"√2 = {root.Value} after {steps.Value} steps");

        Assert.That(root.Value, Is.EqualTo(Math.Sqrt(2)).Within(1e-12));
        Assert.That(steps.Value, Is.EqualTo(5));
    }

    [Test]
    public void Borders_AreSaidAtTheRead()
    {
        Array1D<double> x = [1.0, 4.0, 9.0];

        Array1D<double> inside = Task.On(Cpu).Run(0..2, i => x[i + 1] - x[i]);
        Array1D<double> clamped = Task.On(Cpu).Run(x.Domain, i => x.Clamp[i + 1] - x[i]);
        Array1D<double> periodic = Task.On(Cpu).Run(x.Domain, i => x.Wrap[i + 1] - x[i]);
        Array1D<double> padded = Task.On(Cpu).Run(x.Domain, i => x.Or(0)[i + 1] - x[i]);

        Assert.That(inside.ToArray(), Is.EqualTo(new[] { 3.0, 5.0 }));
        Assert.That(clamped.ToArray(), Is.EqualTo(new[] { 3.0, 5.0, 0.0 }));
        Assert.That(periodic.ToArray(), Is.EqualTo(new[] { 3.0, 5.0, -8.0 }));
        Assert.That(padded.ToArray(), Is.EqualTo(new[] { 3.0, 5.0, -9.0 }));
    }

    [Test]
    public void OutsideRead_IsRefusedWithTheMessageOfTheReadme()
    {
        Array1D<double> x = [1.0, 4.0, 9.0];

        AvialException error = Assert.Throws<AvialException>(() =>
        {
            Array1D<double> d = Task.On(Cpu).Run(x.Domain, i => x[i + 1] - x[i]);

            d.ToArray();
        })!;

        Assert.That(ReadmeTests.Normalise(File.ReadAllText(Repository.PathOf("README.md"))), Does.Contain(ReadmeTests.Normalise(error.Message.Split("\n  at ")[0])));
    }

    [Test]
    public void Plate_OnFourRanks_IsExplainedAsInTheReadme()
    {
        using Session session = Explaining.PlanPrograms.Ranks(4);
        int first = Explaining.PlanPrograms.LineHere() + 2;

        Array2D<double> hot = Task.On(Cpu).Run((200, 200), (i, j) => i == 0 ? 100.0 : 0.0);
        Array2D<double> warm = Task.Repeat(500, hot, t => Task.On(Cpu)
            .Run(t.Interior(1), (i, j) => 0.25 * (t[i - 1, j] + t[i + 1, j] + t[i, j - 1] + t[i, j + 1]))
            .Over(t));
        Scalar<double> mean = Task.On(Cpu).Reduce(warm.Domain, (i, j) => warm[i, j], Reduction.Mean);

        Plan plan = Plan.For(mean);

        // In the README the plate's first task stands in the fourth line.
        string InReadme(string text) => Regex.Replace(text, @"ReadmeSamples\.cs:(\d+)", m => $"Plate.cs:{int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) - first + 4}");
        string readme = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");
        Golden.Check(InReadme(plan.Explain()), "plate.txt");
        Golden.Check(InReadme(plan.ToMermaid()), "plate.mmd");
        Assert.That(readme, Does.Contain($"```text\n{InReadme(plan.Explain()).ReplaceLineEndings("\n").Trim()}\n```"));
        Assert.That(readme, Does.Contain($"```mermaid\n{InReadme(plan.ToMermaid()).Trim()}\n```"));
    }

    [Test]
    public void Program_OnFourRanks_WritesOnceAndEachRankHasItsPart()
    {
        TextWriter error = Console.Error;
        using var parts = new StringWriter();
        Console.SetError(TextWriter.Synchronized(parts));
        try
        {
            Session.RunOnRanks(4, session =>
            {
                Array1D<double> x = Task.On(Cpu).Run(1_000_000, i => Uniform(seed: 1, i));
                Array1D<double> smooth = Task.Repeat(10, x, a => Task.On(Cpu).Run(a.Domain, i => (a.Wrap[i - 1] + a[i] + a.Wrap[i + 1]) / 3));
                double mean = smooth.Reduce(Reduction.Mean).Value;         // the same bits on every rank, and on one

                session.WriteLine($"mean {mean:0.000000}");                // written once
                var own = smooth.Local;                                    // the part of this rank
                Console.Error.WriteLine($"rank {session.Rank} of {session.Ranks} has {own.Domain}: {own.Values.Length} values");
            });
        }
        finally
        {
            Console.SetError(error);
        }

        string[] lines = parts.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines.Sum(l => int.Parse(Regex.Match(l, @"(\d+) values").Groups[1].Value, CultureInfo.InvariantCulture)), Is.EqualTo(1_000_000), string.Join('\n', lines));
    }

    [Test]
    public void RanksThatDiffer_AreToldAsInTheReadme()
    {
        AvialException error = Assert.Throws<AvialException>(() => Session.RunOnRanks(4, session =>
        {
            Array1D<double> field = Task.On(Cpu).Named("field").Run(session.IsRoot ? 1000 : 100, i => Math.Sqrt(i));

            Compute.Evaluate(field);
        }))!;

        string message = Regex.Replace(error.Message.Split("\n  at ")[0], @"ReadmeSamples\.cs:\d+", "Plate.cs:7");
        Assert.That(ReadmeTests.Normalise(File.ReadAllText(Repository.PathOf("README.md"))), Does.Contain(ReadmeTests.Normalise(message)));
    }

    private static double[,] HeatedPlate(int extent, int steps)
    {
        var now = new double[extent, extent];
        for (int j = 0; j < extent; j++)
        {
            now[0, j] = 100;
        }
        var next = (double[,])now.Clone();
        for (int step = 0; step < steps; step++)
        {
            for (int i = 1; i < extent - 1; i++)
            {
                for (int j = 1; j < extent - 1; j++)
                {
                    next[i, j] = 0.25 * (now[i - 1, j] + now[i + 1, j] + now[i, j - 1] + now[i, j + 1]);
                }
            }
            (now, next) = (next, now);
        }
        return now;
    }
}
