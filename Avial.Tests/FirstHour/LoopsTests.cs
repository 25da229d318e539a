using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>Loops in the graph against plain loops.</summary>
public sealed class LoopsTests
{
    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void LU_WithTheStepInDomainsAndSlices_IsThePlainElimination(EngineCase engine)
    {
        using Session session = engine.Open();
        const int n = 7;
        double[,] m = Library.Samples.Make(n, n, (i, j) => i == j ? 9.0 : 1.0 / (1 + i + 2 * j));

        Array2D<double> lu = Task.Repeat(n - 1, Array2D.From(m), (a, t) =>
        {
            Array2D<double> scaled = Task.On(Auto).Run(new Domain2D(new(t + 1, n), new(t, t + 1)), (i, j) => a[i, j] / a[t, t]).Over(a);
            return Task.On(Auto).Run(new Domain2D(new(t + 1, n), new(t + 1, n)), (i, j) => scaled[i, j] - scaled[i, t] * scaled[t, j]).Over(scaled);
        });

        for (int t = 0; t < n - 1; t++)
        {
            for (int i = t + 1; i < n; i++)
            {
                m[i, t] /= m[t, t];
                for (int j = t + 1; j < n; j++)
                {
                    m[i, j] -= m[i, t] * m[t, j];
                }
            }
        }
        Assert.That(lu.ToArray(), Is.EqualTo(m));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void FloydWarshall_WithRowsAndColumnsOfTheStep_IsThePlainLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        const int n = 9;
        int[,] m = Library.Samples.Make(n, n, (i, j) => i == j ? 0 : 1 + (7 * i + 3 * j) % 11);

        Array2D<int> shortest = Task.Repeat(n, Array2D.From(m), (d, t) =>
        {
            Array1D<int> from = d.Column(t);
            Array1D<int> to = d.Row(t);
            return Task.On(Auto).Run(d.Domain, (i, j) => Math.Min(d[i, j], from[i] + to[j]));
        });

        for (int t = 0; t < n; t++)
        {
            m = Library.Samples.Make(n, n, (i, j) => Math.Min(m[i, j], m[i, t] + m[t, j]));
        }
        Assert.That(shortest.ToArray(), Is.EqualTo(m));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Repeat_OverArraysAndScalars_CarriesAll(EngineCase engine)
    {
        using Session session = engine.Open();
        (Array1D<long> x, Array1D<long> y, Scalar<long> sum) = Task.Repeat(5, (x: Array1D.FromIndex(4, i => i), y: Array1D.Fill(4, 1L), sum: Scalar.Of(0L)), (s, t) =>
        {
            Array1D<long> next = Task.On(Auto).Run(4, i => s.x[i] + s.y[3 - i] + (long)t);
            return (next, s.x, Task.On(Auto).Run(() => s.sum + (long)t));
        });

        long[] a = [0, 1, 2, 3];
        long[] b = [1, 1, 1, 1];
        for (int t = 0; t < 5; t++)
        {
            (a, b) = ([.. a.Select((v, i) => v + b[3 - i] + t)], a);
        }
        Compute.Evaluate(x, y, sum);
        Assert.That((x.ToArray(), y.ToArray(), sum.Value), Is.EqualTo((a, b, 10L)));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void State_UnchangedOrSwapped_ComesBackRight(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> a = [1, 2];
        Array1D<int> b = [3, 4];

        Assert.That(Task.Repeat(3, a, s => s).ToArray(), Is.EqualTo((int[])[1, 2]));
        (Array1D<int> odd, Array1D<int> even) = Task.Repeat(3, (a, b), s => (s.b, s.a));
        Assert.That((odd.ToArray(), even.ToArray()), Is.EqualTo(((int[])[3, 4], (int[])[1, 2])));
        (Array1D<int> c, Array1D<int> d) = Task.Repeat(4, (a, a), s => (s.Item2 + 1, s.Item1));
        Assert.That((c.ToArray(), d.ToArray()), Is.EqualTo(((int[])[3, 4], (int[])[3, 4])));
        (Array1D<int> e, Array1D<int> f) = Task.Repeat(2, (a, b), s => (s.a + s.b, s.a + s.b));
        Assert.That((e.ToArray(), f.ToArray()), Is.EqualTo(((int[])[8, 12], (int[])[8, 12])));
        Assert.That((a.ToArray(), b.ToArray()), Is.EqualTo(((int[])[1, 2], (int[])[3, 4])));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Repeat_ZeroTimes_GivesTheState(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> a = Task.On(Auto).Run(3, i => (int)i);

        Array1D<int> same = Task.Repeat(0, a, s => s + 1);

        Assert.That(same.ToArray(), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That((a + 1).ToArray(), Is.EqualTo((int[])[1, 2, 3]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void NestedLoops_WithBothSteps_ArePlainNestedLoops(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<double> x = Task.Repeat(3, Array1D.Fill(5, 1.0), (outer, t) => Task.Repeat(2, outer, (inner, u) =>
            Task.On(Auto).Run(5, i => inner[i] * 2 + t + 10 * u + outer[4 - i])));

        double[] a = [1, 1, 1, 1, 1];
        for (int t = 0; t < 3; t++)
        {
            double[] before = a;
            for (int u = 0; u < 2; u++)
            {
                a = [.. a.Select((v, i) => v * 2 + t + 10 * u + before[4 - i])];
            }
        }
        Assert.That(x.ToArray(), Is.EqualTo(a));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void RepeatUntil_EndsAtATestedStep(EngineCase engine)
    {
        using Session session = engine.Open();
        (Scalar<double> x, Scalar<long> steps) = Task.RepeatUntil(Scalar.Of(1.0), (s, _) => Task.On(Cpu).Run(() => 0.5 * (s + 2 / s)), s => Math.Abs(s * s - 2) < 1e-12, limit: 50);
        Assert.That((x.Value, steps.Value), Is.EqualTo((Math.Sqrt(2), 5L)).Using<(double, long)>((p, q) => Math.Abs(p.Item1 - q.Item1) < 1e-12 && p.Item2 == q.Item2));

        (Scalar<int> n, Scalar<long> taken) = Task.RepeatUntil(Scalar.Of(0), (s, _) => Task.On(Cpu).Run(() => s + 1), s => s >= 5, limit: 50, every: 3);
        Assert.That((n.Value, taken.Value), Is.EqualTo((6, 6L)));

        (Array1D<double> u, Scalar<double> rest) = Task.RepeatUntil((u: Array1D.Fill(6, 1.0), rest: Scalar.Of(1.0)), s =>
        {
            Array1D<double> next = Task.On(Auto).Run(6, i => 0.5 * (s.u.Or(0)[i - 1] + s.u.Or(0)[i + 1]));
            return (next, next.Reduce(Reduction.Max));
        }, s => s.rest < 0.01, limit: 1000);
        Compute.Evaluate(u, rest);
        Assert.That(rest.Value, Is.LessThan(0.01).And.EqualTo(u.ToArray().Max()));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void RepeatUntil_AtItsLimit_NamesIt(EngineCase engine)
    {
        using Session session = engine.Open();
        Scalar<int> x = Task.RepeatUntil(Scalar.Of(0), s => Task.On(Cpu).Run(() => s + 1), s => s < 0, limit: 4);

        Assert.That(() => x.Value, Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0410: The condition of 'Repeat@LoopsTests\.cs:\d+' was still false after 4 steps, its limit\. Raise limit:, or loosen the condition \(a tolerance below the rounding error of the state is never reached\)\.\n  at LoopsTests\.cs:\d+: s => s < 0$"));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Random_OfTheStep_IsNewEachStep(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<double> sum = Task.Repeat(3, Array1D.Fill(4, 0.0), (s, t) => Task.On(Auto).Run(4, i => s[i] + Uniform(7, t, i)));
        Assert.That(sum.ToArray(), Is.EqualTo(Enumerable.Range(0, 4).Select(i => 0.0 + Uniform(7, 0, i) + Uniform(7, 1, i) + Uniform(7, 2, i))));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void ArithmeticOfSteps_InBodiesAndBounds_IsThatOfNumbers(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<long> last = Task.Repeat(3, Array1D.Fill(20, 0L), (x, t) => Task.Repeat(2, x, (y, u) =>
            Task.On(Cpu).Run(new Domain1D(t + u, 20 - (2 * t + u)), i => y[i] + (long)((t + 2) * (u + 3) + t * t - u * t + (t - u)) + i % (t + 1)).Over(y)));

        long[] expected = new long[20];
        for (long t = 0; t < 3; t++)
        {
            for (long u = 0; u < 2; u++)
            {
                for (long i = t + u; i < 20 - (2 * t + u); i++)
                {
                    expected[i] += (t + 2) * (u + 3) + t * t - u * t + (t - u) + i % (t + 1);
                }
            }
        }
        Assert.That(last.ToArray(), Is.EqualTo(expected));
        Assert.That(() => Task.Repeat(3, Array1D.Fill(20, 0L), (x, t) => Task.On(Cpu).Run(new Domain1D(t * t, 20), i => 1L).Over(x)), Throws.InstanceOf<AvialException>().With.Message.StartsWith("AVL0011"));
    }
}
