using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>D := α·A·B·C + β·D.</summary>
internal static class TwoMM
{
    private const double Alpha = 1.5, Beta = 1.2;

    public static PolyBenchKernel Kernel { get; } = new("2mm", [[16, 18, 22, 24], [1, 1, 1, 1], [2, 1, 3, 2], [11, 7, 13, 5], [40, 50, 70, 80]],
        n =>
        {
            var (a, b, c, d) = Initialise(n[0], n[1], n[2], n[3]);
            return Flat(Avial(Array2D.From(a), Array2D.From(b), Array2D.From(c), Array2D.From(d)).ToArray());
        },
        n =>
        {
            var (a, b, c, d) = Initialise(n[0], n[1], n[2], n[3]);
            Plain(a, b, c, d);
            return Flat(d);
        });

    public static (double[,] A, double[,] B, double[,] C, double[,] D) Initialise(int ni, int nj, int nk, int nl) => (
        Make(ni, nk, (i, j) => (double)((i * j + 1) % ni) / ni),
        Make(nk, nj, (i, j) => (double)(i * (j + 1) % nj) / nj),
        Make(nj, nl, (i, j) => (double)((i * (j + 3) + 1) % nl) / nl),
        Make(ni, nl, (i, j) => (double)(i * (j + 2) % nk) / nk));

    public static Array2D<double> Avial(Array2D<double> a, Array2D<double> b, Array2D<double> c, Array2D<double> d)
    {
        Array2D<double> ab = a.MatMul(b);
        return Task.On(Auto).Run(d.Domain, (i, j) => Beta * d[i, j] + Alpha * Sum(0, c.GetLength(0), k => ab[i, k] * c[k, j]));
    }

    public static void Plain(double[,] a, double[,] b, double[,] c, double[,] d)
    {
        double[,] ab = ThreeMM.Product(a, b);
        for (int i = 0; i < d.GetLength(0); i++)
        {
            for (int j = 0; j < d.GetLength(1); j++)
            {
                double sum = 0;
                for (int k = 0; k < c.GetLength(0); k++)
                {
                    sum = Math.FusedMultiplyAdd(ab[i, k], c[k, j], sum);
                }
                d[i, j] = Beta * d[i, j] + Alpha * sum;
            }
        }
    }
}
