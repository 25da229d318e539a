// Teaches: an operator is a body, not a matrix; reductions steer a loop; several arrays and scalars are one state.

using Avial;
using static Avial.Targets;

const int n = 127;                      // inner points a side of the unit square: -Δu = 1, and u = 0 on the edge
const double h = 1.0 / (n + 1);

Array2D<double> zero = Array2D.Fill((n, n), 0.0);
Array2D<double> right = Array2D.Fill((n, n), h * h);
var start = (U: zero, R: right, P: right, Rho: Dot(right, right), Steps: Scalar.Of(0));
var end = Task.RepeatUntil(start, s =>
    {
        var (u, r, p, rho, _) = s;
        var ap = Task.On(Auto).Run((n, n), (i, j) =>
            4 * p[i, j] - p.Or(0)[i - 1, j] - p.Or(0)[i + 1, j] - p.Or(0)[i, j - 1] - p.Or(0)[i, j + 1]);
        var slope = Dot(p, ap);
        var alpha = Task.On(Auto).Run(() => rho / slope);
        var u2 = Task.On(Auto).Run((n, n), (i, j) => u[i, j] + alpha * p[i, j]);
        var r2 = Task.On(Auto).Run((n, n), (i, j) => r[i, j] - alpha * ap[i, j]);
        var rho2 = Dot(r2, r2);
        var p2 = Task.On(Auto).Run((n, n), (i, j) => r2[i, j] + rho2 / rho * p[i, j]);
        return (u2, r2, p2, rho2, Task.On(Auto).Run(() => s.Steps + 1));
    },
    until: s => s.Rho < 1e-24, limit: 1000);

Session.Current.WriteLine($"centre {end.U[n / 2, n / 2]:0.000000}, exact 0.073671");
Session.Current.WriteLine($"residual below 1e-12: {Math.Sqrt(end.Rho) < 1e-12}, steps below 300: {end.Steps < 300}");

static Scalar<double> Dot(Array2D<double> a, Array2D<double> b) => Task.On(Auto).Reduce(a.Domain, (i, j) => a[i, j] * b[i, j], Reduction.Sum);
