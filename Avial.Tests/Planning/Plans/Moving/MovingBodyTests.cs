using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Plans.Moving;
using Avial.Tests.PolyBench;
using Avial.Tests.Programs;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans.Moving;

/// <summary>Bodies that move in place are at every step what planning that step gives.</summary>
public sealed class MovingBodyTests
{
    private const int N = 61;

    private static readonly SortedDictionary<string, Func<int, IComputed>> s_programs = new(StringComparer.Ordinal)
    {
        ["lu"] = n => Lu.Avial(Matrix(n)),
        ["cholesky"] = n => Cholesky.Avial(Matrix(n)),
        ["floyd-warshall"] = n => FloydWarshall.Avial(Array2D.From(new int[n, n])),
        ["trapezoid"] = n => Task.Repeat(n / 2, Row(n), (s, t) => Task.On(Cpu).Run(new Domain1D(t + 1, n - 1 - t), i => s[i - 1] + s[i + 1]).Over(s)),
        ["prefix"] = n => Task.Repeat(n, Row(n), (s, t) => Task.On(Cpu).Run(new Domain1D(0, t), i => s[i] + s[t]).Over(s)),
        ["reflected"] = n => Task.Repeat(n, Row(n), (s, t) => Task.On(Cpu).Run(new Domain1D(0, t), i => s[i] + s[t - i]).Over(s)),
        ["strided"] = n => Task.Repeat(n / 3, Row(n), (s, t) => Task.On(Cpu).Run(new Domain1D(t, n / 3), i => s[2 * i + t] + s[n - 1 - i]).Over(s)),
        ["periodic"] = n => Task.Repeat(n, Row(n), (s, t) => Task.On(Cpu).Run(n, i => s.Wrap[i + t] + s.Wrap[i - 1])),
        ["periodic rows"] = n => Task.Repeat(n, Matrix(n), (s, t) =>
            Task.On(Cpu).Run(new Domain2D(new(t, n), new(0, n)), (i, j) => s.Wrap[i, j - 1] + s.Wrap[i + 1, j] + s.Wrap[i, j + 2]).Over(s)),
        ["periodic columns"] = n => Task.Repeat(n, Matrix(n), (s, t) => Task.On(Cpu).Run(new Domain2D(n, n), (i, j) => s[i, j] + s.Wrap[i + 1, j - t]).Over(s)),
        ["sum"] = n => Task.Repeat(n, Row(n), (s, t) =>
        {
            Scalar<double> sum = Task.On(Cpu).Reduce(new Domain1D(t, n), i => s[i], Reduction.Sum);
            return Task.On(Cpu).Run(new Domain1D(t, t + 1), i => sum.Value).Over(s);
        }),
        ["rows"] = n => Task.Repeat(n, Matrix(n), (s, t) =>
        {
            Array1D<double> sums = Task.On(Cpu).Run(n, i => Sum(t, n, j => s[i, j]));
            return Task.On(Cpu).Run(new Domain2D(new(0, n), new(t, t + 1)), (i, j) => sums[i]).Over(s);
        }),
        ["sweep"] = n => Task.Repeat(n, Matrix(n), (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(t + 1, n), new(1, n)), (x, i, j) => x[i - 1, j] + x[i, j - 1] + s[t, j])),
        ["sweep of fewer columns"] = n => Task.Repeat(n, Matrix(n), (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(1, n), new(t + 1, n)), (x, i, j) => x[i - 1, j] + x[i, j - 1] + s[i, t])),
        ["sweep from the end"] = n => Task.Repeat(n, Matrix(n), (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(t, n - 1), new(t, n - 2)).Reversed, (x, i, j) => x[i + 1, j] + x[i, j + 1] + x[i, j + 2])),
        ["slanted sweep"] = n => Task.Repeat(n, Matrix(n), (s, t) =>
            Task.On(Cpu).Sweep(s, new Domain2D(new(t + 1, n - 1), new(1, n - 1)), (x, i, j) => x[i - 1, j + 1] + x[i, j - 1] + x[i + 1, j])),
        ["sweep in whole parts"] = n => Task.Repeat(n, Row(n), (s, t) => Task.On(Cpu).Sweep(s, new Domain1D(t + 1, n), (x, i) => x[i - 1] + s[i])),
        ["scatter"] = n => Task.Repeat(n, Row(n), (s, t) => Task.On(Cpu).Scatter(new Domain1D(t, n), s, i => (7 * i + t) % n, i => s[i], Reduction.Sum)),
        ["ordered scatter"] = n => Task.Repeat(n, Row(n), (s, t) =>
            Task.On(Cpu).Scatter(new Domain2D(new(0, 5), new(t, n)), s, (i, j) => (7 * i + j) % n, (i, j) => s[j], Reduction.Of(0.0, (a, b) => a - b))),
        ["gather"] = n =>
        {
            Array1D<int> places = Array1D.From([.. Enumerable.Range(0, n).Select(k => k * 7 % n)]);
            return Task.Repeat(n, Row(n), (s, t) => Task.On(Cpu).Run(new Domain1D(t, n), i => s[places[i]] + s[i - t]).Over(s));
        },
        ["lines"] = n => Task.Repeat(n, Matrix(n), (s, t) => Task.On(Cpu).Sweep(s, new Domain2D(new(t + 1, n), new(1, n)), (x, i, j) => x[i, j - 1] + s[t, j])),
        ["inner loop"] = n => Task.Repeat(5, Row(n), (s, t) => Task.Repeat(4, s, (r, u) =>
            Task.On(Cpu).Run(new Domain1D(t + u, n), i => r[i] + r[i - u] + s[t]).Over(r))),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from name in s_programs.Keys
        from seed in (int[])[0, 1, 2, 3]
        from ranks in (int[])[1, 2, 3, 4, 7]
        where ranks > 1 || seed == 0
        select new TestCaseData(name, seed, ranks);

    [TestCaseSource(nameof(Cases))]
    public void At_EveryStep_IsWhatPlanningItGives(string name, int seed, int ranks)
    {
        var planned = Planned.Of(seed == 0 ? new ShapeChooser() : new RandomChooser(seed), ranks, s_programs[name](N));

        foreach (RankPlan plan in planned.Ranks)
        {
            AssertFollows(plan.Body, $"{name}, seed {seed}, {plan.Rank} of {ranks}", N / 3);
        }
    }

    [Test]
    public void At_OfGeneratedPrograms_IsWhatPlanningItGives([Range(0, 59)] int group)
    {
        for (int seed = 5 * group; seed < 5 * group + 5; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Generate(seed);
            for (int ranks = 1; ranks <= 4; ranks++)
            {
                Distribution[] sources = [.. program.Region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))];
                BodyPlan body = BodyPlanner.PlanProgram(program.Region, new RandomChooser(seed).Choose(program.Region, sources, ranks), ranks, []);
                for (int rank = 0; rank < ranks; rank++)
                {
                    AssertFollows(RankPlanBuilder.Build(body, new RankId(rank), [.. program.Scalars]).Body, $"seed {seed}, rank {rank} of {ranks}", 5);
                }
            }
        }
    }

    [TestCase("lu", 1, 5)]
    [TestCase("lu", 2, 5)]
    [TestCase("lu", 3, 9)]
    [TestCase("floyd-warshall", 1, 5)]
    [TestCase("floyd-warshall", 3, 9)]
    [TestCase("cholesky", 1, 5)]
    [TestCase("cholesky", 3, 9)]
    [TestCase("trapezoid", 1, 5)]
    [TestCase("trapezoid", 2, 9)]
    [TestCase("sum", 1, 5)]
    [TestCase("sum", 2, 9)]
    [TestCase("sweep", 1, 5)]
    [TestCase("sweep", 2, 5)]
    [TestCase("sweep", 4, 12)]
    [TestCase("sweep of fewer columns", 2, 12)]
    [TestCase("sweep from the end", 3, 12)]
    [TestCase("sweep in whole parts", 3, 9)]
    [TestCase("scatter", 2, 5)]
    [TestCase("scatter", 3, 9)]
    [TestCase("ordered scatter", 3, 12)]
    [TestCase("gather", 2, 8)]
    [TestCase("gather", 3, 12)]
    [TestCase("inner loop", 2, 5)]
    [TestCase("periodic", 1, 5)]
    [TestCase("periodic", 2, 12)]
    [TestCase("periodic", 3, 14)]
    [TestCase("periodic rows", 2, 5)]
    [TestCase("periodic rows", 3, 9)]
    [TestCase("periodic columns", 3, 9)]
    public void At_WhereOnlyEndsMove_PlansFewSteps(string name, int ranks, int most)
    {
        var planned = Planned.Of(new ShapeChooser(), ranks, s_programs[name](N));
        foreach (RankPlan plan in planned.Ranks)
        {
            MovingBody moving = plan.Body.Steps.OfType<LoopStep>().Single().Bodies.Follow()!;
            for (int step = 0; step < N / 3; step++)
            {
                moving.At(step);
            }
            Assert.That(moving.Planned, Is.LessThanOrEqualTo(most), $"{name} on {plan.Rank} of {ranks}");
        }
    }

    [TestCase("lu", 8)]
    [TestCase("floyd-warshall", 8)]
    [TestCase("cholesky", 9)]
    public void At_OfAllSteps_IsPlannedWhereOwnersChange(string name, int most)
    {
        // On a grid of two by two, whatever the size: at both ends of the loop, and where its row and column pass from one rank to the next.
        foreach (int n in (int[])[102, 407])
        {
            var planned = Planned.Of(new ShapeChooser(), 4, s_programs[name](n));
            foreach (RankPlan plan in planned.Ranks)
            {
                MovingBody moving = plan.Body.Steps.OfType<LoopStep>().Single().Bodies.Follow()!;
                for (int step = 0; step < n; step++)
                {
                    moving.At(step);
                }
                Assert.That(moving.Planned, Is.LessThanOrEqualTo(most), $"{name} of {n} on {plan.Rank}");
            }
        }
    }

    [Test]
    public void At_FarFromOtherOwners_IsPlannedAFewTimes(
        [Values("lu", "cholesky", "floyd-warshall", "periodic", "periodic rows", "periodic columns", "sweep", "sweep of fewer columns", "sweep from the end", "scatter", "gather")] string name,
        [Values(1, 2, 3, 4, 7, 8)] int ranks)
    {
        var planned = Planned.Of(new ShapeChooser(), ranks, s_programs[name](1021));
        foreach (RankPlan plan in planned.Ranks)
        {
            MovingBody moving = plan.Body.Steps.OfType<LoopStep>().Single().Bodies.Follow()!;
            for (int step = 0; step < 10; step++)
            {
                moving.At(step);
            }
            int before = moving.Planned;
            for (int step = 10; step < 60; step++)
            {
                moving.At(step);
            }
            Assert.That(before, Is.LessThan(10), $"{name} on {plan.Rank} of {ranks}");
            Assert.That(moving.Planned, Is.EqualTo(before), $"{name} on {plan.Rank} of {ranks}");
        }
    }

    [TestCase("sweep", typeof(ReceiveStep))]
    [TestCase("scatter", typeof(ScatterStep))]
    [TestCase("ordered scatter", typeof(ScatterStep))]
    [TestCase("gather", typeof(InspectStep))]
    [TestCase("gather", typeof(GatherStep))]
    public void At_OnRanks_HasStepsThatRanksTakeTogether(string name, Type step)
    {
        var planned = Planned.Of(new ShapeChooser(), 3, s_programs[name](N));

        Assert.That(planned.Steps<RankStep>(rank: 1).Select(s => s.GetType()), Has.Some.EqualTo(step));
    }

    [Test]
    public void At_WhereOnlyEndsMove_AllocatesNothing([Values("lu", "cholesky", "floyd-warshall", "trapezoid", "sum", "periodic", "periodic rows", "sweep", "sweep of fewer columns",
            "sweep from the end", "scatter", "gather")] string name, [Values(1, 2)] int ranks)
    {
        var planned = Planned.Of(new ShapeChooser(), ranks, s_programs[name](N));
        MovingBody moving = planned.Ranks[0].Body.Steps.OfType<LoopStep>().Single().Bodies.Follow()!;
        long step = 0;
        moving.At(step++);
        moving.At(step++);

        Assert.That(SteadyState.AllocatedBy(() =>
        {
            moving.At(step++);
            moving.At(step++);
        }), Is.Zero);
    }

    private static void AssertFollows(RankBody body, string about, int steps)
    {
        foreach (LoopStep loop in body.Steps.OfType<LoopStep>())
        {
            var follower = new Follower(loop);
            for (int step = 0; step < steps; step++)
            {
                follower.AssertAt(step, loop.Bodies, $"{about}, step {step}");
            }
            // A loop in a loop begins anew.
            follower.AssertAt(0, loop.Bodies, $"{about}, step 0 again");
        }
    }

    /// <summary>Follows a loop and those inside it.</summary>
    private sealed class Follower(LoopStep loop)
    {
        private readonly MovingBody? _moving = loop.Bodies.Follow();
        private readonly Dictionary<LoopStep, Follower> _inside = [];

        public void AssertAt(long step, LoopBodies planned, string about)
        {
            RankBody expected = planned.At(step);
            RankBody found = _moving?.At(step) ?? loop.Bodies.At(step);
            Assert.That(PlanComparison.FirstDifference(expected, found), Is.Null, about);
            for (int s = 0; s < found.Steps.Length; s++)
            {
                if (found.Steps[s] is LoopStep inner)
                {
                    if (!_inside.TryGetValue(inner, out Follower? follower))
                    {
                        _inside.Add(inner, follower = new Follower(inner));
                    }
                    for (int t = 0; t < 4; t++)
                    {
                        follower.AssertAt(t, ((LoopStep)expected.Steps[s]).Bodies, $"{about}, inner step {t}");
                    }
                }
            }
        }
    }

    private static Array1D<double> Row(int n) => Array1D.From(new double[n]);

    private static Array2D<double> Matrix(int n) => Array2D.From(new double[n, n]);
}
