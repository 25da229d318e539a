using Avial.Planning.Distributing;
using Avial.Tests.Library;
using Avial.Tests.Programs;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Loops whose boxes move with the step have the bits of one rank on any number of ranks, however many steps they have.</summary>
public sealed class MovingLoopsTests
{
    private const int N = 23, M = 17;

    private static readonly SortedDictionary<string, Func<long, Array2D<double>>> s_programs = new(StringComparer.Ordinal)
    {
        ["periodic rows"] = steps => Task.Repeat(steps, Start, (s, t) =>
            Task.On(Cpu).Run(new Domain2D(new(t, N), new(0, M)), (i, j) => 0.5 * s.Wrap[i, j - 1] - s.Wrap[i + 1, j] + 0.25 * s.Wrap[i, j + 2]).Over(s)),
        ["periodic reads that go round"] = steps => Task.Repeat(steps, Start, (s, t) => Task.On(Cpu).Run(new Domain2D(N, M), (i, j) => s[i, j] - 0.5 * s.Wrap[i + t, j - 2 * t])),
        ["pipelined sweep of fewer rows"] = steps => Task.Repeat(steps, Start, (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(t + 1, N), new(1, M)), (x, i, j) => 0.5 * x[i - 1, j] - x[i, j - 1] + 0.25 * s[t, j])),
        ["pipelined sweep of fewer columns"] = steps => Task.Repeat(steps, Start, (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(1, N), new(t, M)), (x, i, j) => 0.5 * x[i - 1, j] - x[i, j] / 3)),
        ["pipelined sweep from the end"] = steps => Task.Repeat(steps, Start, (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(t, N - 1), new(0, M - 2)).Reversed, (x, i, j) => 0.5 * x[i + 1, j] + x[i, j + 1] - x[i, j + 2])),
        ["slanted sweep"] = steps => Task.Repeat(steps, Start, (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(t + 1, N - 1), new(1, M - 1)), (x, i, j) => 0.5 * x[i - 1, j + 1] - x[i, j - 1] + 0.25 * x[i + 1, j])),
        ["scatter"] = steps => Task.Repeat(steps, Start, (s, t) =>
            Task.On(Cpu).Scatter(new Domain2D(new(t, N), new(0, M)), s, (i, j) => At((7 * i + t) % N, (3 * j + i) % M), (i, j) => s[i, j] / 7, Reduction.Of(0.0, (a, b) => a - b))),
        ["gather"] = steps =>
        {
            Array1D<int> places = Array1D.From([.. Enumerable.Range(0, N).Select(k => k * 7 % N)]);
            return Task.Repeat(steps, Start, (s, t) => Task.On(Cpu).Run(new Domain2D(new(t, N), new(0, M)), (i, j) => 0.5 * s[places[i], j] - s[t, j]).Over(s));
        },
        ["loop in a loop"] = steps => Task.Repeat(steps, Start, (s, t) => Task.Repeat(3, s, (r, u) =>
            Task.On(Cpu).Sweep(r, new Domain2D(new(t + u + 1, N), new(u, M)), (x, i, j) => 0.5 * x[i - 1, j] - r.Wrap[i + u, j]))),
    };

    private static Array2D<double> Start => Array2D.From(Samples.Make(N, M, (i, j) => (double)((3 * i + 5 * j) % 11) / 3));

    private static IEnumerable<TestCaseData> Cases =>
        from name in s_programs.Keys
        from ranks in RankRuns.Counts
        select new TestCaseData(name, ranks);

    [TestCaseSource(nameof(Cases))]
    public void Loop_OnRanks_HasTheBitsOfOneRank(string name, int ranks)
    {
        foreach (long steps in (long[])[0, 1, 2, M - 4])
        {
            double[,] expected = On(1, null, name, steps);
            for (int seed = 0; seed < 4; seed++)
            {
                IDistributionChooser chooser = seed switch
                {
                    0 => new ShapeChooser(),
                    1 => new AxisChooser(0, 0) { Tiles = new FixedTiles(4) },
                    _ => new RandomChooser(seed),
                };
                Assert.That(On(ranks, chooser, name, steps), Is.EqualTo(expected), $"{ranks} ranks, {steps} steps, seed {seed}");
            }
        }
    }

    private static double[,] On(int ranks, IDistributionChooser? chooser, string name, long steps)
    {
        using Session session = RankSession.Open(ranks, chooser, isVerifying: true);
        return s_programs[name](steps).ToArray();
    }
}
