using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>G := (A·B)·(C·D).</summary>
internal static class ThreeMM
{
    public static PolyBenchKernel Kernel { get; } = new("3mm", [[16, 18, 20, 22, 24], [1, 1, 1, 1, 1], [2, 1, 2, 3, 1], [5, 11, 7, 13, 3], [40, 50, 60, 70, 80]],
        n =>
        {
            var (a, b, c, d) = Initialise(n[0], n[1], n[2], n[3], n[4]);
            return Flat(Avial(Array2D.From(a), Array2D.From(b), Array2D.From(c), Array2D.From(d)).ToArray());
        },
        n =>
        {
            var (a, b, c, d) = Initialise(n[0], n[1], n[2], n[3], n[4]);
            return Flat(Plain(a, b, c, d));
        });

    public static (double[,] A, double[,] B, double[,] C, double[,] D) Initialise(int ni, int nj, int nk, int nl, int nm) => (
        Make(ni, nk, (i, j) => (double)((i * j + 1) % ni) / (5 * ni)),
        Make(nk, nj, (i, j) => (double)((i * (j + 1) + 2) % nj) / (5 * nj)),
        Make(nj, nm, (i, j) => (double)(i * (j + 3) % nl) / (5 * nl)),
        Make(nm, nl, (i, j) => (double)((i * (j + 2) + 2) % nk) / (5 * nk)));

    public static Array2D<double> Avial(Array2D<double> a, Array2D<double> b, Array2D<double> c, Array2D<double> d) => a.MatMul(b).MatMul(c.MatMul(d));

    public static double[,] Plain(double[,] a, double[,] b, double[,] c, double[,] d) => Product(Product(a, b), Product(c, d));

    public static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < product.GetLength(0); i++)
        {
            for (int j = 0; j < product.GetLength(1); j++)
            {
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    product[i, j] = Math.FusedMultiplyAdd(a[i, k], b[k, j], product[i, j]);
                }
            }
        }
        return product;
    }
}
