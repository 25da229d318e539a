using static Avial.KernelMath;
using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>The most pairs of bases in a folded RNA sequence: a table over intervals, from the shortest up.</summary>
internal static class Nussinov
{
    public static PolyBenchKernel Kernel { get; } = new("nussinov", [[60], [1], [2], [3], [23], [97]],
        n => Flat(Avial(Array1D.From(Initialise(n[0]))).ToArray()),
        n => Flat(Plain(Initialise(n[0]))));

    public static int[] Initialise(int n) => [.. Enumerable.Range(0, n).Select(i => (i + 1) % 4)];

    public static Array2D<int> Avial(Array1D<int> bases)
    {
        long n = bases.Length;
        return Task.On(Auto).Sweep(Array2D.Fill((n, n), 0), new Domain2D(bases.Domain.Reversed, n), (most, i, j) => j <= i ? 0 : Fold(i, j,
            most[i + 1, j - 1] + (i + 1 < j && bases[i] + bases[j] == 3 ? 1 : 0),
            (best, k) => Math.Max(best, most[i, k] + most[k + 1, j])));
    }

    public static int[,] Plain(int[] bases)
    {
        int n = bases.Length;
        var most = new int[n, n];
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
            {
                int best = Math.Max(most[i, j - 1], most[i + 1, j]);
                best = Math.Max(best, most[i + 1, j - 1] + (i < j - 1 && bases[i] + bases[j] == 3 ? 1 : 0));
                for (int k = i + 1; k < j; k++)
                {
                    best = Math.Max(best, most[i, k] + most[k + 1, j]);
                }
                most[i, j] = best;
            }
        }
        return most;
    }
}
