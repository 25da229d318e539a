// Teaches: an array is a lazy value, a task is an expression over an index, and nothing runs until a result is asked for.

using Avial;
using static Avial.Targets;

const int n = 1_000_000;
const float a = 2.5f;

Array1D<float> x = Task.On(Auto).Run(n, i => (float)(i % 1000));
Array1D<float> y = Array1D.Fill(n, 1f);
Array1D<float> z = Task.On(Auto).Run(n, i => a * x[i] + y[i]);      // recorded, not computed
Scalar<double> sum = Task.On(Auto).Reduce(n, i => (double)z[i], Reduction.Sum);

Session.Current.WriteLine($"z[0] = {z[0]}, z[1] = {z[1]}, z[{n - 1}] = {z[n - 1]}");
Session.Current.WriteLine($"sum  = {sum.Value:0.0}, expected {n * (2.5 * 499.5 + 1):0.0}");
