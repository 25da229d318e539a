using Avial.Benchmarks.Baselines;

namespace Avial.Examples.Flood;

/// <summary>The water at a time, the steps it took to get there, and what computed it.</summary>
public sealed record Water(Cell[] Cells, double Time, long Steps);

/// <summary>Computes floods.</summary>
public static class Simulation
{
    /// <summary>What computes, in words.</summary>
    public static string Where => "plain C# loops on one thread";

    /// <summary>Starts a flood. The function returned advances the water to a time in seconds after the start; times must not fall.</summary>
    public static Func<double, Water> Start(FloodModel model)
    {
        var bed = model.Bed;
        var flood = new FloodBaseline(bed.Values, bed.Rows, bed.Columns, bed.Cell, model.Start, model.Manning, model.Rain);
        return time =>
        {
            flood.AdvanceTo(time);
            return new Water(flood.State.ToArray(), flood.Time, flood.Steps);
        };
    }
}
