// Teaches: matrix factorisations with the step of a loop in domains, triangles by guards, tables in order by Sweep. Arguments: a size, names.

using System.Diagnostics;
using Avial;
using static Avial.KernelMath;
using static Avial.Targets;

long n = args.Length > 0 ? long.Parse(args[0]) : 200;
string[] names = args[Math.Min(1, args.Length)..];

// Symmetric and positive definite, as the factorisations want it.
Array2D<double> matrix = Array2D.FromIndex((n, n), (i, j) => i == j ? 4.0 : 1.0 / (1 + Math.Abs(i - j)));
Array1D<double> vector = Array1D.FromIndex(n, i => 1.0 + i % 3);
Array2D<int> roads = Array2D.FromIndex((n, n), (i, j) => (int)(i == j ? 0 : 1 + (7 * i + 3 * j) % 41));
Array1D<int> bases = Array1D.FromIndex(n, i => (int)((i + 1) % 4));

(string Name, IComputed Checksum)[] kernels =
[
    ("multiply", Gemm(matrix, matrix).Reduce(Reduction.Sum)),
    ("symmetric", Syrk(matrix).Reduce(Reduction.Sum)),
    ("jacobi", Jacobi(matrix).Reduce(Reduction.Sum)),
    ("seidel", Seidel(matrix).Reduce(Reduction.Sum)),
    ("solve", Solve(matrix, vector).Reduce(Reduction.Sum)),
    ("lu", Lu(matrix).Reduce(Reduction.Sum)),
    ("cholesky", Cholesky(matrix).Reduce(Reduction.Sum)),
    ("paths", ShortestPaths(roads).Reduce(Reduction.Sum)),
    ("folding", MostPairs(bases).Row(0).Reduce(Reduction.Max)),
];

Compute.Evaluate(matrix, vector, roads, bases);     // so that times are those of the kernels alone
foreach (var (name, checksum) in kernels)
{
    if (names.Length > 0 && !names.Contains(name))
    {
        continue;
    }
    long start = Stopwatch.GetTimestamp();
    Compute.Evaluate(checksum);
    double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    double value = checksum is Scalar<double> real ? real.Value : ((Scalar<int>)checksum).Value;
    Session.Current.WriteLine($"{name,-10} {value,16:0.0000} {ms,8:0.0} ms");
}

static Array2D<double> Gemm(Array2D<double> a, Array2D<double> b) => Task.On(Auto).Run(a.Domain, (i, j) => Sum(0, a.GetLength(1), k => a[i, k] * b[k, j]));

// The lower half of A·Aᵀ: the guard leaves out the rest, work and all.
static Array2D<double> Syrk(Array2D<double> a) => Task.On(Auto).Run(a.Domain, (i, j) => j <= i ? Sum(0, a.GetLength(1), k => a[i, k] * a[j, k]) : 0);

// Each element from the step before; Seidel's from the same step where they are already new.
static Array2D<double> Jacobi(Array2D<double> a) => Task.Repeat(20, a, s => Task.On(Auto)
    .Run(s.Interior(1), (i, j) => 0.2 * (s[i, j] + s[i, j - 1] + s[i, j + 1] + s[i - 1, j] + s[i + 1, j])).Over(s));

static Array2D<double> Seidel(Array2D<double> a) => Task.Repeat(20, a, s => Task.On(Auto)
    .Sweep(s, s.Interior(1), (x, i, j) => 0.2 * (x[i, j] + x[i, j - 1] + x[i, j + 1] + x[i - 1, j] + x[i + 1, j])));

// L·x = b, L being the lower half.
static Array1D<double> Solve(Array2D<double> l, Array1D<double> b) => Task.On(Auto)
    .Sweep(b, b.Domain, (x, i) => (b[i] - Sum(0, i, k => l[i, k] * x[k])) / l[i, i]);

static Array2D<double> Lu(Array2D<double> matrix) => Task.Repeat(matrix.GetLength(0), matrix, (a, k) =>
{
    Domain1D after = new(k + 1, a.GetLength(0));
    Array2D<double> scaled = Task.On(Auto).Run(new Domain2D(after, new(k, k + 1)), (i, j) => a[i, j] / a[k, k]).Over(a);
    return Task.On(Auto).Run(new Domain2D(after, after), (i, j) => scaled[i, j] - scaled[i, k] * scaled[k, j]).Over(scaled);
});

static Array2D<double> Cholesky(Array2D<double> matrix) => Task.Repeat(matrix.GetLength(0), matrix, (a, k) =>
{
    Domain1D here = new(k, k + 1), after = new(k + 1, a.GetLength(0));
    Array2D<double> rooted = Task.On(Auto).Run(new Domain2D(here, here), (i, j) => Math.Sqrt(a[i, j])).Over(a);
    Array2D<double> scaled = Task.On(Auto).Run(new Domain2D(after, here), (i, j) => rooted[i, j] / rooted[k, k]).Over(rooted);
    return Task.On(Auto).Run(new Domain2D(after, after), (i, j) => j <= i ? scaled[i, j] - scaled[i, k] * scaled[j, k] : scaled[i, j]).Over(scaled);
});

static Array2D<int> ShortestPaths(Array2D<int> roads) => Task.Repeat(roads.GetLength(0), roads, (d, k) => Task.On(Auto)
    .Run(d.Domain, (i, j) => Math.Min(d[i, j], d[i, k] + d[k, j])));

// The most pairs in a folded strand of RNA: rows from the last up, each element from those left of it and below it.
static Array2D<int> MostPairs(Array1D<int> bases) => Task.On(Auto)
    .Sweep(Array2D.Fill((bases.Length, bases.Length), 0), new Domain2D(bases.Domain.Reversed, bases.Domain), (most, i, j) => j <= i ? 0 : Fold(i, j,
        most[i + 1, j - 1] + (i + 1 < j && bases[i] + bases[j] == 3 ? 1 : 0),
        (best, k) => Math.Max(best, most[i, k] + most[k + 1, j])));
