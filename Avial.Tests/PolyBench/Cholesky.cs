using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>A = L·Lᵀ in place, on the lower half.</summary>
internal static class Cholesky
{
    public static PolyBenchKernel Kernel { get; } = new("cholesky", [[40], [1], [2], [3], [23], [89]],
        n => Flat(Avial(Array2D.From(Lu.Initialise(n[0]))).ToArray()),
        n =>
        {
            double[,] a = Lu.Initialise(n[0]);
            Plain(a);
            return Flat(a);
        });

    public static Array2D<double> Avial(Array2D<double> matrix)
    {
        long n = matrix.GetLength(0);
        return Task.Repeat(n, matrix, (a, k) =>
        {
            Domain1D here = new(k, k + 1), after = new(k + 1, n);
            Array2D<double> rooted = Task.On(Auto).Run(new Domain2D(here, here), (i, j) => Math.Sqrt(a[i, j])).Over(a);
            Array2D<double> scaled = Task.On(Auto).Run(new Domain2D(after, here), (i, j) => rooted[i, j] / rooted[k, k]).Over(rooted);
            return Task.On(Auto).Run(new Domain2D(after, after), (i, j) => j <= i ? scaled[i, j] - scaled[i, k] * scaled[j, k] : scaled[i, j]).Over(scaled);
        });
    }

    public static void Plain(double[,] a)
    {
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < i; j++)
            {
                for (int k = 0; k < j; k++)
                {
                    a[i, j] -= a[i, k] * a[j, k];
                }
                a[i, j] /= a[j, j];
            }
            for (int k = 0; k < i; k++)
            {
                a[i, i] -= a[i, k] * a[i, k];
            }
            a[i, i] = Math.Sqrt(a[i, i]);
        }
    }
}
