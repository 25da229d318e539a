using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>x := x + A·y and z := z + Aᵀ·w.</summary>
internal static class Mvt
{
    public static PolyBenchKernel Kernel { get; } = new("mvt", [[40], [1], [2], [37], [256], [400]],
        n =>
        {
            var (a, x, z, y, w) = Initialise(n[0]);
            var (x1, z1) = Avial(Array2D.From(a), Array1D.From(x), Array1D.From(z), Array1D.From(y), Array1D.From(w));
            return Flat(x1.ToArray(), z1.ToArray());
        },
        n =>
        {
            var (a, x, z, y, w) = Initialise(n[0]);
            Plain(a, x, z, y, w);
            return Flat(x, z);
        })
    {
        Tolerance = n => PolyBenchKernel.OfSums(n[0]),
        Why = "beyond 256 terms Sum adds chunk by chunk, the loop term by term, and no term is negative",
    };

    public static (double[,] A, double[] X, double[] Z, double[] Y, double[] W) Initialise(int n) => (
        Make(n, n, (i, j) => (double)(i * j % n) / n),
        Make(n, i => (double)(i % n) / n),
        Make(n, i => (double)((i + 1) % n) / n),
        Make(n, i => (double)((i + 3) % n) / n),
        Make(n, i => (double)((i + 4) % n) / n));

    public static (Array1D<double> X, Array1D<double> Z) Avial(Array2D<double> a, Array1D<double> x, Array1D<double> z, Array1D<double> y, Array1D<double> w) =>
        Task.On(Auto).Run(x.Domain, i => x[i] + Sum(0, w.Length, j => a[i, j] * y[j]), i => z[i] + Sum(0, w.Length, j => a[j, i] * w[j]));

    public static void Plain(double[,] a, double[] x, double[] z, double[] y, double[] w)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double ay = 0, aw = 0;
            for (int j = 0; j < x.Length; j++)
            {
                ay = Math.FusedMultiplyAdd(a[i, j], y[j], ay);
                aw = Math.FusedMultiplyAdd(a[j, i], w[j], aw);
            }
            x[i] += ay;
            z[i] += aw;
        }
    }
}
