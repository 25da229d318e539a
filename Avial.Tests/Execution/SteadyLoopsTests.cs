using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Tests.Programs;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Execution;

/// <summary>What a program's loops allocate does not grow with the number of their steps.</summary>
[NonParallelizable] // what all threads allocate counts
public sealed class SteadyLoopsTests
{
    private const int Few = 500, Many = 3500;

    // Code that .NET has not optimised yet allocates here and there: it takes a while until all of it is.
    private const int MostTries = 200;

    // Where messages are free, places are not worth finding or keeping, and sweeps not worth sharing.
    private static readonly Dictionary<string, IDistributionChooser> s_choosers = new()
    {
        ["gather"] = new ShapeChooser(),
        ["periodic reads that move"] = new ShapeChooser(),
        ["scatter whose places stay"] = new ShapeChooser(),
        ["scatter of a grid whose places stay"] = new ShapeChooser(),
        ["sweep that moves"] = new AxisChooser(0, 0) { Tiles = new FixedTiles(4) },
        ["scatter that moves"] = new ShapeChooser(),
    };

    private static readonly SortedDictionary<string, Func<long, IComputed>> s_programs = new(StringComparer.Ordinal)
    {
        ["halos"] = steps => Task.Repeat(steps, Row(90), s => Task.On(Cpu).Run(90, i => 0.5 * (s.Clamp[i - 1] + s.Clamp[i + 1]))),
        ["periodic halos"] = steps => Task.Repeat(steps, Row(90), s => Task.On(Cpu).Run(90, i => 0.5 * (s.Wrap[i - 2] + s.Wrap[i + 1]))),
        ["faces"] = steps => Task.Repeat(steps, Matrix(12, 15), s =>
            Task.On(Cpu).Run(s.Interior(1), (i, j) => 0.25 * (s[i - 1, j] + s[i + 1, j] + s[i, j - 1] + s[i, j + 1])).Over(s)),
        ["two arrays"] = steps => Task.Repeat(steps, (A: Row(90), B: Row(90)), s =>
        {
            Array1D<double> a = Task.On(Cpu).Run(90, i => s.B.Clamp[i - 1] - s.A[i]);
            return (A: a, B: Task.On(Cpu).Run(90, i => a.Clamp[i + 1] + s.B[i]));
        }).A,
        ["reduction"] = steps => Task.Repeat(steps, Row(90), s =>
        {
            Scalar<double> most = Task.On(Cpu).Reduce(90, i => Math.Abs(s[i]), Reduction.Max);
            return Task.On(Cpu).Run(90, i => s.Clamp[i - 1] / (1 + most.Value));
        }),
        ["sum"] = steps => Task.Repeat(steps, Row(90), s =>
        {
            Scalar<double> sum = Task.On(Cpu).Reduce(90, i => s[i], Reduction.Sum);
            return Task.On(Cpu).Run(90, i => s[i] / (1 + Math.Abs(sum.Value)));
        }),
        ["rows' sums"] = steps => Task.Repeat(steps, Matrix(12, 15), s =>
        {
            Array1D<double> sums = Task.On(Cpu).Run(15, j => Sum(0, 12, i => s[i, j]));
            return Task.On(Cpu).Run(new Domain2D(12, 15), (i, j) => s[i, j] / (1 + Math.Abs(sums[j])));
        }),
        ["transpose"] = steps => Task.Repeat(steps, Matrix(13, 13), s => Task.On(Cpu).Run(new Domain2D(13, 13), (i, j) => s[j, i] + 1)),
        ["prefix sums"] = steps => Task.Repeat(steps, Row(700), s => Task.On(Cpu).Scan(700, i => 0.001 * s[i], Reduction.Sum)),
        ["user's fold"] = steps => Task.Repeat(steps, Row(1800), s =>
        {
            Scalar<double> sum = Task.On(Cpu).Reduce(1800, i => s[i], Reduction.Of(0.0, (a, b) => a + b));
            return Task.On(Cpu).Run(1800, i => s[i] / (1 + Math.Abs(sum.Value)));
        }),
        ["scatter"] = steps => Task.Repeat(steps, Array1D.Fill(90, 0), s => Task.On(Cpu).Scatter(90, s, i => (7 * i + s[i]) % 90, i => 1, Reduction.Sum)),
        ["scatter whose places stay"] = steps =>
        {
            Array1D<int> places = Array1D.From([.. Enumerable.Range(0, 90).Select(i => i * 7 % 40)]);
            return Task.Repeat(steps / 10, Array1D.Fill(90, 0.1), s =>
                Task.Repeat(10, s, r => Task.On(Cpu).Scatter(90, r, i => places[i], i => 0.01 * r[i], Reduction.Sum)));
        },
        ["scatter of a grid whose places stay"] = steps =>
            Task.Repeat(steps, Matrix(12, 15), s => Task.On(Cpu).Scatter((12, 15), s, (i, j) => At(j % 12, i), (i, j) => 0.01 + 0.1 * s[i, j], Reduction.Sum)),
        ["convergence"] = steps => Task.RepeatUntil((X: Row(90), N: Scalar.Of(0L)), s =>
                (X: Task.On(Cpu).Run(90, i => 0.5 * (s.X.Clamp[i - 1] + s.X.Clamp[i + 1])), N: Task.On(Cpu).Run(() => s.N.Value + 1)),
            s => s.N >= steps, limit: 10_000).X,
        ["gather"] = steps =>
        {
            Array1D<int> places = Array1D.From([.. Enumerable.Range(0, 270).Select(k => k * 7 % 90)]);
            return Task.Repeat(steps / 10, Row(90), s => Task.Repeat(10, s, r => Task.On(Cpu).Run(90, i => 0.3 * Sum(0, 3, k => r[places[3 * i + k]]))));
        },
        ["inner loop"] = steps => Task.Repeat(steps / 10, Row(90), s => Task.Repeat(10, s, r => Task.On(Cpu).Run(90, i => 0.5 * (r.Clamp[i - 1] + r.Clamp[i + 1])))),
        ["rows that move"] = steps => Task.Repeat(steps, Matrix(12_000, 2), (s, t) =>
            Task.On(Cpu).Run(new Domain2D(new(t + 1, t + 40), new(0, 2)), (i, j) => s[i, j] + s[t, j]).Over(s)),
        ["what moves shrinks"] = steps => Task.Repeat(steps, Row(12_000), (s, t) => Task.On(Cpu).Run(new Domain1D(t + 1, 11_990), i => s[i] + s[t]).Over(s)),
        ["periodic reads that move"] = steps => Task.Repeat(steps, Row(12_000), (s, t) =>
            Task.On(Cpu).Run(new Domain1D(t, t + 40), i => 0.5 * (s.Wrap[i - 4001] + s.Wrap[i + 8100])).Over(s)),
        ["sweep that moves"] = steps => Task.Repeat(steps, Matrix(12, 12_000), (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(1, 12), new(t + 1, t + 40)), (x, i, j) => 0.5 * x[i - 1, j] - x[i, j - 1])),
        ["scatter that moves"] = steps => Task.Repeat(steps, Row(12_000), (s, t) =>
            Task.On(Cpu).Scatter(new Domain1D(t, t + 40), s, i => (7 * i + t) % 12_000, i => s[i], Reduction.Sum)),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from name in s_programs.Keys
        from ranks in (int[])[1, 2, 3]
        select new TestCaseData(name, ranks);

