using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>C := α·(A·Bᵀ + B·Aᵀ) + β·C on the lower half.</summary>
internal static class Syr2k
{
    private const double Alpha = 1.5, Beta = 1.2;

    public static PolyBenchKernel Kernel { get; } = new("syr2k", [[20, 30], [1, 1], [2, 3], [11, 13], [60, 80]],
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
        });

    public static (double[,] C, double[,] A, double[,] B) Initialise(int m, int n) => (
        Make(n, n, (i, j) => (double)((i * j + 3) % n) / m),
        Make(n, m, (i, j) => (double)((i * j + 1) % n) / n),
        Make(n, m, (i, j) => (double)((i * j + 2) % m) / m));

    public static Array2D<double> Avial(Array2D<double> c, Array2D<double> a, Array2D<double> b) => Task.On(Auto).Run(c.Domain, (i, j) =>
        j <= i ? Beta * c[i, j] + Alpha * Sum(0, a.GetLength(1), k => a[j, k] * b[i, k] + b[j, k] * a[i, k]) : c[i, j]);

    public static void Plain(double[,] c, double[,] a, double[,] b)
    {
        for (int i = 0; i < c.GetLength(0); i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    sum += a[j, k] * b[i, k] + b[j, k] * a[i, k];
                }
                c[i, j] = Beta * c[i, j] + Alpha * sum;
            }
        }
    }
}
