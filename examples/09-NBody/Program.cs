// Teaches: all pairs by Sum inside a body, elements of several fields, and functions of your own called from bodies.

using Avial;
using static Avial.KernelMath;
using static Avial.Targets;

const int n = 256, steps = 100;
const double dt = 0.005;

// A ball of bodies of equal mass that turns about its axis; gravity and all mass together are 1.
Array1D<Body> start = Task.On(Auto).Run(n, i => Let(Math.Cbrt(Uniform(1, i)), 2 * Uniform(2, i) - 1, (r, z) =>
    Let(Math.Sqrt(1 - z * z), 2 * Math.PI * Uniform(3, i), (s, phi) =>
        new Body(r * s * Math.Cos(phi), r * s * Math.Sin(phi), r * z, -0.6 * r * s * Math.Sin(phi), 0.6 * r * s * Math.Cos(phi), 0))));

// Leapfrog: half a kick, a drift, half a kick. It keeps the energy near its start forever.
Array1D<Body> end = Task.Repeat(steps, start, bodies => Kick(Drift(Kick(bodies))));

double before = Energy(start), after = Energy(end);
Session.Current.WriteLine($"energy   drifts by less than 0.1 %: {Math.Abs(after / before - 1) < 1e-3}");
Session.Current.WriteLine($"momentum stays within rounding: {Math.Abs(MomentumX(end) - MomentumX(start)) < 1e-12}");
Session.Current.WriteLine($"binding energy negative: {before < 0}");

static Array1D<Body> Drift(Array1D<Body> b) => Task.On(Auto).Run(n, i =>
    new Body(b[i].X + dt * b[i].U, b[i].Y + dt * b[i].V, b[i].Z + dt * b[i].W, b[i].U, b[i].V, b[i].W));

static Array1D<Body> Kick(Array1D<Body> b) => Task.On(Auto).Run(n, i => new Body(b[i].X, b[i].Y, b[i].Z,
    b[i].U + 0.5 * dt / n * Sum(0, n, k => (b[k].X - b[i].X) * Pull(b[i], b[k])),
    b[i].V + 0.5 * dt / n * Sum(0, n, k => (b[k].Y - b[i].Y) * Pull(b[i], b[k])),
    b[i].W + 0.5 * dt / n * Sum(0, n, k => (b[k].Z - b[i].Z) * Pull(b[i], b[k]))));

static double Energy(Array1D<Body> b) => Task.On(Auto).Reduce(n, i =>
    0.5 / n * (b[i].U * b[i].U + b[i].V * b[i].V + b[i].W * b[i].W)
    - 0.5 / n / n * Sum(0, n, k => k == i ? 0.0 : 1 / Math.Sqrt(Distance2(b[i], b[k]))), Reduction.Sum);

static double MomentumX(Array1D<Body> b) => Task.On(Auto).Reduce(n, i => b[i].U / n, Reduction.Sum);

internal readonly record struct Body(double X, double Y, double Z, double U, double V, double W);

internal static partial class Program
{
    private const double Softening2 = 0.05 * 0.05;

    private static readonly Func<Body, Body, double> Distance2 = Function((Body a, Body b) =>
        (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y) + (a.Z - b.Z) * (a.Z - b.Z) + Softening2);

    private static readonly Func<Body, Body, double> Pull = Function((Body a, Body b) =>
        Let(Distance2(a, b), d2 => 1 / (d2 * Math.Sqrt(d2))));
}
