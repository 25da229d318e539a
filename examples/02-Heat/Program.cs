// Teaches: a stencil reads its neighbours, Over keeps what it does not write, and Repeat is a loop inside the graph.

using Avial;
using static Avial.Targets;

const int n = 129;                  // points a side of a plate 1 m × 1 m whose edges stay at 0 °C
const int steps = 2000;
const double h = 1.0 / (n - 1);
const double diffusivity = 1e-4;    // m²/s
const double dt = 0.1;              // s; explicit steps are stable up to h²/(4·diffusivity) = 0.15 s

double k = diffusivity * dt / (h * h);
Array2D<double> start = Task.On(Auto).Run((n, n), (i, j) => 100 * Math.Sin(Math.PI * i * h) * Math.Sin(Math.PI * j * h));
Array2D<double> end = Task.Repeat(steps, start, u => Task.On(Auto)
    .Run(u.Interior(1), (i, j) => u[i, j] + k * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4 * u[i, j]))
    .Over(u));

double exact = 100 * Math.Exp(-2 * Math.PI * Math.PI * diffusivity * dt * steps);
Session.Current.WriteLine($"centre after {steps * dt:0} s: {end[n / 2, n / 2]:0.000} °C, exact {exact:0.000} °C");
Session.Current.WriteLine($"mean   after {steps * dt:0} s: {end.Reduce(Reduction.Mean).Value:0.000} °C");
