using Avial.Benchmarks.Baselines;
using Avial.Examples.Flood;

namespace Avial.Benchmarks.Quick;

/// <summary>The flood of the main example beside the same scheme as plain C# loops, which compute each face once.</summary>
internal static class Flood
{
    private const double Seconds = 1;

    public static Table Run()
    {
        var table = new Table("flood", "One second of the flood, one thread", "Work", "Avial", "Plain C#", "Ratio", "Million cells a second, Avial");
        using Session session = Session.Create(o => o with { Threads = 1 });
        foreach (double cell in new[] { 5.0, 2.0 })
        {
            FloodModel model = Scenarios.Create("dam-break", cell);
            double cellSteps = 0;
            double[] best = Timing.Best(
                () => cellSteps = Simulation.Start(model)(Seconds).Steps * (double)model.Start.Length,
                () => Baseline(model).AdvanceTo(Seconds));
            table.Compare($"{model.Bed.Rows}×{model.Bed.Columns} cells of {Table.Number(cell, "0.#")} m", best[0], best[1], Table.Number(cellSteps / best[0] / 1e6, "0.0"));
        }
        return table;
    }

    private static FloodBaseline Baseline(FloodModel model) =>
        new(model.Bed.Values, model.Bed.Rows, model.Bed.Columns, model.Bed.Cell, model.Start, model.Manning, model.Rain);
}
