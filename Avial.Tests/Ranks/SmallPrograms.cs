using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Programs over few elements, one for each way in which ranks may have to speak with each other.</summary>
internal static class SmallPrograms
{
    private static readonly int[] s_v = [.. Enumerable.Range(0, 13).Select(i => i * i % 17)];
    private static readonly int[,] s_m = Library.Samples.Make(4, 6, (i, j) => 10 * i + j);

    private static Array1D<int> V => Array1D.From(s_v);

    private static Array2D<int> M => Array2D.From(s_m);

    private static Array1D<int> Squares => Task.On(Auto).Run(17, i => (int)(i * i));

    private static Array2D<double> Thirds => Task.On(Auto).Run((7, 9), (i, j) => (double)(i * j % 17) / 3);

    public static IEnumerable<SmallProgram> All =>
    [
        new("periodic halo", () => Task.Repeat(5, V, s => Task.On(Cpu).Run(13, i => s.Wrap[i - 1] + 2 * s[i] + s.Wrap[i + 2])).ToArray()),
        new("clamped halo", () => Task.Repeat(5, V, s => Task.On(Cpu).Run(13, i => s.Clamp[i - 1] + 2 * s[i] + s.Clamp[i + 2])).ToArray()),
        new("padded halo", () => Task.Repeat(5, V, s => Task.On(Cpu).Run(13, i => s.Or(3)[i - 1] + 2 * s[i] + s.Or(3)[i + 2])).ToArray()),
        new("periodic halo with corners", () => Task.Repeat(5, M, s => Task.On(Cpu).Run((4, 6), (i, j) => s.Wrap[i - 1, j] + 2 * s[i, j] + s.Wrap[i + 1, j - 1])).ToArray()),
        new("clamped halo with corners", () => Task.Repeat(5, M, s => Task.On(Cpu).Run((4, 6), (i, j) => s.Clamp[i - 1, j] + 2 * s[i, j] + s.Clamp[i + 1, j - 1])).ToArray()),
        new("moving part", () => Task.Repeat(5, V, (s, t) => Task.On(Cpu).Run(new Domain1D(t, t + 4), i => s.Clamp[i - 1] + 2 * s[i]).Over(s)).ToArray()),
        new("moving row", () => Task.Repeat(4, M, (s, t) => Task.On(Cpu).Run(new Domain2D(new(t, t + 1), new(0, 6)), (i, j) => s.Wrap[i - 1, j] + s.Clamp[i, j + 1]).Over(s)).ToArray()),
        new("row and column of the step", () => Task.Repeat(4, M, (s, t) => Task.On(Cpu).Run((4, 6), (i, j) => s[t, j] + s[i, t])).ToArray()),
        new("matrix and vector", () => M.MatVec(Array1D.From([1, 2, 3, 4, 5, 6])).ToArray()),
        new("larger result", () => Let(M, a => Task.On(Auto).Run((6, 8), (i, j) => a.Or(-1)[i - 1, j - 1])).ToArray()),
        new("gather", () => Let(V, a => Task.On(Auto).Run(13, i => a[a[i] % 13])).ToArray()),
        new("gather of what is computed", () => Let(Squares, a => Let(a + 1, b => Task.On(Auto).Run(17, i => b[a[i] % 17]))).ToArray()),
        new("scan", () => Let(Squares, a => Task.On(Auto).Scan(17, i => (double)a[i] / 3, Reduction.Sum)).ToArray()),
        new("scan along an axis", () => Let(Thirds, a => Task.On(Auto).Scan(a.Domain, (i, j) => a[i, j], Reduction.Sum, axis: 0)).ToArray()),
        new("scatter", () => Let(V, a => Task.On(Auto).Scatter(13, Array1D.Fill(17, 0), k => a[k], k => a[k] + (int)k, Reduction.Sum)).ToArray()),
        new("sweep", () => Task.On(Auto).Sweep(Thirds, (1..7, 1..9), (s, i, j) => s[i - 1, j] + s[i, j - 1] * 0.5 + s[i, j]).ToArray()),
        new("mean", () => One(Thirds.Reduce(Reduction.Mean).Value)),
        new("product", () => One(Let(Squares, a => Task.On(Auto).Reduce(17, i => (a[i] + 1.0) / 3, Reduction.Product)).Value)),
        new("sum", () => One(Task.On(Auto).Reduce(1037, i => (float)(i * i % 11) / 7, Reduction.Sum).Value)),
        new("sums along an axis", () => Let(Thirds, a => Task.On(Auto).Reduce((7, 9), (i, j) => a[i, j] / 3, Reduction.Sum, axis: 0)).ToArray()),
        new("maxima along the middle axis", () => Task.On(Auto).Reduce((5, 7, 6), (i, j, k) => (float)(i * j * k % 11) / 7, Reduction.Max, axis: 1).ToArray()),
        new("transposes", () => Task.Repeat(3, Array2D.From(new double[6, 6]), s => Task.On(Auto).Run((6, 6), (i, j) => s[j, i] + i * 0.5 - j)).ToArray()),
        new("periodic reads of a transpose", () => Let(M.Transpose(), t => Task.On(Cpu).Run((6, 4), (i, j) => t.Wrap[i + 1, j - 1])).ToArray()),
        new("concatenation", () => Array1D.Concat([Squares, V, Squares]).ToArray()),
        new("strides", () => Squares.Strided(3).Reversed().ToArray()),
        new("reversals", () => Task.Repeat(3, V, s => s.Reversed()).ToArray()),
        new("reshaped source", () => M.Reshape(2, 12).Row(1).ToArray()),
        new("reshaped result", () => (Task.On(Auto).Run((9, 8), (i, j) => (int)(i * 10 + j)).Reshape(6, 12) + 1).ToArray()),
        new("reshape in a loop", () => Task.Repeat(3, M, s => Let(s.Reshape(24), f => Task.On(Auto).Run((4, 6), (i, j) => f.Wrap[i * 6 + j + 1]))).ToArray()),
        new("far periodic reads", () => Let(Squares, a => Task.On(Auto).Run(17, i => a.Wrap[i + 9] + a.Clamp[i - 3])).ToArray()),
        new("loop with an end that depends on data", Until),
        new("loop in a loop", () => Task.Repeat(3, V, s => Task.Repeat(2, s, u => Task.On(Auto).Run(13, i => u.Clamp[i + 1] + s.Clamp[i - 1]))).ToArray()),
        new("arrays that change places", Swapping),
        new("arrays of different shapes", Shapes),
        new("code of the user's own", Call),
        new("one evaluation after another", Evaluations),
    ];

