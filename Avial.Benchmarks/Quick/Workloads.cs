using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>One piece of work, as tasks and as a plain C# loop on one core.</summary>
/// <param name="Name">What it is and how large.</param>
/// <param name="Avial">Records and evaluates it, and drops the result.</param>
/// <param name="Plain">The loop.</param>
/// <param name="Bytes">What it must read and write at least.</param>
internal sealed record Workload(string Name, Action Avial, Action Plain, double Bytes);

/// <summary>The work that managed execution is measured with. Before it is measured, both sides' results are compared.</summary>
internal static class Workloads
{
    private static readonly Func<double, double> NormalCdf = Function((double x) => 1 / (1 + Math.Exp(-1.5976 * x - 0.070566 * x * x * x)));

    public static Workload Saxpy(int n)
    {
        float[] x = [.. Ramp(n).Select(r => (float)r)], y = [.. x], z = new float[n];
        Array1D<float> ax = Array1D.Borrow(x), ay = Array1D.Borrow(y);
        float a = 2.5f;
        Array1D<float> Record() => Task.On(Cpu).Run(n, i => a * ax[i] + ay[i]);
        return Compare($"saxpy, {n} floats", Record, () => PlainLoops.Saxpy(a, x, y, z), z, 12.0 * n);
    }

    public static Workload Stencil(int n)
    {
        float[] x = [.. Ramp(n * n).Select(r => (float)r)], y = [.. x];
        Array2D<float> ax = Array2D.From<float>(x, (n, n));
        Array2D<float> Record() => Task.On(Cpu).Run(ax.Interior(1), (i, j) => 0.25f * (ax[i - 1, j] + ax[i + 1, j] + ax[i, j - 1] + ax[i, j + 1])).Over(ax);
        return Compare($"5-point stencil, {n}×{n} floats", Record, () => PlainLoops.Stencil(n, x, y), y, 8.0 * n * n);
    }

    public static Workload Sum(int n)
    {
        double[] x = Ramp(n);
        Array1D<double> ax = Array1D.Borrow(x);
        double kept = 0;
        Check($"sum of {n} doubles", [Task.On(Cpu).Reduce(n, i => ax[i], Reduction.Sum)], [PlainLoops.Sum(x)]);
        return new Workload($"sum of {n} doubles", () => kept = Task.On(Cpu).Reduce(n, i => ax[i], Reduction.Sum), () => kept = PlainLoops.Sum(x), 8.0 * n);
    }

    public static Workload MatrixProduct(int n)
    {
        double[] a = Ramp(n * n), b = Ramp(n * n), c = new double[n * n];
        Array2D<double> aa = Array2D.From<double>(a, (n, n)), ab = Array2D.From<double>(b, (n, n));
        Array2D<double> Record() => Task.On(Cpu).Run((n, n), (i, j) => KernelMath.Sum(0, n, k => aa[i, k] * ab[k, j]));
        return Compare($"matrix product, {n}×{n} doubles", Record, () => PlainLoops.MatrixProduct(n, a, b, c), c, 24.0 * n * n);
    }

    public static Workload OptionPrices(int n)
    {
        double[] spots = [.. Ramp(n).Select(r => 80 + 0.04 * r)], prices = new double[n];
        Array1D<double> s = Array1D.Borrow(spots);
        const double Strike = 100, Rate = 0.03, Volatility = 0.2, Years = 1.5;
        double spread = Volatility * Math.Sqrt(Years), discounted = Strike * Math.Exp(-Rate * Years), drift = (Rate + 0.5 * Volatility * Volatility) * Years;
        Array1D<double> Record() => Task.On(Cpu).Run(n, i =>
            Let((Math.Log(s[i] / Strike) + drift) / spread, d => s[i] * NormalCdf(d) - discounted * NormalCdf(d - spread)));
        return Compare($"option prices, {n} doubles", Record, () => PlainLoops.OptionPrices(spots, Strike, spread, drift, discounted, prices), prices, 16.0 * n);
    }

    private static Workload Compare<T>(string name, Func<NdArray<T>> record, Action plain, T[] expected, double bytes) where T : unmanaged, System.Numerics.INumber<T>
    {
        plain();
        var found = new T[expected.Length];
        record().CopyTo(found);
        Check(name, found, expected);
        return new Workload(name, () => EvaluateAndDrop(record()), plain, bytes);
    }

    // The orders of sums differ, so the last bits may.
    private static void Check<T>(string name, T[] found, T[] expected) where T : unmanaged, System.Numerics.INumber<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double want = double.CreateChecked(expected[i]), got = double.CreateChecked(found[i]);
            if (!(Math.Abs(got - want) <= 1e-5 * Math.Max(1, Math.Abs(want))))
            {
                throw new InvalidOperationException($"{name}: element {i} is {got}, and {want} by the plain loop.");
            }
        }
    }

    private static void EvaluateAndDrop<T>(NdArray<T> array) where T : unmanaged
    {
        Compute.Evaluate(array);
        array.Dispose();
    }

    private static double[] Ramp(int n) => [.. Enumerable.Range(0, n).Select(i => (double)(i % 1000))];
}
