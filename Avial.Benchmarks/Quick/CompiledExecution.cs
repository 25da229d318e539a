using System.Numerics;
using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Benchmarks.Baselines;

namespace Avial.Benchmarks.Quick;

/// <summary>
/// Code compiled through LLVM beside the textbook loop in C (the faster of clang and gcc, with -ffast-math) and OpenBLAS. Avial's time includes recording, planning and the
/// memory of the result; its sums keep the canonical order.
/// </summary>
internal static unsafe class CompiledExecution
{
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(0.25);

    private const long Large = 1 << 24;
    private const long Small = 1 << 12;

    public static Table Run()
    {
        if (InstalledBackends.ProblemOf(Engine.Llvm) is { } problem)
        {
            throw new InvalidOperationException($"There is nothing to measure: {problem}.");
        }
        int cores = Environment.ProcessorCount;
        CompiledC[] compilers = CompiledC.All(cores);
        var table = new Table("compiled", "Code compiled through LLVM beside C", "Work", "Threads", "Avial", "C", "Speed, Avial / C", "Rate");
        foreach (int threads in new[] { 1, cores }.Distinct())
        {
            Array.ForEach(compilers, c => c.UseThreads(threads));
            using Session session = Session.Create(o => o with { Engine = Engine.Llvm, Threads = threads, Verify = false });
            AddAll(new DoubleKernels(), table, compilers, threads);
            AddAll(new FloatKernels(), table, compilers, threads);
        }
        return table;
    }

    private static void AddAll<T>(CompiledKernels<T> work, Table table, CompiledC[] compilers, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (long n in threads == 1 ? new[] { Small, Large } : [Large])
        {
            AddStreams(work, table, compilers, threads, n);
        }
        AddGrids(work, table, compilers, threads);
        foreach (long n in new long[] { 64, 128, 256, 512, 1024, 2048 })
        {
            AddProduct(work, table, compilers, threads, n);
        }
        AddPoints(work, table, compilers, threads);
    }

    private static void AddStreams<T>(CompiledKernels<T> work, Table table, CompiledC[] compilers, int threads, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] a = Ramp<T>(n), b = Ramp<T>(n), c = new T[n];
        Array1D<T> x = Array1D.From(a), y = Array1D.From(b);
        T k = T.CreateChecked(0.75);
        long size = sizeof(T);
        void Map(string name, int arrays, Func<Array1D<T>> record) => Add(table, compilers, threads, name, n, a, b, c, () => EvaluateAndDrop(record()), arrays * size * n, isFlops: false);
        void Total(string name, int arrays, Func<Scalar<T>> record) => Add(table, compilers, threads, name, n, a, b, c, () => _ = record().Value, arrays * size * n, isFlops: false);

