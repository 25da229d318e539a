// Teaches: search inside a body (ArgMin), sums by group (Scatter), and structs of numbers as elements.

using Avial;
using Avial.Examples;
using static Avial.KernelMath;
using static Avial.Targets;

const int groups = 8;
var table = CsvTable.Load("zipcodes.csv");
var (latitudes, longitudes, cities, states) = (table.Numbers<double>("latitude"), table.Numbers<double>("longitude"), table.Text("city"), table.Text("state"));
int n = table.Rows;

// Points on a sphere, so that distances are right everywhere.
Array1D<double> latitude = Array1D.From(latitudes), longitude = Array1D.From(longitudes);
Array1D<Point> points = Task.On(Auto).Run(n, i => Let(latitude[i] * Math.PI / 180, longitude[i] * Math.PI / 180, (phi, lambda) =>
    new Point(Math.Cos(phi) * Math.Cos(lambda), Math.Cos(phi) * Math.Sin(lambda), Math.Sin(phi))));

Array1D<Point> first = Task.On(Auto).Run(groups, g => points[g * (n / groups) + n / (2 * groups)]);
Array1D<Point> centres = Task.Repeat(40, first, Improve);
Array1D<long> group = Nearest(centres);
Array1D<int> size = Task.On(Auto).Scatter(n, Array1D.Fill(groups, 0), i => group[i], i => 1, Reduction.Sum);
Scalar<double> spread = Task.On(Auto).Reduce(n, i => Distance2(points[i], centres[group[i]]), Reduction.Mean);

for (var g = 0; g < groups; g++)
{
    int own = g;
    var closest = Task.On(Auto).Reduce(n, i => Distance2(points[i], centres[own]), Reduction.ArgMin).Value.I;
    Session.Current.WriteLine($"{size[g],6} codes around {cities[closest]}, {states[closest]}");
}
Session.Current.WriteLine($"mean distance {6371 * Math.Sqrt(spread.Value):0} km (root of the mean square)");

Array1D<long> Nearest(Array1D<Point> to) => Task.On(Auto).Run(n, i => ArgMin(0, groups, g => Distance2(points[i], to[g])));

Array1D<Point> Improve(Array1D<Point> old)
{
    var nearest = Nearest(old);
    var zeros = Array1D.Fill(groups, 0.0);
    var x = Task.On(Auto).Scatter(n, zeros, i => nearest[i], i => points[i].X, Reduction.Sum);
    var y = Task.On(Auto).Scatter(n, zeros, i => nearest[i], i => points[i].Y, Reduction.Sum);
    var z = Task.On(Auto).Scatter(n, zeros, i => nearest[i], i => points[i].Z, Reduction.Sum);
    return Task.On(Auto).Run(groups, g => Let(Math.Sqrt(x[g] * x[g] + y[g] * y[g] + z[g] * z[g]), length =>
        length > 0 ? new Point(x[g] / length, y[g] / length, z[g] / length) : old[g]));     // a group without points stays where it is
}

internal readonly record struct Point(double X, double Y, double Z);

internal static partial class Program
{
    private static readonly Func<Point, Point, double> Distance2 = Function((Point a, Point b) =>
        (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y) + (a.Z - b.Z) * (a.Z - b.Z));
}
