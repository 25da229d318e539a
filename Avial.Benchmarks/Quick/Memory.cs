using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>The memory of a Jacobi loop: two arrays, whatever the number of steps.</summary>
internal static class Memory
{
    public static Table Run()
    {
        var table = new Table("memory", "Peak memory of a Jacobi loop", "Work", "Peak", "Two arrays", "Ratio", "Aim");
        using Session session = Session.Create(o => o with { Profile = true });
        foreach (int steps in new[] { 1, 10, 100 })
        {
            const int n = 1000;
            Array2D<double> start = Task.On(Cpu).Run((n, n), (i, j) => i == 0 ? 1.0 : 0.0);
            using Array2D<double> end = Task.Repeat(steps, start, x => Task.On(Cpu)
                .Run(x.Interior(1), (i, j) => 0.25 * (x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1])).Over(x));
            Compute.Evaluate(end);
            long peak = session.LastProfile.PeakBytes, two = 2L * n * n * sizeof(double);
            table.Add($"{steps} steps on {n}×{n} doubles", $"{peak} B", $"{two} B", Table.Number(peak / (double)two, "0.000"), "1.01");
        }
        return table;
    }
}
