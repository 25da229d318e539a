using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>C := α·A·B + β·C.</summary>
internal static class Gemm
{
    private const double Alpha = 1.5, Beta = 1.2;

    public static PolyBenchKernel Kernel { get; } = new("gemm", [[20, 25, 30], [1, 1, 1], [1, 2, 3], [7, 13, 5], [60, 70, 80]],
        n =>
        {
            var (c, a, b) = Initialise(n[0], n[1], n[2]);
            return Flat(Avial(Array2D.From(c), Array2D.From(a), Array2D.From(b)).ToArray());
        },
        n =>
        {
            var (c, a, b) = Initialise(n[0], n[1], n[2]);
            Plain(c, a, b);
            return Flat(c);
        });

    public static (double[,] C, double[,] A, double[,] B) Initialise(int ni, int nj, int nk) => (
        Make(ni, nj, (i, j) => (double)((i * j + 1) % ni) / ni),
        Make(ni, nk, (i, j) => (double)(i * (j + 1) % nk) / nk),
        Make(nk, nj, (i, j) => (double)(i * (j + 2) % nj) / nj));

    public static Array2D<double> Avial(Array2D<double> c, Array2D<double> a, Array2D<double> b) =>
        Task.On(Auto).Run(c.Domain, (i, j) => Beta * c[i, j] + Alpha * Sum(0, a.GetLength(1), k => a[i, k] * b[k, j]));

    public static void Plain(double[,] c, double[,] a, double[,] b)
    {
        for (int i = 0; i < c.GetLength(0); i++)
        {
            for (int j = 0; j < c.GetLength(1); j++)
            {
                double sum = 0;
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    sum = Math.FusedMultiplyAdd(a[i, k], b[k, j], sum);
                }
                c[i, j] = Beta * c[i, j] + Alpha * sum;
            }
        }
    }
}
