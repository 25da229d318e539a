using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>A[r, q, ·] := A[r, q, ·]·C for all r and q.</summary>
internal static class Doitgen
{
    public static PolyBenchKernel Kernel { get; } = new("doitgen", [[8, 10, 12], [1, 1, 1], [2, 1, 2], [3, 11, 7], [20, 25, 30]],
        n =>
        {
            var (a, c) = Initialise(n[0], n[1], n[2]);
            return Flat(Avial(Array3D.From(a), Array2D.From(c)).ToArray());
        },
        n =>
        {
            var (a, c) = Initialise(n[0], n[1], n[2]);
            Plain(a, c);
            return Flat(a);
        });

    public static (double[,,] A, double[,] C) Initialise(int nq, int nr, int np) => (
        Make(nr, nq, np, (i, j, k) => (double)((i * j + k) % np) / np),
        Make(np, np, (i, j) => (double)(i * j % np) / np));

    public static Array3D<double> Avial(Array3D<double> a, Array2D<double> c) =>
        Task.On(Auto).Run(a.Domain, (r, q, p) => Sum(0, c.GetLength(0), s => a[r, q, s] * c[s, p]));

    public static void Plain(double[,,] a, double[,] c)
    {
        int np = c.GetLength(0);
        var sum = new double[np];
        for (int r = 0; r < a.GetLength(0); r++)
        {
            for (int q = 0; q < a.GetLength(1); q++)
            {
                for (int p = 0; p < np; p++)
                {
                    sum[p] = 0;
                    for (int s = 0; s < np; s++)
                    {
                        sum[p] = Math.FusedMultiplyAdd(a[r, q, s], c[s, p], sum[p]);
                    }
                }
                for (int p = 0; p < np; p++)
                {
                    a[r, q, p] = sum[p];
                }
            }
        }
    }
}