    [TestCaseSource(nameof(Cases))]
    public void Loop_OfMoreSteps_AllocatesNoMore(string name, int ranks)
    {
        using Session session = Session.Create(o => o with { Ranks = ranks, Threads = ranks, Machine = MachineModel.Ideal(ranks), Verify = false });
        if (s_choosers.TryGetValue(name, out IDistributionChooser? chooser))
        {
            session.Runner.Plans.Chooser = chooser;
        }
        Allocated(name, Few);
        long few = long.MaxValue, many = long.MaxValue;
        for (int i = 0; i < MostTries && (i == 0 || many - few >= Many - Few); i++)
        {
            few = Math.Min(few, Allocated(name, Few));
            many = Math.Min(many, Allocated(name, Many));
        }

        Assert.That(many - few, Is.LessThan(Many - Few), $"bytes of {Many - Few} steps, beside {few} of the first {Few}");
    }

    private static long Allocated(string name, long steps)
    {
        IComputed result = s_programs[name](steps);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Compute.EvaluateAsync([result]).AsTask().Wait();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static Array1D<double> Row(int n) => Array1D.From(Enumerable.Range(0, n).Select(i => (double)(i % 7)).ToArray());

    private static Array2D<double> Matrix(int n, int m) => Array2D.From(new double[n, m]);
}
