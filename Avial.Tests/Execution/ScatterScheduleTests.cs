using Avial.Execution;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Planning.Plans;
using Avial.Tests.Programs;
using static Avial.Targets;

namespace Avial.Tests.Execution;

/// <summary>Where contributions go is found as seldom as what decides it changes, and the bits are those of one rank.</summary>
internal sealed class ScatterScheduleTests
{
    private const int N = 60;

    [Test]
    public void Loop_WhosePlacesStay_FindsThemOnceInAllRuns([Values(2, 3, 4, 7, 8)] int ranks, [Values] bool isGrid)
    {
        using var alone = new RepeatedProgram(1, Deposits(isGrid));
        using var program = new RepeatedProgram(ranks, Deposits(isGrid));
        Storage expected = alone.Run();

        for (int run = 0; run < 3; run++)
        {
            Assert.That(StorageBits.Difference([expected], [program.Run()]), Is.Null, $"run {run}");
        }
        Assert.That(program.Made, Is.All.EqualTo(1));
    }

    [Test]
    public void Run_OnOtherArrays_FindsThemAgain([Values(2, 4)] int ranks, [Values] bool isGrid)
    {
        using var program = new RepeatedProgram(ranks, Deposits(isGrid));
        Storage expected = program.Run();

        Assert.That(StorageBits.Difference([expected], [program.Run(withCopies: true)]), Is.Null);
        Assert.That(program.Made, Is.All.EqualTo(2));
    }

    [Test]
    public void Scatter_OutsideLoops_IsFoundOnceInAllRuns([Values(2, 4)] int ranks)
    {
        Array1D<int> places = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7 % 23)]);
        Array1D<double> values = Numbers();
        using var program = new RepeatedProgram(ranks, Task.On(Cpu).Scatter(N, Array1D.From(new double[40]), i => places[i], i => values[i], Reduction.Sum));
        Storage expected = program.Run();

        Assert.That(StorageBits.Difference([expected], [program.Run()]), Is.Null);
        Assert.That(program.Made, Is.All.EqualTo(1));
    }

    [Test]
    public void Places_ThatTheTargetDecides_AreNotKept([Values(2, 4)] int ranks)
    {
        Array1D<long> end = Task.Repeat(6, Array1D.From(new long[N]), s => Task.On(Cpu).Scatter(N, s, i => (7 * i + s[i]) % N, i => i, Reduction.Last));
        using var program = new RepeatedProgram(ranks, end);
        program.Run();

        Assert.That(program.Made, Is.All.Zero);
    }

    [Test]
    public void Places_ThatTheStepDecides_AreNotKept([Values(2, 4)] int ranks)
    {
        Array1D<double> values = Numbers();
        Array1D<double> end = Task.Repeat(6, Array1D.From(new double[N]), (s, t) => Task.On(Cpu).Scatter(N, s, i => (7 * i + t) % N, i => values[i], Reduction.Sum));
        using var alone = new RepeatedProgram(1, end);
        using var program = new RepeatedProgram(ranks, end);

        Assert.That(StorageBits.Difference([alone.Run()], [program.Run()]), Is.Null);
        Assert.That(program.Made, Is.All.Zero);
    }

    [Test]
    public void Plan_ThatKeepsPlacesWhichTheTargetDecides_IsRefused([Values] bool isForAllRuns)
    {
        Array1D<long> end = Task.Repeat(6, Array1D.From(new long[N]), s => Task.On(Cpu).Scatter(N, s, i => (7 * i + s[i]) % N, i => i, Reduction.Last));
        Planned planned = Planned.Of(new ShapeChooser(), 2, end);
        Lasting wrong = isForAllRuns ? new Lasting(0, []) : new Lasting(1, null);
        RankPlan[] plans = [.. planned.Ranks.Select(plan => plan with { Body = Keeping(plan.Body, wrong) })];

        Assert.That(PlanVerifier.Verify(planned.Ranks, planned.Scalars).Violations, Is.Empty);
        Assert.That(PlanVerifier.Verify(plans, planned.Scalars).Violations.Select(v => v.ToString()), Has.Some.Contains("which"));
    }

    [Test]
    public void Schedules_OfArraysThatAreGone_GoToo()
    {
        using var program = new RepeatedProgram(2, Deposits(isGrid: false));
        var first = new WeakReference(null);
        NoteSchedule(program, first);
        for (int run = 0; run < 10 && first.IsAlive; run++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            program.Run(withCopies: true);
        }

        Assert.That(first.IsAlive, Is.False);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void NoteSchedule(RepeatedProgram program, WeakReference schedule)
    {
        program.Run(withCopies: true);
        var step = program.StepsInLoop(0).OfType<ScatterStep>().Single();
        schedule.Target = program.SchedulesOf(0).Find(step.Tag, step.Lasting, [], [step.Part]);
        Assert.That(schedule.IsAlive);
    }

    private static RankBody Keeping(RankBody body, Lasting lasting) =>
        body with
        {
            Steps = [.. body.Steps.Select(s => s is LoopStep loop ? loop with { Bodies = new FixedLoopBodies(Keeping(loop.Bodies.At(0), lasting)) }
            : s is ScatterStep scatter ? scatter with { Lasting = lasting } : s)]
        };

    // Sums in floating point: another order would show.
    private static IComputed Deposits(bool isGrid)
    {
        if (isGrid)
        {
            Array2D<int> rows = Array2D.From(new int[12, 5]);
            Array2D<int> at = Array2D.From(Table((i, j) => (i * 5 + j) * 7 % 6));
            Array2D<double> grid = Array2D.From(Table((i, j) => 1.0 / (1 + i * 5 + j)));
            return Task.Repeat(5, Array2D.Fill((6, 7), 0.1), s =>
                Task.On(Cpu).Scatter((12, 5), s, (i, j) => KernelMath.At(at[i, j] + rows[i, j], (i + 3 * j) % 7), (i, j) => grid[i, j] * s[i % 6, j], Reduction.Sum));
        }
        Array1D<int> places = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7 % 23)]);
        Array1D<double> values = Numbers();
        return Task.Repeat(5, Array1D.Fill(40, 0.1), s => Task.On(Cpu).Scatter(N, s, i => places[i], i => values[i] * s[i % 40], Reduction.Sum));
    }

    private static Array1D<double> Numbers() => Array1D.From([.. Enumerable.Range(0, N).Select(i => 1.0 / (1 + i))]);

    private static T[,] Table<T>(Func<int, int, T> element)
    {
        var table = new T[12, 5];
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                table[i, j] = element(i, j);
            }
        }
        return table;
    }
}
