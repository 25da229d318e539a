using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>Means of nine neighbours, in place and in order.</summary>
internal static class Seidel2D
{
    public static PolyBenchKernel Kernel { get; } = new("seidel-2d", [[20, 40], [1, 1], [2, 2], [5, 3], [7, 23], [10, 60]],
        n => Flat(Avial(n[0], Array2D.From(Initialise(n[1]))).ToArray()),
        n =>
        {
            double[,] a = Initialise(n[1]);
            Plain(n[0], a);
            return Flat(a);
        });

    public static double[,] Initialise(int n) => Make(n, n, (i, j) => ((double)i * (j + 2) + 2) / n);

    public static Array2D<double> Avial(int steps, Array2D<double> a) => Task.Repeat(steps, a, s => Task.On(Auto).Sweep(s, s.Interior(1), (x, i, j) =>
        (x[i - 1, j - 1] + x[i - 1, j] + x[i - 1, j + 1] + x[i, j - 1] + x[i, j] + x[i, j + 1] + x[i + 1, j - 1] + x[i + 1, j] + x[i + 1, j + 1]) / 9.0));

    public static void Plain(int steps, double[,] a)
    {
        int n = a.GetLength(0);
        for (int t = 0; t < steps; t++)
        {
            for (int i = 1; i < n - 1; i++)
            {
                for (int j = 1; j < n - 1; j++)
                {
                    a[i, j] = (a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1] + a[i, j - 1] + a[i, j] + a[i, j + 1] + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]) / 9.0;
                }
            }
        }
    }
}
