using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>C := A + B, element by element. PolyBench has no such kernel: these are the initial values of gemm's matrices.</summary>
internal static class Add2D
{
    public static PolyBenchKernel Kernel { get; } = new("add2d", [[30, 40], [1, 1], [2, 1], [31, 17], [130, 150]],
        n =>
        {
            var (a, b) = Initialise(n[0], n[1]);
            return Flat(Avial(Array2D.From(a), Array2D.From(b)).ToArray());
        },
        n =>
        {
            var (a, b) = Initialise(n[0], n[1]);
            return Flat(Plain(a, b));
        });

    public static (double[,] A, double[,] B) Initialise(int n, int m) => (
        Make(n, m, (i, j) => (double)(i * (j + 1) % m) / m),
        Make(n, m, (i, j) => (double)(i * (j + 2) % n) / n));

    public static Array2D<double> Avial(Array2D<double> a, Array2D<double> b) => a + b;

    public static double[,] Plain(double[,] a, double[,] b)
    {
        var c = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                c[i, j] = a[i, j] + b[i, j];
            }
        }
        return c;
    }
}
