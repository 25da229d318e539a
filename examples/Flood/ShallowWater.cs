using static Avial.KernelMath;

namespace Avial.Examples.Flood;

/// <summary>The shallow-water scheme: what happens at a face and in a cell, each as one expression.</summary>
/// <remarks>
/// First-order finite volumes with the hydrostatic reconstruction of E. Audusse, F. Bouchut, M.-O. Bristeau, R. Klein and
/// B. Perthame, "A fast and stable well-balanced scheme with hydrostatic reconstruction for shallow water flows", SIAM J. Sci.
/// Comput. 25 (2004) 2050–2065; the flux of A. Harten, P. Lax and B. van Leer (1983) with the wave speeds of B. Einfeldt (1988)
/// and, beside dry ground, of the exact dry front; semi-implicit Manning friction; reflecting walls around the domain.
/// </remarks>
public static class ShallowWater
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

    // The hydrostatic reconstruction: what of the depth h over the bed z stands above the higher of the two beds at a face.
    private static readonly Func<double, double, double, double> Reconstruct = Function((double h, double z, double other) =>
        Math.Max(0, h + z - Math.Max(z, other)));

    private static readonly Func<double, double, double> Velocity = Function((double h, double momentum) =>
        h > Dry ? momentum / h : 0);

    private static readonly Func<double, double> Celerity = Function((double h) =>
        Math.Sqrt(Gravity * h));

    private static readonly Func<Side, double> Pressure = Function((Side s) =>
        0.5 * Gravity * s.H * s.H);

    private static readonly Func<Side, double> Push = Function((Side s) =>
        s.H * s.U * s.U + Pressure(s));

    private static readonly Func<Side, Side, double, double, double> RoeVelocity = Function((Side l, Side r, double cl, double cr) =>
        (cl * l.U + cr * r.U) / (cl + cr));

    private static readonly Func<Side, Side, double> RoeCelerity = Function((Side l, Side r) =>
        Celerity(0.5 * (l.H + r.H)));

    // Einfeldt's speeds: the outermost of the sides' own waves and those of Roe's mean, so that no wave escapes the fan. Beside dry
    // ground the front runs at u ± 2c. They never exceed the larger |u| + c of the two sides where both are wet.
    private static readonly Func<Side, Side, double, double, double> SlowWave = Function((Side l, Side r, double cl, double cr) =>
        Math.Min(0, l.H > 0 ? r.H > 0 ? Math.Min(l.U - cl, RoeVelocity(l, r, cl, cr) - RoeCelerity(l, r)) : l.U - cl : r.U - 2 * cr));

    private static readonly Func<Side, Side, double, double, double> FastWave = Function((Side l, Side r, double cl, double cr) =>
        Math.Max(0, r.H > 0 ? l.H > 0 ? Math.Max(r.U + cr, RoeVelocity(l, r, cl, cr) + RoeCelerity(l, r)) : r.U + cr : l.U + 2 * cl));

    // What the left side gives and, as slow is never positive, less what the right side gives: each a share of its own depth.
    // This is why depth stays positive, and why the flux through a wall and in water at rest is exactly zero.
    private static readonly Func<Side, Side, double, double, double> MassFlux = Function((Side l, Side r, double slow, double fast) =>
        (fast * (l.U - slow) * l.H + slow * (fast - r.U) * r.H) / (fast - slow));

    // Written around the mean so that equal sides give exactly their own flux.
    private static readonly Func<Side, Side, double, double, double> MomentumFlux = Function((Side l, Side r, double slow, double fast) =>
        0.5 * (Push(l) + Push(r)) + (0.5 * (fast + slow) * (Push(l) - Push(r)) + slow * fast * (r.H * r.U - l.H * l.U)) / (fast - slow));

    // Momentum along the face travels with the water. Each cell sees the flux less the pressure of its own reconstructed water:
    // in water at rest these cancel face by face, whatever the bed.
    private static readonly Func<Side, Side, double, double, Face> Compose = Function((Side l, Side r, double mass, double push) =>
        new Face(mass, push - Pressure(l), push - Pressure(r), mass * (mass > 0 ? l.V : r.V)));

    private static readonly Func<Side, Side, double, double, Face> Hll = Function((Side l, Side r, double slow, double fast) =>
        Compose(l, r, MassFlux(l, r, slow, fast), MomentumFlux(l, r, slow, fast)));

    private static readonly Func<Side, Side, Face> Riemann = Function((Side l, Side r) =>
        l.H > 0 || r.H > 0 ? Hll(l, r, SlowWave(l, r, Celerity(l.H), Celerity(r.H)), FastWave(l, r, Celerity(l.H), Celerity(r.H))) : new Face(0, 0, 0, 0));

    private static readonly Func<Cell, double, Cell> Slow = Function((Cell q, double factor) =>
        new Cell(q.H, q.Hu * factor, q.Hv * factor));

    /// <summary>The time step in seconds from the fastest wave, what is left to the next output and the side of a cell: at most what is left, at most <see cref="LongestStep"/>.</summary>
    public static readonly Func<double, double, double, double> TimeStep = Function((double fastest, double left, double cell) =>
        Math.Min(Math.Min(left, LongestStep), fastest > 0 ? Courant * cell / fastest : left));

    /// <summary>The speed of the fastest wave in a cell, m/s.</summary>
    public static readonly Func<Cell, double> Wave = Function((Cell q) =>
        Math.Max(Math.Abs(Velocity(q.H, q.Hu)), Math.Abs(Velocity(q.H, q.Hv))) + Celerity(q.H));

    /// <summary>The cell behind a wall at the left or right: the same water, moving the other way.</summary>
    public static readonly Func<Cell, Cell> MirrorRight = Function((Cell q) =>
        new Cell(q.H, -q.Hu, q.Hv));

    /// <summary>The cell behind a wall above or below.</summary>
    public static readonly Func<Cell, Cell> MirrorDown = Function((Cell q) =>
        new Cell(q.H, q.Hu, -q.Hv));

    /// <summary>What crosses the face between a cell and the one to its right.</summary>
    public static readonly Func<Cell, double, Cell, double, Face> FaceRight = Function((Cell l, double zl, Cell r, double zr) =>
        Riemann(
            new Side(Reconstruct(l.H, zl, zr), Velocity(l.H, l.Hu), Velocity(l.H, l.Hv)),
            new Side(Reconstruct(r.H, zr, zl), Velocity(r.H, r.Hu), Velocity(r.H, r.Hv))));

    /// <summary>What crosses the face between a cell and the one below it.</summary>
    public static readonly Func<Cell, double, Cell, double, Face> FaceDown = Function((Cell a, double za, Cell b, double zb) =>
        Riemann(
            new Side(Reconstruct(a.H, za, zb), Velocity(a.H, a.Hv), Velocity(a.H, a.Hu)),
            new Side(Reconstruct(b.H, zb, za), Velocity(b.H, b.Hv), Velocity(b.H, b.Hu))));

    /// <summary>The new water of a cell from what crosses its four faces; the last number is time step ÷ cell.</summary>
    public static readonly Func<Cell, Face, Face, Face, Face, double, Cell> Balance = Function((Cell q, Face left, Face right, Face above, Face below, double ratio) =>
        new Cell(
            Math.Max(0, q.H - ratio * (right.Mass - left.Mass + (below.Mass - above.Mass))),
            q.Hu - ratio * (right.Before - left.Behind + (below.Along - above.Along)),
            q.Hv - ratio * (below.Before - above.Behind + (right.Along - left.Along))));

    /// <summary>Rain of so many metres: it falls straight and brings no momentum.</summary>
    public static readonly Func<Cell, double, Cell> Shower = Function((Cell q, double metres) =>
        new Cell(q.H + metres, q.Hu, q.Hv));

    /// <summary>Manning's friction over a time step, implicit in the momentum: it slows water and never turns it.</summary>
    public static readonly Func<Cell, double, double, Cell> Friction = Function((Cell q, double dt, double manning) =>
        q.H > Dry ? Slow(q, 1 / (1 + dt * Gravity * manning * manning * Math.Sqrt(q.Hu * q.Hu + q.Hv * q.Hv) / (q.H * q.H * Math.Cbrt(q.H)))) : new Cell(q.H, 0, 0));
}
