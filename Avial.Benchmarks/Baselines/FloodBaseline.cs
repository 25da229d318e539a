using Avial.Examples.Flood;

namespace Avial.Benchmarks.Baselines;

/// <summary>
/// The shallow-water equations as plain C# loops on one thread: what Avial's flood is measured against, and checked against.
/// </summary>
/// <remarks>
/// First-order finite volumes with the hydrostatic reconstruction of E. Audusse, F. Bouchut, M.-O. Bristeau, R. Klein and
/// B. Perthame, "A fast and stable well-balanced scheme with hydrostatic reconstruction for shallow water flows", SIAM J. Sci.
/// Comput. 25 (2004) 2050–2065; the flux of A. Harten, P. Lax and B. van Leer (1983) with the wave speeds of B. Einfeldt (1988)
/// and, beside dry ground, of the exact dry front; semi-implicit Manning friction; reflecting walls around the domain.
/// Every function is one expression without statements, so that it can be a body of a task word for word.
/// </remarks>
public sealed class FloodBaseline
{
    /// <summary>Gravity in m/s².</summary>
    public const double Gravity = 9.81;

    /// <summary>Below this depth in metres water has no velocity: a quotient of two roundings is no speed.</summary>
    public const double Dry = 1e-8;

    /// <summary>The longest step in seconds, for ground that is still dry.</summary>
    public const double LongestStep = 1;

    /// <summary>
    /// Time step × fastest wave ÷ cell. A face lets out at most (fastest wave × depth), a cell has four: at a quarter the depth stays positive.
    /// </summary>
    public const double Courant = 0.25;

    private readonly double[] _bed;
    private readonly int _rows;
    private readonly int _columns;
    private readonly double _cell;
    private readonly double _manning;
    private readonly double _rain;
    private readonly Face[] _above;
    private Cell[] _state;
    private Cell[] _next;

    /// <summary>Starts from <paramref name="start"/>, row by row, over <paramref name="bed"/>; cells are squares of <paramref name="cell"/> metres.</summary>
    public FloodBaseline(double[] bed, int rows, int columns, double cell, Cell[] start, double manning = 0, double rain = 0)
    {
        if (bed.Length != rows * columns || start.Length != bed.Length)
        {
            throw new ArgumentException($"{rows} × {columns} cells need as many beds and states, got {bed.Length} and {start.Length}.", nameof(bed));
        }
        (_bed, _rows, _columns, _cell, _manning, _rain) = (bed, rows, columns, cell, manning, rain);
        (_state, _next, _above) = ([.. start], new Cell[start.Length], new Face[columns]);
    }

    /// <summary>The water now, row by row.</summary>
    public ReadOnlySpan<Cell> State => _state;

    /// <summary>Seconds since the start.</summary>
    public double Time { get; private set; }

    /// <summary>Steps since the start.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps until <paramref name="time"/> seconds after the start, exactly.</summary>
    public void AdvanceTo(double time)
    {
        while (Time < time)
        {
            var dt = TimeStep(FastestWave(), time - Time, _cell);
            Step(dt);
            Time = Time + dt < time ? Time + dt : time;
            Steps++;
        }
    }

    private double FastestWave()
    {
        var fastest = 0.0;
        foreach (var cell in _state) fastest = Math.Max(fastest, Wave(cell));
        return fastest;
    }

    // Each face is computed once: the cell to the right and the cell below find the face of their neighbour. The numbers are
    // those of computing all four faces for each cell, for both neighbours call the same function with the same arguments.
    private void Step(double dt)
    {
        var ratio = dt / _cell;
        var shower = dt * _rain;
        for (var j = 0; j < _columns; j++) _above[j] = FaceDown(MirrorDown(_state[j]), _bed[j], _state[j], _bed[j]);
        for (var i = 0; i < _rows; i++)
        {
            var row = i * _columns;
            var left = FaceRight(MirrorRight(_state[row]), _bed[row], _state[row], _bed[row]);
            for (var j = 0; j < _columns; j++)
            {
                var at = row + j;
                var (here, z) = (_state[at], _bed[at]);
                var right = j + 1 < _columns ? FaceRight(here, z, _state[at + 1], _bed[at + 1]) : FaceRight(here, z, MirrorRight(here), z);
                var below = i + 1 < _rows ? FaceDown(here, z, _state[at + _columns], _bed[at + _columns]) : FaceDown(here, z, MirrorDown(here), z);
                _next[at] = Friction(Balance(here, left, right, _above[j], below, ratio, shower), dt, _manning);
                left = right;
                _above[j] = below;
            }
        }
        (_state, _next) = (_next, _state);
    }

    /// <summary>The time step in seconds: Courant's, at most what is <paramref name="left"/>, at most <see cref="LongestStep"/>.</summary>
    public static double TimeStep(double fastest, double left, double cell) =>
        Math.Min(Math.Min(left, LongestStep), fastest > 0 ? Courant * cell / fastest : left);

    /// <summary>The speed of the fastest wave in a cell, m/s.</summary>
    public static double Wave(Cell q) =>
        Math.Max(Math.Abs(Velocity(q.H, q.Hu)), Math.Abs(Velocity(q.H, q.Hv))) + Celerity(q.H);