        Map("copy", 2, () => work.Copy(x));
        Map("scale", 2, () => work.Scale(x, k));
        Map("add", 3, () => work.Add(x, y));
        Map("triad", 3, () => work.Triad(x, y, k));
        Total("dot", 2, () => work.Dot(x, y));
        Total("sum", 1, () => work.Total(x));
        Total("min", 1, () => work.Least(x));
        Total("norm", 1, () => work.Dot(x, x));
        Total("distance", 2, () => work.Distance(x, y));
        Map("chain", 3, () => Enumerable.Range(0, 10).Aggregate(x, (z, _) => work.Step(z, y, k)));
    }

    private static void AddGrids<T>(CompiledKernels<T> work, Table table, CompiledC[] compilers, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const long Side = 4096, Cube = 256;
        T[] square = Ramp<T>(Side * Side);
        Array2D<T> plate = Array2D.From<T>(square, ((int)Side, (int)Side));
        Add(table, compilers, threads, "jacobi2d", Side, square, square, new T[square.Length], () => EvaluateAndDrop(work.Jacobi(plate)), 2.0 * sizeof(T) * square.Length, isFlops: false);
        T[] cube = Ramp<T>(Cube * Cube * Cube);
        Array3D<T> block = Array1D.From(cube).Reshape((int)Cube, (int)Cube, (int)Cube);
        Compute.Evaluate(block);
        Add(table, compilers, threads, "heat3d", Cube, cube, cube, new T[cube.Length], () => EvaluateAndDrop(work.Heat(block)), 2.0 * sizeof(T) * cube.Length, isFlops: false);
    }

    private static void AddProduct<T>(CompiledKernels<T> work, Table table, CompiledC[] compilers, int threads, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] a = Ramp<T>(n * n), b = Ramp<T>(n * n), c = new T[n * n];
        Array2D<T> x = Array2D.From<T>(a, ((int)n, (int)n)), y = Array2D.From<T>(b, ((int)n, (int)n));
        void Avial() => EvaluateAndDrop(work.Product(x, y, n));
        double operations = 2.0 * n * n * n;
        if (Blas.Of<T>(threads) is { } blas)
        {
            double[] best = Timing.Best(s_budget, Avial, () => blas(n, a, b, c));
            table.Add($"product {n}×{n} {Name<T>()}, C: OpenBLAS", $"{threads}", Table.Time(best[0]), Table.Time(best[1]), Table.Number(best[1] / best[0], "0.00"),
                $"{Table.Number(operations / best[0] / 1e9, "0.0")} GFlop/s");
        }
        if (n is 64 or 512)
        {
            Add(table, compilers, threads, "product", n, a, b, c, Avial, operations, isFlops: true);
        }
    }

    private static void AddPoints<T>(CompiledKernels<T> work, Table table, CompiledC[] compilers, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const long Bodies = 2048;
        T[] a = Ramp<T>(Bodies), b = Ramp<T>(Bodies), c = new T[Bodies];
        Array1D<T> x = Array1D.From(a), y = Array1D.From(b);
        Add(table, compilers, threads, "bodies", Bodies, a, b, c, () => EvaluateAndDrop(work.Bodies(x, y, Bodies)), 12.0 * Bodies * Bodies, isFlops: true);
    }

    private static void Add<T>(
        Table table, CompiledC[] compilers, int threads, string name, long n, T[] a, T[] b, T[] c, Action avial, double amount, bool isFlops) where T : unmanaged
    {
        string function = $"{name}_{(typeof(T) == typeof(double) ? "f64" : "f32")}";
        Action[] loops = [.. compilers.Select<CompiledC, Action>(compiler => () =>
        {
            fixed (T* first = a, second = b, third = c)
            {
                compiler.Function(function)(n, first, second, third, 0.75);
            }
        })];
        double[] best = Timing.Best(s_budget, [avial, .. loops]);
        int fastest = Enumerable.Range(1, loops.Length).MinBy(i => best[i]);
        string rate = isFlops ? $"{Table.Number(amount / best[0] / 1e9, "0.0")} GFlop/s" : $"{Table.Number(amount / best[0] / 1e9, "0.0")} GB/s";
        table.Add($"{name} {n} {Name<T>()}, C: {compilers[fastest - 1].Compiler}", $"{threads}", Table.Time(best[0]), Table.Time(best[fastest]), Table.Number(best[fastest] / best[0], "0.00"), rate);
    }

    private static string Name<T>() => typeof(T) == typeof(double) ? "doubles" : "floats";

    private static void EvaluateAndDrop<T>(NdArray<T> array) where T : unmanaged
    {
        Compute.Evaluate(array);
        array.Dispose();
    }

    private static T[] Ramp<T>(long n) where T : unmanaged, INumber<T>
    {
        var values = new T[n];
        for (long i = 0; i < n; i++)
        {
            values[i] = T.CreateChecked(0.5 + i % 1000 * 0.001);
        }
        return values;
    }
}

/// <summary>OpenBLAS's matrix products, where it is installed.</summary>
internal static unsafe class Blas
{
    private const int RowMajor = 101;
    private const int NoTranspose = 111;

    private static readonly nint s_library = NativeLibrary.TryLoad("libopenblas.so.0", out nint library) ? library : 0;

    /// <summary>c = a · b on so many threads; null where there is no OpenBLAS.</summary>
    public static Action<long, T[], T[], T[]>? Of<T>(int threads) where T : unmanaged
    {
        if (s_library == 0)
        {
            return null;
        }
        ((delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(s_library, "openblas_set_num_threads"))(threads);
        nint function = NativeLibrary.GetExport(s_library, typeof(T) == typeof(double) ? "cblas_dgemm" : "cblas_sgemm");
        return (n, a, b, c) =>
        {
            fixed (T* first = a, second = b, third = c)
            {
                int side = (int)n;
                if (typeof(T) == typeof(double))
                {
                    ((delegate* unmanaged[Cdecl]<int, int, int, int, int, int, double, void*, int, void*, int, double, void*, int, void>)function)(
                        RowMajor, NoTranspose, NoTranspose, side, side, side, 1, first, side, second, side, 0, third, side);
                }
                else
                {
                    ((delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, void*, int, void*, int, float, void*, int, void>)function)(
                        RowMajor, NoTranspose, NoTranspose, side, side, side, 1, first, side, second, side, 0, third, side);
                }
            }
        };
    }
}
