using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>The heat equation in a cube, back and forth between two arrays.</summary>
internal static class Heat3D
{
    public static PolyBenchKernel Kernel { get; } = new("heat-3d", [[20, 10], [1, 1], [2, 2], [3, 3], [5, 11], [10, 20]],
        n =>
        {
            Array3D<double> a = Array3D.From(Initialise(n[1]));
            return Flat(Avial(n[0], a, a).ToArray());
        },
        n =>
        {
            double[,,] a = Initialise(n[1]);
            Plain(n[0], a, Initialise(n[1]));
            return Flat(a);
        });

    public static double[,,] Initialise(int n) => Make(n, n, n, (i, j, k) => (double)(i + j + (n - k)) * 10 / n);

    public static Array3D<double> Avial(int steps, Array3D<double> a, Array3D<double> b) => Task.Repeat(steps, (A: a, B: b), s =>
    {
        Array3D<double> next = Step(s.A).Over(s.B);
        return (Step(next).Over(s.A), next);
    }).A;

    public static void Plain(int steps, double[,,] a, double[,,] b)
    {
        for (int t = 0; t < steps; t++)
        {
            Advance(a, b);
            Advance(b, a);
        }
    }

    private static Array3D<double> Step(Array3D<double> x) => Task.On(Auto).Run(x.Interior(1), (i, j, k) =>
        0.125 * (x[i + 1, j, k] - 2.0 * x[i, j, k] + x[i - 1, j, k])
        + 0.125 * (x[i, j + 1, k] - 2.0 * x[i, j, k] + x[i, j - 1, k])
        + 0.125 * (x[i, j, k + 1] - 2.0 * x[i, j, k] + x[i, j, k - 1])
        + x[i, j, k]);

    private static void Advance(double[,,] x, double[,,] to)
    {
        int n = x.GetLength(0);
        for (int i = 1; i < n - 1; i++)
        {
            for (int j = 1; j < n - 1; j++)
            {
                for (int k = 1; k < n - 1; k++)
                {
                    to[i, j, k] = 0.125 * (x[i + 1, j, k] - 2.0 * x[i, j, k] + x[i - 1, j, k])
                        + 0.125 * (x[i, j + 1, k] - 2.0 * x[i, j, k] + x[i, j - 1, k])
                        + 0.125 * (x[i, j, k + 1] - 2.0 * x[i, j, k] + x[i, j, k - 1])
                        + x[i, j, k];
                }
            }
        }
    }
}
