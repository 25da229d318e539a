using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Backends.Lowering;

/// <summary>Matrix products and their kin: blocked where they are large enough, with the bits of the plain order.</summary>
public sealed class ProductTests
{
    private static IEnumerable<Engine> Engines => [Engine.Managed, Engine.LoopsInterpreter, .. CodeGenerators.HasLlvm ? [Engine.Llvm] : Array.Empty<Engine>()];

    // Around a tile's rows and columns, and around a chunk of the sum.
    private static readonly (int M, int N, int K)[] s_shapes =
    [
        (0, 5, 3), (3, 0, 4), (4, 5, 0), (1, 1, 1), (8, 16, 1), (8, 16, 256), (7, 17, 31), (9, 15, 255), (17, 33, 257), (16, 32, 513), (5, 40, 64), (40, 5, 64), (23, 47, 300),
    ];

    [Test]
    public void Product_OfEachShape_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        (Array2D<double> a, Array2D<double> b) = Factors(m, n, k);
        return Task.On(Cpu).Run((m, n), (i, j) => Sum(0, k, q => a[i, q] * b[q, j]));
    });

    [Test]
    public void Product_OfFloats_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        (Array2D<double> da, Array2D<double> db) = Factors(m, n, k);
        (Array2D<float> a, Array2D<float> b) = (da.Cast<float>(), db.Cast<float>());
        Compute.Evaluate(a, b);
        return Task.On(Cpu).Run((m, n), (i, j) => 2f * Sum(0, k, q => a[i, q] * b[q, j]) - i).Cast<double>();
    });

    [Test]
    public void Product_OfTransposes_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        (Array2D<double> a, Array2D<double> b) = (Filled(k, m, 1), Filled(n, k, 2));
        return Task.On(Cpu).Run((m, n), (i, j) => Sum(0, k, q => b[j, q] * (1.5 * a[q, i])));
    });

    [Test]
    public void Product_AddedToAnArray_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        (Array2D<double> a, Array2D<double> b) = Factors(m, n, k);
        Array2D<double> start = Filled(m, n, 3);
        return Task.Repeat(3, start, c => Task.On(Cpu).Run((m, n), (i, j) => 0.75 * c[i, j] + 1.25 * Sum(0, k, q => a[i, q] * b[q, j])));
    });

    [Test]
    public void Product_OfPartOfTheRange_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        (Array2D<double> a, Array2D<double> b) = Factors(m, n, k);
        int low = k / 3;
        return Task.On(Cpu).Run((m, n), (i, j) => Sum(low, k, q => a[i, q] * b[q, j]));
    });

    [Test]
    public void Product_InBatches_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        Array3D<double> a = Task.On(Cpu).Run((3, m, k), (g, i, q) => Uniform(4, (g * m + i) * k + q) - 0.5);
        Array2D<double> b = Filled(k, n, 2);
        return Task.On(Cpu).Run((3, m, n), (g, i, j) => Sum(0, k, q => a[g, i, q] * b[q, j])).Reshape(3 * m, n);
    });

    [Test]
    public void Product_OverARangeThatDependsOnTheRow_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => AllShapes(engine, (m, n, k) =>
    {
        (Array2D<double> a, Array2D<double> b) = Factors(m, n, k);
        return Task.On(Cpu).Run((m, n), (i, j) => Sum(0, Math.Min(i + 1, k), q => a[i, q] * b[q, j]));
    });

    // Neighbouring elements side by side, with what vectors have beside multiplying: quotients, roots, extremes, choices.
    [Test]
    public void Sums_OfLongTerms_GiveTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine)
    {
        foreach (int n in new[] { 1, 7, 8, 9, 31, 64, 300 })
        {
            Check(engine, () =>
            {
                Array2D<double> p = Filled(2, n, 5);
                return Task.On(Cpu).Run(n, i => Sum(0, n, j => Let(p[0, j] - p[0, i], dx => Let(p[1, j] - p[1, i], dy =>
                    Let(dx * dx + dy * dy, d => (d < 1e-3 ? 1 : dx) / (Math.Max(d, 0.01) * Math.Sqrt(Math.Abs(d - 0.5) + 0.01))))))).Reshape(1, n);
            }, $"{n} elements");
        }
    }

    // More terms than a group of chunks holds: another order, which is not blocked.
    [Test]
    public void Product_OfManyTerms_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine)
    {
        const int K = (1 << 14) + 5;
        Check(engine, () =>
        {
            (Array2D<double> a, Array2D<double> b) = Factors(9, 17, K);
            return Task.On(Cpu).Run((9, 17), (i, j) => Sum(0, K, q => a[i, q] * b[q, j]));
        }, "9×17");
    }

    [Test]
    public void Product_WithNaNInfinityAndSignedZeros_GivesTheBitsOfTheInterpreter([ValueSource(nameof(Engines))] Engine engine) => Check(engine, () =>
    {
        double[] special = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue];
        Array1D<double> values = Array1D.From(special);
        Array2D<double> a = Task.On(Cpu).Run((20, 30), (i, q) => values[(i * 7 + q) % 4]);
        Array2D<double> b = Task.On(Cpu).Run((30, 40), (q, j) => values[(q * 5 + j) % 9]);
        return Task.On(Cpu).Run((20, 40), (i, j) => Sum(0, 30, q => a[i, q] * b[q, j]));
    }, "special values");

    private static void AllShapes(Engine engine, Func<int, int, int, Array2D<double>> program)
    {
        foreach ((int m, int n, int k) in s_shapes)
        {
            Check(engine, () => program(m, n, k), $"{m}×{n}, {k} terms");
        }
    }

    private static void Check(Engine engine, Func<Array2D<double>> program, string about)
    {
        double[] expected = Run(Engine.Interpreter, 1, program);
        foreach (int threads in new[] { 1, 3 })
        {
            double[] actual = Run(engine, threads, program);

            Assert.That(actual.Select(Bits), Is.EqualTo(expected.Select(Bits)), about);
        }
    }

    private static double[] Run(Engine engine, int threads, Func<Array2D<double>> program)
    {
        using Session session = Session.Create(o => o with { Engine = engine, Threads = threads, Ranks = 1, Verify = true });
        return [.. program().ToArray().Cast<double>()];
    }

    private static long Bits(double x) => double.IsNaN(x) ? -1 : BitConverter.DoubleToInt64Bits(x);

    private static (Array2D<double> A, Array2D<double> B) Factors(int m, int n, int k) => (Filled(m, k, 1), Filled(k, n, 2));

    private static Array2D<double> Filled(int rows, int columns, long seed)
    {
        Array2D<double> array = Task.On(Cpu).Run((rows, columns), (i, j) => Uniform(seed, i * columns + j) - 0.5);
        Compute.Evaluate(array);
        return array;
    }
}
