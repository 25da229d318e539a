using static Avial.Targets;
using static Avial.Tests.PolyBench.Rows;

namespace Avial.Tests.PolyBench;

/// <summary>The shortest paths between all pairs of nodes.</summary>
internal static class FloydWarshall
{
    public static PolyBenchKernel Kernel { get; } = new("floyd-warshall", [[60], [1], [2], [23], [97]],
        n => Flat(Avial(Array2D.From(Initialise(n[0]))).ToArray()),
        n =>
        {
            int[,] path = Initialise(n[0]);
            Plain(path);
            return Flat(path);
        });

    public static int[,] Initialise(int n) => Library.Samples.Make(n, n, (i, j) => (i + j) % 13 == 0 || (i + j) % 7 == 0 || (i + j) % 11 == 0 ? 999 : i * j % 7 + 1);

    public static Array2D<int> Avial(Array2D<int> path) => Task.Repeat(path.GetLength(0), path, (d, k) =>
        Task.On(Auto).Run(d.Domain, (i, j) => Math.Min(d[i, j], d[i, k] + d[k, j])));

    public static void Plain(int[,] path)
    {
        int n = path.GetLength(0);
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    path[i, j] = Math.Min(path[i, j], path[i, k] + path[k, j]);
                }
            }
        }
    }
}
