using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>B := α·Aᵀ·B for a lower triangular A whose diagonal is 1.</summary>
internal static class Trmm
{
    private const double Alpha = 1.5;

    public static PolyBenchKernel Kernel { get; } = new("trmm", [[20, 30], [1, 1], [2, 1], [23, 7], [60, 80]],
        n =>
        {
            var (a, b) = Initialise(n[0], n[1]);
            return Flat(Avial(Array2D.From(a), Array2D.From(b)).ToArray());
        },
        n =>
        {
            var (a, b) = Initialise(n[0], n[1]);
            Plain(a, b);
            return Flat(b);
        });

    public static (double[,] A, double[,] B) Initialise(int m, int n) => (
        Make(m, m, (i, j) => j < i ? (double)((i + j) % m) / m : i == j ? 1 : 0),
        Make(m, n, (i, j) => (double)((n + (i - j)) % n) / n));

    public static Array2D<double> Avial(Array2D<double> a, Array2D<double> b) =>
        Task.On(Auto).Run(b.Domain, (i, j) => Alpha * (b[i, j] + Sum(i + 1, a.GetLength(0), k => a[k, i] * b[k, j])));

    public static void Plain(double[,] a, double[,] b)
    {
        for (int i = 0; i < b.GetLength(0); i++)
        {
            for (int j = 0; j < b.GetLength(1); j++)
            {
                double sum = 0;
                for (int k = i + 1; k < b.GetLength(0); k++)
                {
                    sum = Math.FusedMultiplyAdd(a[k, i], b[k, j], sum);
                }
                b[i, j] = Alpha * (b[i, j] + sum);
            }
        }
    }
}
