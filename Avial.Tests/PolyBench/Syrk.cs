using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>C := α·A·Aᵀ + β·C on the lower half.</summary>
internal static class Syrk
{
    private const double Alpha = 1.5, Beta = 1.2;

    public static PolyBenchKernel Kernel { get; } = new("syrk", [[20, 30], [1, 1], [2, 3], [11, 13], [60, 80]],
        n =>
        {
            var (c, a) = Initialise(n[0], n[1]);
            return Flat(Avial(Array2D.From(c), Array2D.From(a)).ToArray());
        },
        n =>
        {
            var (c, a) = Initialise(n[0], n[1]);
            Plain(c, a);
            return Flat(c);
        });

    public static (double[,] C, double[,] A) Initialise(int m, int n) => (
        Make(n, n, (i, j) => (double)((i * j + 2) % m) / m),
        Make(n, m, (i, j) => (double)((i * j + 1) % n) / n));

    public static Array2D<double> Avial(Array2D<double> c, Array2D<double> a) => Task.On(Auto).Run(c.Domain, (i, j) =>
        j <= i ? Beta * c[i, j] + Alpha * Sum(0, a.GetLength(1), k => a[i, k] * a[j, k]) : c[i, j]);

    public static void Plain(double[,] c, double[,] a)
    {
        for (int i = 0; i < c.GetLength(0); i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    sum = Math.FusedMultiplyAdd(a[i, k], a[j, k], sum);
                }
                c[i, j] = Beta * c[i, j] + Alpha * sum;
            }
        }
    }
}
