using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>s := Aᵀ·r and q := A·p.</summary>
internal static class Bicg
{
    public static PolyBenchKernel Kernel { get; } = new("bicg", [[38, 42], [1, 1], [2, 1], [37, 41], [390, 410]],
        n =>
        {
            var (a, p, r) = Initialise(n[0], n[1]);
            var (s, q) = Avial(Array2D.From(a), Array1D.From(p), Array1D.From(r));
            return Flat(s.ToArray(), q.ToArray());
        },
        n =>
        {
            var (a, p, r) = Initialise(n[0], n[1]);
            var (s, q) = Plain(a, p, r);
            return Flat(s, q);
        })
    {
        Tolerance = n => Math.Max(n[0], n[1]) * PolyBenchKernel.Epsilon,
        Why = "Reduce rounds products and the total, and adds exactly; the loop rounds each addition, and no term is negative",
    };

    public static (double[,] A, double[] P, double[] R) Initialise(int m, int n) => (
        Make(n, m, (i, j) => (double)(i * (j + 1) % n) / n),
        Make(m, i => (double)(i % m) / m),
        Make(n, i => (double)(i % n) / n));

    public static (Array1D<double> S, Array1D<double> Q) Avial(Array2D<double> a, Array1D<double> p, Array1D<double> r) =>
        (Task.On(Auto).Reduce(a.Domain, (i, j) => a[i, j] * r[i], Reduction.Sum, axis: 0), a.MatVec(p));

    public static (double[] S, double[] Q) Plain(double[,] a, double[] p, double[] r)
    {
        var (s, q) = (new double[p.Length], new double[r.Length]);
        for (int i = 0; i < r.Length; i++)
        {
            for (int j = 0; j < p.Length; j++)
            {
                s[j] += r[i] * a[i, j];
                q[i] += a[i, j] * p[j];
            }
        }
        return (s, q);
    }
}
