using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.PolyBench;
using Avial.Tests.Programs;
using static Avial.Targets;

namespace Avial.Tests.Execution;

/// <summary>No rank makes more memory for arrays than its plan says, and no more than the certificate says, where as much as that is all that it may hold.</summary>
public sealed class PeakMemoryTests
{
    private const int N = 61;

    private static readonly SortedDictionary<string, Func<IComputed>> s_programs = new(StringComparer.Ordinal)
    {
        ["lu"] = () => Lu.Avial(Matrix()),
        ["cholesky"] = () => Cholesky.Avial(Matrix()),
        ["floyd-warshall"] = () => FloydWarshall.Avial(Task.On(Cpu).Run((N, N), (i, j) => (int)(i * j % 7))),
        ["what is brought grows"] = () => Task.Repeat(N, Row(), (s, t) => Task.On(Cpu).Run(new Domain1D(0, t), i => s[i] + 0.5 * s[t - i]).Over(s)),
        ["what is brought shrinks"] = () => Task.Repeat(N - 1, Row(), (s, t) => Task.On(Cpu).Run(new Domain1D(t, N), i => s[i] - 0.5 * s[N - 1 - i + t]).Over(s)),
        ["periodic"] = () => Task.Repeat(N, Row(), (s, t) => Task.On(Cpu).Run(N, i => s.Wrap[i + t] + s.Wrap[i - 1])),
        ["sweep"] = () => Task.Repeat(N, Matrix(), (s, t) => Task.On(Cpu).Sweep(s, new Domain2D(new(t + 1, N), new(1, N)), (x, i, j) => 0.5 * x[i - 1, j] - x[i, j - 1] + s[t, j])),
        ["arrays of many sizes"] = () =>
        {
            Array1D<double> first = Task.On(Cpu).Run(3 * N, i => i * 0.5);
            Array1D<double> second = Task.On(Cpu).Run(2 * N, i => first[i] + first[i + 50] + first[3 * N - 1 - i]);
            Array1D<double> third = Task.On(Cpu).Run(N, i => second[i] + second[2 * N - 1 - i]);
            return Task.On(Cpu).Run(5 * N, i => third[i % N] + third[N - 1 - i % N]);
        },
        ["loop in a loop"] = () => Task.Repeat(9, Row(), (s, t) => Task.Repeat(4, s, (r, u) => Task.On(Cpu).Run(new Domain1D(t + u, N), i => r[i] - r[i - u] + s[t]).Over(r))),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from name in s_programs.Keys
        from ranks in RankRuns.Counts
        select new TestCaseData(name, ranks);

    [TestCaseSource(nameof(Cases))]
    public void Run_WithAsMuchAsItsPlanSays_MakesNoMore(string name, int ranks)
    {
        BuiltRegion built = SessionRunner.Describe([((IComputedHandle)s_programs[name]()).Output]);
        for (int seed = 0; seed < 4; seed++)
        {
            var cache = new PlanCache(new ManagedCodeGenerator(), isVerifying: true, ranks, seed == 0 ? new ShapeChooser() : new RandomChooser(seed));
            ProgramPlan plan = cache.Get(built.Region, isFusing: true, [.. built.Sources.Select(s => Distribution.Everywhere(s.Type.Box, ranks))]);
            RankPlan[] plans = [.. Enumerable.Range(0, ranks).Select(r => plan.Of(new RankId(r), built.Scalars))];
            long[] predicted = [.. plans.Select(p => PlanMemory.Of(p, built.Scalars).Bytes)];
            long[] certified = [.. PlanVerifier.Verify(plans, built.Scalars).Certificate.Peaks.Select(p => p.Bytes)];
            using var team = new RankTeam(1, ranks, TimeSpan.FromSeconds(60));

            // Where nothing may be kept free, each rank makes what its own plan needs.
            AssertMakes(1, rank => Math.Min(predicted[rank], certified[rank]));
            AssertMakes(predicted.Max(), _ => Math.Min(predicted.Max(), certified.Max()));

            void AssertMakes(long limit, Func<int, long> most)
            {
                var run = new ProgramRun(plan, built.Scalars, team, [.. built.Sources.Select(s => s.Node.ValueOf(s.Index)!)]) { MemoryPerRank = limit, IsPoisoning = true };
                run.Run();
                for (int rank = 0; rank < ranks; rank++)
                {
                    Assert.That(run.PeakBytes[rank], Is.LessThanOrEqualTo(most(rank)), $"seed {seed}, rank {rank} of {ranks}, who may hold {limit}: {predicted[rank]} predicted, {certified[rank]} certified");
                }
            }
        }
    }

    // Made by the program: what is given to it is not made.
    private static Array1D<double> Row() => Task.On(Cpu).Run(N, i => i * 0.5);

    private static Array2D<double> Matrix() => Task.On(Cpu).Run((N, N), (i, j) => i == j ? 2.0 * N : 1.0 / (1 + i + j));
}