    /// <summary>What crosses the face between a cell and the one to its right.</summary>
    public static Face FaceRight(Cell l, double zl, Cell r, double zr) =>
        Riemann(
            new Side(Reconstruct(l.H, zl, zr), Velocity(l.H, l.Hu), Velocity(l.H, l.Hv)),
            new Side(Reconstruct(r.H, zr, zl), Velocity(r.H, r.Hu), Velocity(r.H, r.Hv)));

    /// <summary>What crosses the face between a cell and the one below it.</summary>
    public static Face FaceDown(Cell a, double za, Cell b, double zb) =>
        Riemann(
            new Side(Reconstruct(a.H, za, zb), Velocity(a.H, a.Hv), Velocity(a.H, a.Hu)),
            new Side(Reconstruct(b.H, zb, za), Velocity(b.H, b.Hv), Velocity(b.H, b.Hu)));

    /// <summary>The cell behind a wall at the left or right: the same water, moving the other way.</summary>
    public static Cell MirrorRight(Cell q) => new(q.H, -q.Hu, q.Hv);

    /// <summary>The cell behind a wall above or below.</summary>
    public static Cell MirrorDown(Cell q) => new(q.H, q.Hu, -q.Hv);

    /// <summary>The new water of a cell from its four faces; <paramref name="ratio"/> is time step ÷ cell, <paramref name="shower"/> the rain of the step in metres.</summary>
    public static Cell Balance(Cell q, Face left, Face right, Face above, Face below, double ratio, double shower) =>
        new(
            Math.Max(0, q.H - ratio * (right.Mass - left.Mass + (below.Mass - above.Mass))) + shower,
            q.Hu - ratio * (right.Before - left.Behind + (below.Along - above.Along)),
            q.Hv - ratio * (below.Before - above.Behind + (right.Along - left.Along)));

    /// <summary>Manning's friction over a time step, implicit in the momentum: it slows water and never turns it.</summary>
    public static Cell Friction(Cell q, double dt, double manning) =>
        q.H > Dry ? Slow(q, 1 / (1 + dt * Gravity * manning * manning * Math.Sqrt(q.Hu * q.Hu + q.Hv * q.Hv) / (q.H * q.H * Math.Cbrt(q.H)))) : new Cell(q.H, 0, 0);

    private static Cell Slow(Cell q, double factor) => new(q.H, q.Hu * factor, q.Hv * factor);

    // The hydrostatic reconstruction: what of the depth h over the bed z stands above the higher of the two beds at a face.
    private static double Reconstruct(double h, double z, double other) => Math.Max(0, h + z - Math.Max(z, other));

    private static double Velocity(double h, double momentum) => h > Dry ? momentum / h : 0;

    private static double Celerity(double h) => Math.Sqrt(Gravity * h);

    private static Face Riemann(Side l, Side r) =>
        l.H > 0 || r.H > 0 ? Hll(l, r, SlowWave(l, r, Celerity(l.H), Celerity(r.H)), FastWave(l, r, Celerity(l.H), Celerity(r.H))) : new Face(0, 0, 0, 0);

    // Einfeldt's speeds: the outermost of the sides' own waves and those of Roe's mean, so that no wave escapes the fan. Beside dry
    // ground the front runs at u ± 2c. They never exceed the larger |u| + c of the two sides where both are wet.
    private static double SlowWave(Side l, Side r, double cl, double cr) =>
        Math.Min(0, l.H > 0 ? r.H > 0 ? Math.Min(l.U - cl, RoeVelocity(l, r, cl, cr) - RoeCelerity(l, r)) : l.U - cl : r.U - 2 * cr);

    private static double FastWave(Side l, Side r, double cl, double cr) =>
        Math.Max(0, r.H > 0 ? l.H > 0 ? Math.Max(r.U + cr, RoeVelocity(l, r, cl, cr) + RoeCelerity(l, r)) : r.U + cr : l.U + 2 * cl);

    private static double RoeVelocity(Side l, Side r, double cl, double cr) => (cl * l.U + cr * r.U) / (cl + cr);

    private static double RoeCelerity(Side l, Side r) => Celerity(0.5 * (l.H + r.H));

    private static Face Hll(Side l, Side r, double slow, double fast) =>
        Compose(l, r, MassFlux(l, r, slow, fast), MomentumFlux(l, r, slow, fast));

    // What the left side gives and, as slow is never positive, less what the right side gives: each a share of its own depth.
    // This is why depth stays positive, and why the flux through a wall and in water at rest is exactly zero.
    private static double MassFlux(Side l, Side r, double slow, double fast) =>
        (fast * (l.U - slow) * l.H + slow * (fast - r.U) * r.H) / (fast - slow);

    // Written around the mean so that equal sides give exactly their own flux.
    private static double MomentumFlux(Side l, Side r, double slow, double fast) =>
        0.5 * (Push(l) + Push(r)) + (0.5 * (fast + slow) * (Push(l) - Push(r)) + slow * fast * (r.H * r.U - l.H * l.U)) / (fast - slow);

    private static double Push(Side s) => s.H * s.U * s.U + Pressure(s);

    private static double Pressure(Side s) => 0.5 * Gravity * s.H * s.H;

    // Momentum along the face travels with the water. Each cell sees the flux less the pressure of its own reconstructed water:
    // in water at rest these cancel face by face, whatever the bed.
    private static Face Compose(Side l, Side r, double mass, double push) =>
        new(mass, push - Pressure(l), push - Pressure(r), mass * (mass > 0 ? l.V : r.V));
}
