using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>The x with L·x = b for a lower triangular L.</summary>
internal static class Trisolv
{
    public static PolyBenchKernel Kernel { get; } = new("trisolv", [[40], [1], [2], [37], [251]],
        n =>
        {
            var (l, b) = Initialise(n[0]);
            return Avial(Array2D.From(l), Array1D.From(b)).ToArray();
        },
        n =>
        {
            var (l, b) = Initialise(n[0]);
            return Plain(l, b);
        });

    public static (double[,] L, double[] B) Initialise(int n) => (
        Make(n, n, (i, j) => j <= i ? (double)(i + n - j + 1) * 2 / n : 0),
        Make(n, i => i));

    public static Array1D<double> Avial(Array2D<double> l, Array1D<double> b) =>
        Task.On(Auto).Sweep(b, b.Domain, (x, i) => (b[i] - Sum(0, i, j => l[i, j] * x[j])) / l[i, i]);

    public static double[] Plain(double[,] l, double[] b)
    {
        var x = new double[b.Length];
        for (int i = 0; i < b.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < i; j++)
            {
                sum = Math.FusedMultiplyAdd(l[i, j], x[j], sum);
            }
            x[i] = (b[i] - sum) / l[i, i];
        }
        return x;
    }
}
