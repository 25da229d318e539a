using System.Runtime.InteropServices;
using Avial.Benchmarks.Baselines;
using Avial.Examples;
using Avial.Examples.Flood;

namespace Avial.Tests.Examples;

/// <summary>What must hold for the flood: rest, mass, positive depth, and the exact solutions approached at first order.</summary>
public sealed class FloodTests
{
    private const double Gravity = 9.81;

    [TestCase(10, 20)]
    [TestCase(5, 20)]
    [TestCase(2, 3)]
    public void Lakes_AtRest_StayAtRest(double cell, double seconds)
    {
        var model = Scenarios.Create("lake-at-rest", cell);

        var water = Simulation.Start(model)(seconds);

        Assert.That(water.Cells.Max(q => Math.Abs(q.Hu)), Is.LessThan(1e-10));
        Assert.That(water.Cells.Max(q => Math.Abs(q.Hv)), Is.LessThan(1e-10));
        Assert.That(water.Cells.Zip(model.Start, (now, before) => Math.Abs(now.H - before.H)).Max(), Is.LessThan(1e-12));
    }

    [TestCase("dam-break", 10, 120)]
    [TestCase("dam-break", 5, 40)]
    [TestCase("rain", 10, 300)]
    public void Water_OverTheHill_IsConservedAndNeverNegative(string scenario, double cell, double seconds)
    {
        var model = Scenarios.Create(scenario, cell);
        var advance = Simulation.Start(model);

        for (var k = 1; k <= 4; k++)
        {
            var water = advance(seconds * k / 4);
            var expected = new Balance(model.Start, model.Bed).Volume + model.Rain * water.Time * model.Bed.Width * model.Bed.Height;
            Assert.That(new Balance(water.Cells, model.Bed).Volume, Is.EqualTo(expected).Within(1e-12 * expected));
            Assert.That(water.Cells.Min(q => q.H), Is.Not.Negative);
            Assert.That(water.Cells.All(q => double.IsFinite(q.H + q.Hu + q.Hv)), Is.True);
        }
    }

    [TestCase("dam-break", 5, 20, 1)]
    [TestCase("dam-break", 5, 20, 2)]
    [TestCase("rain", 10, 200, 3)]
    public void Water_FromTasks_HasTheBitsOfPlainLoops(string scenario, double cell, double seconds, int threads)
    {
        var model = Scenarios.Create(scenario, cell);
        var bed = model.Bed;
        var loops = new FloodBaseline(bed.Values, bed.Rows, bed.Columns, bed.Cell, model.Start, model.Manning, model.Rain);
        using var session = Session.Create(options => options with { Threads = threads });
        var advance = Simulation.Start(model);

        foreach (var time in (double[])[seconds / 3, seconds])
        {
            var water = advance(time);
            loops.AdvanceTo(time);
            Assert.That(water.Steps, Is.EqualTo(loops.Steps));
            Assert.That(water.Time, Is.EqualTo(loops.Time));
            Assert.That(MemoryMarshal.AsBytes(water.Cells.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(loops.State)), Is.True);
        }
    }

    [Test]
    public void Water_FromTheInterpreter_HasTheSameBits()
    {
        var model = Scenarios.Create("dam-break", 10);
        var compiled = Simulation.Start(model)(0.5);
        using var session = Session.Create(options => options with { Engine = Engine.Interpreter });

        var interpreted = Simulation.Start(model)(0.5);

        Assert.That(interpreted.Steps, Is.EqualTo(compiled.Steps));
        Assert.That(MemoryMarshal.AsBytes(interpreted.Cells.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(compiled.Cells.AsSpan())), Is.True);
    }

    // First order where the solution is smooth; the corners of a rarefaction, a shock and a dry front cost a part of it.
    [TestCase(false, 0.60, 0.006)]
    [TestCase(true, 0.60, 0.006)]
    public void Ritter_OnFinerCells_IsApproached(bool isVertical, double order, double error) =>
        Converges(cells => DamError(cells, 0, isVertical, (x, t) => AnalyticSolutions.Ritter(x, t, 5, Gravity).H), [100, 200, 400, 800], order, error);

    [TestCase(false, 0.75, 0.0045)]
    [TestCase(true, 0.75, 0.0045)]
    public void Stoker_OnFinerCells_IsApproached(bool isVertical, double order, double error) =>
        Converges(cells => DamError(cells, 1, isVertical, (x, t) => AnalyticSolutions.Stoker(x, t, 5, 1, Gravity).H), [100, 200, 400, 800], order, error);

