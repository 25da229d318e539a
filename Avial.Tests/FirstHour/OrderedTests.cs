using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>Scans, scatters and sweeps against plain loops; random numbers of any slice.</summary>
public sealed class OrderedTests
{
    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Scan_InEachForm_IsThePlainLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach (int n in (int[])[0, 1, 5, 255, 256, 257, 1000])
        {
            long[] x = Library.Samples.Vector<long>(n, n);
            Array1D<long> a = Array1D.From(x);
            Check(Task.On(Auto).Scan(n, i => a[i], Reduction.Sum), Running(x, false, (p, q) => p + q, 0));
            Check(Task.On(Auto).Scan(n, i => a[i], Reduction.Sum, exclusive: true), Running(x, true, (p, q) => p + q, 0));
            Check(Task.On(Auto).Scan(n, i => a[i], Reduction.Max), Running(x, false, Math.Max, long.MinValue));
            Check(Task.On(Auto).Scan(((Domain1D)n).Reversed, i => a[i], Reduction.Sum), [.. Running([.. x.Reverse()], false, (p, q) => p + q, 0).Reverse()]);

            void Check(Array1D<long> found, long[] expected) => Assert.That(found.ToArray(), Is.EqualTo(expected), $"{n} elements");
        }

        int[,] m = Library.Samples.Matrix<int>(3, 5, 1);
        Array2D<int> b = Array2D.From(m);
        Assert.That(Task.On(Auto).Scan(b.Domain, (i, j) => b[i, j], Reduction.Sum, axis: 0).ToArray(), Is.EqualTo(Library.Samples.Make(3, 5, (i, j) => Library.Samples.Sum(i + 1, k => m[k, j]))));
        Assert.That(Task.On(Auto).Scan(b.Domain, (i, j) => b[i, j], Reduction.Sum, axis: 1, exclusive: true).ToArray(), Is.EqualTo(Library.Samples.Make(3, 5, (i, j) => Library.Samples.Sum(j, k => m[i, k]))));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Scatter_InEachForm_IsThePlainLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        const int n = 1000;
        int[] at = [.. Library.Samples.Vector<int>(n, 3).Select(v => v + 9)];
        double[] x = [.. Enumerable.Range(0, n).Select(i => 1.0 / (i + 1))];
        Array1D<int> target = Array1D.From(at);
        Array1D<double> value = Array1D.From(x);
        double[] sums = new double[20];
        double[] lasts = new double[20];
        double[,] table = new double[4, 5];
        for (int i = 0; i < n; i++)
        {
            sums[at[i]] += x[i];
            lasts[at[i]] = x[i];
            table[at[i] / 5, at[i] % 5] += x[i];
        }

        Assert.That(Task.On(Auto).Scatter(n, Array1D.Fill(20, 0.0), i => target[i], i => value[i], Reduction.Sum).ToArray(), Is.EqualTo(sums));
        Assert.That(Task.On(Auto).Scatter(n, Array1D.Fill(20, 0.0), i => target[i], i => value[i], Reduction.Last).ToArray(), Is.EqualTo(lasts));
        Assert.That(Task.On(Auto).Scatter(n, Array2D.Fill((4, 5), 0.0), i => At(target[i] / 5, target[i] % 5), i => value[i], Reduction.Sum).ToArray(), Is.EqualTo(table));
        Assert.That(Task.On(Auto).Scatter(0, Array1D.Fill(3, 2.0), i => i, i => 1.0, Reduction.Sum).ToArray(), Is.EqualTo((double[])[2, 2, 2]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void GaussSeidel_BySweep_IsThePlainLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        double[,] u = Library.Samples.Make(9, 12, (i, j) => i == 0 ? 1.0 : j == 0 ? 0.5 : 0.0);

        Array2D<double> swept = Task.Repeat(3, Array2D.From(u), s => Task.On(Auto).Sweep(s, s.Interior(1), (self, i, j) =>
            0.25 * (self[i - 1, j] + self[i + 1, j] + self[i, j - 1] + self[i, j + 1])));

        for (int t = 0; t < 3; t++)
        {
            for (int i = 1; i < 8; i++)
            {
                for (int j = 1; j < 11; j++)
                {
                    u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]);
                }
            }
        }
        Assert.That(swept.ToArray(), Is.EqualTo(u));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void TriangularSolve_BySweepEitherWay_IsThePlainLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        const int n = 11;
        double[,] l = Library.Samples.Make(n, n, (i, j) => j > i ? 0.0 : i == j ? 2.0 + i : 1.0 / (1 + i + j));
        double[] b = [.. Enumerable.Range(0, n).Select(i => i - 4.0)];
        Array2D<double> a = Array2D.From(l);
        Array1D<double> rhs = Array1D.From(b);

