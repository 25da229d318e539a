using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>C := α·A·B + β·C for a symmetric A of which only the lower half is there.</summary>
internal static class Symm
{
    private const double Alpha = 1.5, Beta = 1.2;

    public static PolyBenchKernel Kernel { get; } = new("symm", [[20, 30], [1, 1], [2, 1], [23, 7], [60, 80]],
        n =>
        {
            var (c, a, b) = Initialise(n[0], n[1]);
            return Flat(Avial(Array2D.From(c), Array2D.From(a), Array2D.From(b)).ToArray());
        },
        n =>
        {
            var (c, a, b) = Initialise(n[0], n[1]);
            Plain(c, a, b);
            return Flat(c);
        })
    {
        Tolerance = n => (n[0] + 4) * PolyBenchKernel.Epsilon,
        Why = "the loop adds its terms row after row of A, with a rounded product each; no term is negative",
    };

    public static (double[,] C, double[,] A, double[,] B) Initialise(int m, int n) => (
        Make(m, n, (i, j) => (double)((i + j) % 100) / m),
        Make(m, m, (i, j) => j <= i ? (double)((i + j) % 100) / m : -999),
        Make(m, n, (i, j) => (double)((n + i - j) % 100) / m));

    public static Array2D<double> Avial(Array2D<double> c, Array2D<double> a, Array2D<double> b) =>
        Task.On(Auto).Run(c.Domain, (i, j) => Beta * c[i, j] + Alpha * Sum(0, a.GetLength(0), k => (k <= i ? a[i, k] : a[k, i]) * b[k, j]));

    public static void Plain(double[,] c, double[,] a, double[,] b)
    {
        for (int i = 0; i < c.GetLength(0); i++)
        {
            for (int j = 0; j < c.GetLength(1); j++)
            {
                double sum = 0;
                for (int k = 0; k < i; k++)
                {
                    c[k, j] += Alpha * b[i, j] * a[i, k];
                    sum += b[k, j] * a[i, k];
                }
                c[i, j] = Beta * c[i, j] + Alpha * b[i, j] * a[i, i] + Alpha * sum;
            }
        }
    }
}
