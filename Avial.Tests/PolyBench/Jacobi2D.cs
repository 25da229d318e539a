using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>Means of five neighbours, back and forth between two arrays.</summary>
internal static class Jacobi2D
{
    public static PolyBenchKernel Kernel { get; } = new("jacobi-2d", [[20, 30], [1, 1], [2, 2], [5, 3], [7, 23], [20, 90]],
        n =>
        {
            var (a, b) = Initialise(n[1]);
            return Flat(Avial(n[0], Array2D.From(a), Array2D.From(b)).ToArray());
        },
        n =>
        {
            var (a, b) = Initialise(n[1]);
            Plain(n[0], a, b);
            return Flat(a);
        });

    public static (double[,] A, double[,] B) Initialise(int n) => (
        Make(n, n, (i, j) => ((double)i * (j + 2) + 2) / n),
        Make(n, n, (i, j) => ((double)i * (j + 3) + 3) / n));

    public static Array2D<double> Avial(int steps, Array2D<double> a, Array2D<double> b) => Task.Repeat(steps, (A: a, B: b), s =>
    {
        Array2D<double> next = Mean(s.A).Over(s.B);
        return (Mean(next).Over(s.A), next);
    }).A;

    public static void Plain(int steps, double[,] a, double[,] b)
    {
        for (int t = 0; t < steps; t++)
        {
            Average(a, b);
            Average(b, a);
        }
    }

    private static Array2D<double> Mean(Array2D<double> x) =>
        Task.On(Auto).Run(x.Interior(1), (i, j) => 0.2 * (x[i, j] + x[i, j - 1] + x[i, j + 1] + x[i + 1, j] + x[i - 1, j]));

    private static void Average(double[,] from, double[,] to)
    {
        int n = from.GetLength(0);
        for (int i = 1; i < n - 1; i++)
        {
            for (int j = 1; j < n - 1; j++)
            {
                to[i, j] = 0.2 * (from[i, j] + from[i, j - 1] + from[i, j + 1] + from[i + 1, j] + from[i - 1, j]);
            }
        }
    }
}