        Array1D<double> forward = Task.On(Auto).Sweep(rhs, n, (self, i) => (self[i] - Fold(0, i, 0.0, (acc, k) => acc + a[i, k] * self[k])) / a[i, i]);
        Array1D<double> backward = Task.On(Auto).Sweep(rhs, ((Domain1D)n).Reversed, (self, i) => (self[i] - Fold(i + 1, n, 0.0, (acc, k) => acc + a[k, i] * self[k])) / a[i, i]);

        double[] x = [.. b];
        double[] y = [.. b];
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int k = 0; k < i; k++)
            {
                sum += l[i, k] * x[k];
            }
            x[i] = (x[i] - sum) / l[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = 0;
            for (int k = i + 1; k < n; k++)
            {
                sum += l[k, i] * y[k];
            }
            y[i] = (y[i] - sum) / l[i, i];
        }
        Assert.That(forward.ToArray(), Is.EqualTo(x));
        Assert.That(backward.ToArray(), Is.EqualTo(y));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void EditDistance_BySweep_IsThePlainTable(EngineCase engine)
    {
        using Session session = engine.Open();
        int[] a = [.. "reproducibility".Select(c => (int)c)];
        int[] b = [.. "responsibility".Select(c => (int)c)];
        (int n, int m) = (a.Length, b.Length);
        Array2D<int> start = Array2D.FromIndex((n + 1, m + 1), (i, j) => (int)(i == 0 ? j : j == 0 ? i : 0));

        Array2D<int> table = Task.On(Auto).Sweep(start, new Domain2D(new(1, n + 1), new(1, m + 1)), (self, i, j) =>
            Math.Min(Math.Min(self[i - 1, j], self[i, j - 1]) + 1, self[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)));

        var d = new int[n + 1, m + 1];
        for (int i = 0; i <= n; i++)
        {
            for (int j = 0; j <= m; j++)
            {
                d[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
        }
        Assert.That(table.ToArray(), Is.EqualTo(d));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void RandomNumbers_OfAnySlice_AreThoseOfTheWhole(EngineCase engine)
    {
        using Session session = engine.Open();
        double[] whole = Array1D.Uniform<double>(100, seed: 5).ToArray();
        double[] normal = Array1D.Normal<double>(100, seed: 5).ToArray();

        Assert.That(whole, Is.EqualTo(Enumerable.Range(0, 100).Select(i => Uniform(5, i))));
        Assert.That(Array1D.Uniform<double>(100, seed: 5).Slice(37..61).ToArray(), Is.EqualTo(whole[37..61]));
        Assert.That(Task.On(Auto).Run(new Domain1D(37, 61), i => Uniform(5, i)).Rebase().ToArray(), Is.EqualTo(whole[37..61]));
        Assert.That(Array1D.Normal<double>(100, seed: 5).Strided(7).ToArray(), Is.EqualTo(normal.Where((_, i) => i % 7 == 0)));
        Assert.That(Array2D.Uniform<double>((10, 10), seed: 5).Row(3).ToArray(), Is.EqualTo(whole[30..40]));
        Assert.That(whole, Is.All.InRange(0.0, 1.0));
        Assert.That(whole, Is.Unique);
    }

    private static long[] Running(long[] x, bool isExclusive, Func<long, long, long> combine, long identity)
    {
        var result = new long[x.Length];
        long total = identity;
        for (int i = 0; i < x.Length; i++)
        {
            long before = total;
            total = combine(total, x[i]);
            result[i] = isExclusive ? before : total;
        }
        return result;
    }
}
