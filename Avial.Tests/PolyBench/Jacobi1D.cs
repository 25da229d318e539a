using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>Means of three neighbours, back and forth between two arrays.</summary>
internal static class Jacobi1D
{
    public static PolyBenchKernel Kernel { get; } = new("jacobi-1d", [[20, 30], [1, 1], [3, 2], [7, 3], [13, 31], [40, 400]],
        n =>
        {
            var (a, b) = Initialise(n[1]);
            return Flat(Avial(n[0], Array1D.From(a), Array1D.From(b)).ToArray());
        },
        n =>
        {
            var (a, b) = Initialise(n[1]);
            Plain(n[0], a, b);
            return a;
        });

    public static (double[] A, double[] B) Initialise(int n) => (Make(n, i => (double)(i + 2) / n), Make(n, i => (double)(i + 3) / n));

    public static Array1D<double> Avial(int steps, Array1D<double> a, Array1D<double> b) => Task.Repeat(steps, (A: a, B: b), s =>
    {
        Array1D<double> next = Mean(s.A).Over(s.B);
        return (Mean(next).Over(s.A), next);
    }).A;

    public static void Plain(int steps, double[] a, double[] b)
    {
        for (int t = 0; t < steps; t++)
        {
            for (int i = 1; i < a.Length - 1; i++)
            {
                b[i] = 0.33333 * (a[i - 1] + a[i] + a[i + 1]);
            }
            for (int i = 1; i < a.Length - 1; i++)
            {
                a[i] = 0.33333 * (b[i - 1] + b[i] + b[i + 1]);
            }
        }
    }

    private static Array1D<double> Mean(Array1D<double> x) => Task.On(Auto).Run(x.Interior(1), i => 0.33333 * (x[i - 1] + x[i] + x[i + 1]));
}
