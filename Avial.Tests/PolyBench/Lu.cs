using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>A = L·U in place, without pivots.</summary>
internal static class Lu
{
    public static PolyBenchKernel Kernel { get; } = new("lu", [[40], [1], [2], [3], [23], [89]],
        n => Flat(Avial(Array2D.From(Initialise(n[0]))).ToArray()),
        n =>
        {
            double[,] a = Initialise(n[0]);
            Plain(a);
            return Flat(a);
        });

    /// <summary>A positive definite matrix: the product of a lower triangular one and its transpose.</summary>
    public static double[,] Initialise(int n)
    {
        double[,] lower = Make(n, n, (i, j) => j < i ? (double)-j / n + 1 : i == j ? 1 : 0);
        return Make(n, n, (i, j) => Enumerable.Range(0, n).Sum(k => lower[i, k] * lower[j, k]));
    }

    public static Array2D<double> Avial(Array2D<double> matrix)
    {
        long n = matrix.GetLength(0);
        return Task.Repeat(n, matrix, (a, k) =>
        {
            Domain1D after = new(k + 1, n);
            Array2D<double> scaled = Task.On(Auto).Run(new Domain2D(after, new(k, k + 1)), (i, j) => a[i, j] / a[k, k]).Over(a);
            return Task.On(Auto).Run(new Domain2D(after, after), (i, j) => scaled[i, j] - scaled[i, k] * scaled[k, j]).Over(scaled);
        });
    }

    public static void Plain(double[,] a)
    {
        int n = a.GetLength(0);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                for (int k = 0; k < j; k++)
                {
                    a[i, j] -= a[i, k] * a[k, j];
                }
                a[i, j] /= a[j, j];
            }
            for (int j = i; j < n; j++)
            {
                for (int k = 0; k < i; k++)
                {
                    a[i, j] -= a[i, k] * a[k, j];
                }
            }
        }
    }
}
