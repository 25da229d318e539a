using Avial.Execution;
using Avial.Planning.Plans;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Execution;

/// <summary>Schedules hold exactly what is read, and are made as seldom as what decides changes.</summary>
internal sealed class GatherScheduleTests
{
    private const int N = 60;
    private const int Ranks = 4;

    [Test]
    public void BandedMatrix_ExchangesOneElementWithEachNeighbour()
    {
        using var program = new RepeatedProgram(Ranks, Times(N, row => [Math.Max(0, row - 1), row, Math.Min(N - 1, row + 1)], 5));
        program.Run();

        for (int rank = 0; rank < Ranks; rank++)
        {
            GatherSchedule schedule = ScheduleOf(program, rank);
            int[] neighbours = [.. new[] { rank - 1, rank + 1 }.Where(r => r is >= 0 and < Ranks)];
            Assert.That(schedule.Receives.Select(p => (p.Peer.Value, p.Elements)), Is.EqualTo(neighbours.Select(r => (r, 1L))));
            Assert.That(schedule.Sends.Select(p => (p.Peer.Value, p.Elements)), Is.EqualTo(neighbours.Select(r => (r, 1L))));
        }
    }

    [Test]
    public void RandomMatrix_BringsEachNeededElementOnce([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        int[][] columns = [.. Enumerable.Range(0, N).Select(_ => Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(N)).ToArray())];
        using var program = new RepeatedProgram(Ranks, Times(N, row => columns[row], 3));
        program.Run();

        for (int rank = 0; rank < Ranks; rank++)
        {
            int size = N / Ranks;
            int[] needed = [.. columns[(rank * size)..((rank + 1) * size)].SelectMany(c => c).Distinct().Where(c => c / size != rank).Order()];
            GatherSchedule schedule = ScheduleOf(program, rank);
            Assert.That(schedule.Receives.SelectMany(p => Places(p.Runs)), Is.EqualTo(needed), $"seed {seed}");
            Assert.That(schedule.Receives.Select(p => p.Peer.Value), Is.EqualTo(needed.Select(c => c / size).Distinct()), $"seed {seed}");
            Assert.That(schedule.Received, Is.EqualTo(needed.Length), $"seed {seed}");
        }
    }

    [Test]
    public void Loop_WhosePlacesStay_IsInspectedOnceInAllRuns()
    {
        using var program = new RepeatedProgram(Ranks, Times(N, row => [(row * 7) % N], 20));
        program.Run();
        GatherSchedule first = ScheduleOf(program, 2);
        program.Run();

        Assert.That(program.Made, Is.All.EqualTo(1));
        Assert.That(ScheduleOf(program, 2), Is.SameAs(first));
    }

    [Test]
    public void Run_OnOtherArrays_IsInspectedAgain()
    {
        using var program = new RepeatedProgram(Ranks, Times(N, row => [(row * 7) % N], 20));
        program.Run();
        program.Run(withCopies: true);

        Assert.That(program.Made, Is.All.EqualTo(2));
    }

    [Test]
    public void Loop_WhosePlacesChange_IsInspectedAtEachStep()
    {
        Array1D<int> places = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7 % N)]);
        var (_, end) = Task.Repeat(6, (places, Array1D.From(new double[N])), (state, t) =>
        {
            var (at, x) = state;
            return (Task.On(Cpu).Run(N, i => (at[i] + 3) % N), Task.On(Cpu).Run(N, i => x[at[i]] + 1));
        });
        using var program = new RepeatedProgram(Ranks, end);
        program.Run();

        Assert.That(program.Made, Is.All.EqualTo(6));
    }

    private static Array1D<double> Times(int n, Func<int, int[]> columnsOf, int steps)
    {
        int[][] rows = [.. Enumerable.Range(0, n).Select(columnsOf)];
        Array1D<int> first = Array1D.From([.. Enumerable.Range(0, n + 1).Select(row => rows[..row].Sum(r => r.Length))]);
        Array1D<int> column = Array1D.From([.. rows.SelectMany(r => r), 0]);
        return Task.Repeat(steps, Array1D.From(new double[n]), x => Task.On(Cpu).Run(n, v => Sum(first[v], first[v + 1], k => x[column[k]])));
    }

    private static GatherSchedule ScheduleOf(RepeatedProgram program, int rank)
    {
        InspectStep step = program.StepsInLoop(rank).OfType<InspectStep>().Single();
        return (GatherSchedule)program.SchedulesOf(rank).Find(step.Tag, step.Lasting, [], step.Parts.AsSpan())!;
    }

    private static IEnumerable<long> Places(ReadOnlyMemory<long> runs)
    {
        for (int r = 0; r < runs.Length; r += 2)
        {
            for (long place = runs.Span[r]; place < runs.Span[r] + runs.Span[r + 1]; place++)
            {
                yield return place;
            }
        }
    }
}
