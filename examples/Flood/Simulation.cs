using static Avial.Examples.Flood.ShallowWater;
using static Avial.Targets;

namespace Avial.Examples.Flood;

/// <summary>The water at a time, and the steps it took to get there.</summary>
public sealed record Water(Cell[] Cells, double Time, long Steps);

/// <summary>The flood as tasks.</summary>
public static class Simulation
{
    /// <summary>What computes, in words.</summary>
    public static string Where
    {
        get
        {
            SessionOptions options = Session.Current.Options;
            string threads = $"{options.Threads} {(options.Threads == 1 ? "thread" : "threads")}";
            return options.Engine switch
            {
                Engine.Llvm => $"cpu, {threads} of code compiled through LLVM",
                Engine.Managed => $"cpu, {threads} of managed code",
                _ => $"cpu, {options.Engine}",
            };
        }
    }

    /// <summary>Starts a flood. The function returned advances the water to a time in seconds after the start; times must not fall.</summary>
    public static Func<double, Water> Start(FloodModel model)
    {
        Domain2D ground = (model.Bed.Rows, model.Bed.Columns);
        var bed = Array2D.From<double>(model.Bed.Values, ground);
        var water = Array2D.From<Cell>(model.Start, ground);
        var (now, done) = (0.0, 0L);
        return until =>
        {
            if (now < until)
            {
                var (after, steps) = Advance(water, bed, model, now, until);
                Compute.Evaluate(after, steps);
                (water, now, done) = (after, until, done + steps);
            }
            var cells = new Cell[model.Start.Length];
            water.CopyTo(cells);
            return new Water(cells, now, done);
        };
    }

    /// <summary>The plan of the first part of a flood; computes nothing.</summary>
    public static string Explain(FloodModel model)
    {
        Domain2D ground = (model.Bed.Rows, model.Bed.Columns);
        var (water, steps) = Advance(Array2D.From<Cell>(model.Start, ground), Array2D.From<double>(model.Bed.Values, ground), model, 0, 1);
        return Plan.For(water, steps).Explain();
    }

    /// <summary>The water at <paramref name="until"/> seconds and the number of steps from <paramref name="now"/>; nothing runs until they are asked for.</summary>
    public static (Array2D<Cell> Water, Scalar<long> Steps) Advance(Array2D<Cell> water, Array2D<double> bed, FloodModel model, double now, double until)
    {
        var (end, steps) = Task.RepeatUntil(
            (Water: water, Time: Scalar.Of(now)),
            (state, _) => Step(state.Water, state.Time, bed, model, until),
            state => state.Time >= until);
        return (end.Water, steps);
    }

    // What crosses a face is computed once and kept: what leaves one cell enters the next to the last bit. Behind the walls around the ground
    // stands the mirror image of the cell before them, on the same bed.
    private static (Array2D<Cell> Water, Scalar<double> Time) Step(Array2D<Cell> q, Scalar<double> time, Array2D<double> z, FloodModel model, double until)
    {
        var (cell, manning, rain) = (model.Bed.Cell, model.Manning, model.Rain);
        var (rows, columns) = (q.GetLength(0), q.GetLength(1));
        var fastest = Task.On(Auto).Named("fastest wave").Reduce(q.Domain, (i, j) => Wave(q[i, j]), Reduction.Max);
        var dt = Task.On(Auto).Named("time step").Run(() => TimeStep(fastest, until - time, cell));
        var right = Task.On(Auto).Named("faces between columns").Run((rows, columns + 1), (i, j) => FaceRight(
            j > 0 ? q[i, j - 1] : MirrorRight(q[i, j]), z.Clamp[i, j - 1],
            j < columns ? q[i, j] : MirrorRight(q[i, j - 1]), z.Clamp[i, j]));
        var down = Task.On(Auto).Named("faces between rows").Run((rows + 1, columns), (i, j) => FaceDown(
            i > 0 ? q[i - 1, j] : MirrorDown(q[i, j]), z.Clamp[i - 1, j],
            i < rows ? q[i, j] : MirrorDown(q[i - 1, j]), z.Clamp[i, j]));
        var next = Task.On(Auto).Named("balance").Run(q.Domain, (i, j) => Friction(
            Shower(Balance(q[i, j], right[i, j], right[i, j + 1], down[i, j], down[i + 1, j], dt / cell), dt * rain), dt, manning));
        return (next, Task.On(Auto).Named("time").Run(() => time + dt < until ? time + dt : until));
    }
}
