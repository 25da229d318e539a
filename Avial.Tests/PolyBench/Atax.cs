using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>y := Aᵀ·(A·x).</summary>
internal static class Atax
{
    public static PolyBenchKernel Kernel { get; } = new("atax", [[38, 42], [1, 1], [1, 2], [37, 41], [390, 410]],
        n =>
        {
            var (a, x) = Initialise(n[0], n[1]);
            return Flat(Avial(Array2D.From(a), Array1D.From(x)).ToArray());
        },
        n =>
        {
            var (a, x) = Initialise(n[0], n[1]);
            return Plain(a, x);
        })
    {
        Tolerance = n => (n[0] + n[1]) * PolyBenchKernel.Epsilon,
        Why = "Reduce rounds products and the total, and adds exactly; the loop rounds each addition, and no term is negative",
    };

    public static (double[,] A, double[] X) Initialise(int m, int n) => (
        Make(m, n, (i, j) => (double)((i + j) % n) / (5 * m)),
        Make(n, i => 1 + i / (double)n));

    public static Array1D<double> Avial(Array2D<double> a, Array1D<double> x)
    {
        Array1D<double> ax = a.MatVec(x);
        return Task.On(Auto).Reduce(a.Domain, (i, j) => a[i, j] * ax[i], Reduction.Sum, axis: 0);
    }

    public static double[] Plain(double[,] a, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            double ax = 0;
            for (int j = 0; j < x.Length; j++)
            {
                ax += a[i, j] * x[j];
            }
            for (int j = 0; j < x.Length; j++)
            {
                y[j] += a[i, j] * ax;
            }
        }
        return y;
    }
}
