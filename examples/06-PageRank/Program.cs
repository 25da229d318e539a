// Teaches: a sparse matrix as three arrays, sums whose bounds are data, and a loop that ends when the numbers have settled.

using Avial;
using Avial.Examples;
using static Avial.KernelMath;
using static Avial.Targets;

const double damping = 0.85;
var routes = CsvTable.Load("flights-airport.csv");
var (origins, destinations, counts) = (routes.Text("origin"), routes.Text("destination"), routes.Numbers<double>("count"));
string[] airports = [.. origins.Concat(destinations).Distinct().Order(StringComparer.Ordinal)];
int n = airports.Length;

// The routes sorted by destination: those into airport v are first[v] … first[v + 1].
var number = airports.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
int[] order = [.. Enumerable.Range(0, routes.Rows).OrderBy(route => number[destinations[route]])];
var leaving = new double[n];
foreach (var (route, flights) in counts.Index())
{
    leaving[number[origins[route]]] += flights;
}
Array1D<int> from = Array1D.From<int>([.. order.Select(route => number[origins[route]])]);
Array1D<double> share = Array1D.From<double>([.. order.Select(route => counts[route] / leaving[number[origins[route]]])]);
Array1D<int> first = Array1D.From<int>([.. Enumerable.Range(0, n + 1).Select(v => order.Count(route => number[destinations[route]] < v))]);
Array1D<double> isEnd = Array1D.From<double>([.. leaving.Select(flights => flights == 0 ? 1.0 : 0.0)]);

(Array1D<double> Rank, Scalar<double> Change, Scalar<int> Steps) start = (Array1D.Fill(n, 1.0 / n), Scalar.Of(1.0), Scalar.Of(0));
var (rank, _, steps) = Task.RepeatUntil(start, state =>
    {
        var old = state.Rank;
        var stuck = Task.On(Auto).Reduce(n, v => isEnd[v] * old[v], Reduction.Sum);     // airports nobody leaves from share with all
        var next = Task.On(Auto).Run(n, v =>
            (1 - damping) / n + damping * (stuck / n + Sum(first[v], first[v + 1], e => share[e] * old[from[e]])));
        return (next, Task.On(Auto).Reduce(n, v => Math.Abs(next[v] - old[v]), Reduction.Sum), Task.On(Auto).Run(() => state.Steps + 1));
    },
    until: state => state.Change < 1e-12, limit: 1000);

var names = CsvTable.Load("airports.csv");
var name = names.Text("iata").Zip(names.Text("name")).ToDictionary(pair => pair.First, pair => pair.Second);
double[] ranks = rank.ToArray();
foreach (var v in Enumerable.Range(0, n).OrderByDescending(v => ranks[v]).Take(5))
{
    Session.Current.WriteLine($"{airports[v]} {ranks[v]:0.0000} {name.GetValueOrDefault(airports[v], "?")}");
}
Session.Current.WriteLine($"{n} airports, {routes.Rows} routes, sum {rank.Reduce(Reduction.Sum).Value:0.000000}, settled: {steps.Value < 1000}");
