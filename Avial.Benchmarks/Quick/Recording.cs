using System.Linq.Expressions;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>What recording a five-point body costs, apart from the tree that the C# compiler's code builds before Avial is entered.</summary>
internal static class Recording
{
    private const int Kept = 20_000;

    public static Table Run()
    {
        var table = new Table("recording", "Recording a task with a five-point body", "What", "Measured", "Aim");
        Array2D<float> x = Array2D.Fill((64, 64), 1f);
        float weight = 0.25f;
        double[] best = Timing.Best(() => Tree(x, weight), () => Task(x, weight));
        table.Add("the expression tree, built by the C# compiler's code", Table.Time(best[0]), "");
        table.Add("tree and recording", Table.Time(best[1]), "");
        table.Add("Avial's own part", Table.Time(best[1] - best[0]), "3 µs + 0.1 µs a node");
        table.Add("kept a task", $"{BytesKept(x, weight)} B", "1.5 KB");
        return table;
    }

    private static long BytesKept(Array2D<float> x, float weight)
    {
        var tasks = new Array2D<float>[Kept];
        long before = GC.GetTotalMemory(true);
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task(x, weight);
        }
        long after = GC.GetTotalMemory(true);
        GC.KeepAlive(tasks);
        return (after - before) / Kept;
    }

    private static Expression<Func<long, long, float>> Tree(Array2D<float> x, float weight) =>
        (i, j) => x[i, j] + weight * (x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1]);

    private static Array2D<float> Task(Array2D<float> x, float weight) => System.Threading.Tasks.Task.On(Cpu).Run(x.Interior(1),
        (i, j) => x[i, j] + weight * (x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1])).Over(x);
}