    private static TResult Let<T, TResult>(T value, Func<T, TResult> use) => use(value);

    private static double[] One(double value) => [value];

    private static double[] Until()
    {
        var (x, steps) = Task.RepeatUntil(V.Cast<double>(), (s, _) => Task.On(Auto).Run(13, i => 0.5 * (s.Clamp[i - 1] + s.Clamp[i + 1])), s => s[0] > 6);
        return [.. x.ToArray(), steps.Value];
    }

    private static int[] Swapping()
    {
        var (a, b) = Task.Repeat(5, (A: V, B: Task.On(Auto).Run(13, i => (int)i)), s => (s.B, Task.On(Auto).Run(13, i => s.A[i] + s.B.Clamp[i + 1])));
        return [.. a.ToArray(), .. b.ToArray()];
    }

    private static int[] Shapes()
    {
        var (a, b) = Task.Repeat(5, (A: V, B: Task.On(Auto).Run((5, 3), (i, j) => (int)(i + j))), s => (
            Task.On(Auto).Run(13, i => s.A.Wrap[i + 3] + s.B[i % 5, i % 3]),
            Task.On(Auto).Run((5, 3), (i, j) => s.A[i * j] + s.B.Wrap[i + 1, j + 2])));
        return [.. a.ToArray(), .. b.ToArray().Cast<int>()];
    }

    private static int[] Call()
    {
        Array1D<int> a = Squares;
        Array1D<int> b = Task.On(Auto).Call(a, Output.Of<int>(17), (read, write) =>
        {
            for (int i = 0; i < 17; i++)
            {
                write[i] = read[16 - i];
            }
        });
        return Task.On(Auto).Run(17, i => b[i] + a.Clamp[i + 1]).ToArray();
    }

    private static double[,] Evaluations()
    {
        Array2D<double> a = Thirds;
        Compute.Evaluate(a);
        Array2D<double> b = Task.On(Auto).Run((9, 7), (i, j) => a[j, i]);
        Compute.Evaluate(b);
        return Task.On(Auto).Run((7, 9), (i, j) => a[i, j] - b[j, i] + a.Clamp[i + 2, j - 3]).ToArray();
    }
}