    [Test]
    public void ThackersPlane_OnFinerCells_IsApproached() =>
        Converges(
            cells => BowlError(
                cells,
                AnalyticSolutions.ThackerPlanarPeriod(0.1, 1, Gravity) / 4,
                (x, y, t) => AnalyticSolutions.ThackerPlanar(x, y, t, 0.1, 1, 0.5, Gravity)),
            [50, 100, 200], 0.75, 0.040);

    [Test]
    public void ThackersParaboloid_OnFinerCells_IsApproached() =>
        Converges(
            cells => BowlError(
                cells,
                AnalyticSolutions.ThackerRadialPeriod(0.1, 1, Gravity) / 2,
                (x, y, t) => AnalyticSolutions.ThackerRadial(x, y, t, 0.1, 1, 0.8, Gravity)),
            [50, 100, 200], 0.85, 0.023);

    [Test]
    public void StokersMiddleDepth_SatisfiesBothWaves()
    {
        var middle = AnalyticSolutions.StokerMiddleDepth(5, 1, Gravity);
        var behindRarefaction = AnalyticSolutions.Stoker(0, 1, 5, 1, Gravity);
        var shock = (middle - 1) * Math.Sqrt(Gravity * (middle + 1) / (2 * middle));

        Assert.That(middle, Is.InRange(1, 5));
        Assert.That(2 * (Math.Sqrt(Gravity * 5) - Math.Sqrt(Gravity * middle)), Is.EqualTo(shock).Within(1e-13));
        Assert.That(behindRarefaction.H, Is.GreaterThan(1));
    }

    private static void Converges(Func<int, double> error, int[] cells, double leastOrder, double greatestLastError)
    {
        double[] errors = [.. cells.Select(error)];
        TestContext.Out.WriteLine(string.Join(", ", cells.Zip(errors, (n, e) => $"{n} cells: {e:0.000e+00}")));
        for (var k = 1; k < errors.Length; k++)
        {
            Assert.That(Math.Log2(errors[k - 1] / errors[k]), Is.GreaterThan(leastOrder), $"order from {cells[k - 1]} to {cells[k]} cells");
        }
        Assert.That(errors[^1], Is.LessThan(greatestLastError));
    }

    // A dam in the middle of a flat channel 100 m long, 5 m of water behind it, 3 s after it gave way; L1 error relative to the water.
    private static double DamError(int cells, double before, bool isVertical, Func<double, double, double> exact)
    {
        const double Length = 100;
        const double Seconds = 3;
        const int Width = 3;
        var side = Length / cells;
        var (rows, columns) = isVertical ? (cells, Width) : (Width, cells);
        double X(int at) => ((isVertical ? at / columns : at % columns) + 0.5) * side - Length / 2;
        Cell[] start = [.. Enumerable.Range(0, rows * columns).Select(at => new Cell(X(at) < 0 ? 5 : before, 0, 0))];

        var water = Simulation.Start(new FloodModel(new Grid(rows, columns, side, new double[start.Length]), start))(Seconds);

        return water.Cells.Select((q, at) => Math.Abs(q.H - exact(X(at), Seconds))).Sum() / water.Cells.Sum(q => q.H);
    }

    private static double BowlError(int cells, double seconds, Func<double, double, double, (double H, double U, double V)> exact)
    {
        const double Length = 4;
        var side = Length / cells;
        double X(int at) => (at % cells + 0.5) * side - Length / 2;
        double Y(int at) => (at / cells + 0.5) * side - Length / 2;
        int[] all = [.. Enumerable.Range(0, cells * cells)];
        double[] bed = [.. all.Select(at => AnalyticSolutions.ThackerBed(X(at), Y(at), 0.1, 1))];
        Cell[] start = [.. all.Select(at => exact(X(at), Y(at), 0)).Select(q => new Cell(q.H, q.H * q.U, q.H * q.V))];

        var water = Simulation.Start(new FloodModel(new Grid(cells, cells, side, bed), start))(seconds);

        Assert.That(water.Cells.Min(q => q.H), Is.Not.Negative);
        return all.Sum(at => Math.Abs(water.Cells[at].H - exact(X(at), Y(at), seconds).H)) / water.Cells.Sum(q => q.H);
    }
}
