using System.Collections.Immutable;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
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
        using var program = new Program(Times(N, row => [Math.Max(0, row - 1), row, Math.Min(N - 1, row + 1)], 5));
        program.Run();

        for (int rank = 0; rank < Ranks; rank++)
        {
            GatherSchedule schedule = program.ScheduleOf(rank);
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
        using var program = new Program(Times(N, row => columns[row], 3));
        program.Run();

        for (int rank = 0; rank < Ranks; rank++)
        {
            int size = N / Ranks;
            int[] needed = [.. columns[(rank * size)..((rank + 1) * size)].SelectMany(c => c).Distinct().Where(c => c / size != rank).Order()];
            GatherSchedule schedule = program.ScheduleOf(rank);
            Assert.That(schedule.Receives.SelectMany(p => Places(p.Runs)), Is.EqualTo(needed), $"seed {seed}");
            Assert.That(schedule.Receives.Select(p => p.Peer.Value), Is.EqualTo(needed.Select(c => c / size).Distinct()), $"seed {seed}");
            Assert.That(schedule.Received, Is.EqualTo(needed.Length), $"seed {seed}");
        }
    }

    [Test]
    public void Loop_WhosePlacesStay_IsInspectedOnceInAllRuns()
    {
        using var program = new Program(Times(N, row => [(row * 7) % N], 20));
        program.Run();
        GatherSchedule first = program.ScheduleOf(2);
        program.Run();

        Assert.That(program.Made, Is.All.EqualTo(1));
        Assert.That(program.ScheduleOf(2), Is.SameAs(first));
    }

    [Test]
    public void Run_OnOtherArrays_IsInspectedAgain()
    {
        using var program = new Program(Times(N, row => [(row * 7) % N], 20));
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
        using var program = new Program(end);
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

    /// <summary>A program planned for some ranks, run again and again.</summary>
    private sealed class Program : IDisposable
    {
        private readonly BuiltRegion _built;
        private readonly ProgramPlan _plan;
        private readonly PlacedArray[] _sources;
        private readonly RankTeam _team = new(1, Ranks, TimeSpan.FromSeconds(60));

        public Program(IComputed result)
        {
            _built = SessionRunner.Describe([((IComputedHandle)result).Output]);
            ImmutableArray<Distribution> everywhere = [.. _built.Region.Parameters.Select(p => Distribution.Everywhere(p.Box, Ranks))];
            _plan = new PlanCache(new ManagedCodeGenerator(), isVerifying: true, Ranks, new ShapeChooser()).Get(_built.Region, isFusing: true, everywhere);
            _sources = [.. _built.Sources.Select(s => s.Node.ValueOf(s.Index)!)];
        }

        public IEnumerable<int> Made => Enumerable.Range(0, Ranks).Select(r => _plan.SchedulesOf(new RankId(r)).Made);

        public void Run(bool withCopies = false)
        {
            PlacedArray[] sources = withCopies ? [.. _sources.Select(s => new PlacedArray(Copy(s.Whole!)))] : _sources;
            new ProgramRun(_plan, _built.Scalars, _team, sources) { IsPoisoning = true }.Run();
        }

        public GatherSchedule ScheduleOf(int rank)
        {
            RankBody body = _plan.Of(new RankId(rank), _built.Scalars).Body;
            InspectStep step = body.Steps.OfType<LoopStep>().Single().Bodies.At(0).Steps.OfType<InspectStep>().Single();
            return (GatherSchedule)_plan.SchedulesOf(new RankId(rank)).Find(step.Tag, step.Lasting, [], step.Parts.AsSpan())!;
        }

        public void Dispose() => _team.Dispose();

        private static Storage Copy(Storage storage)
        {
            Storage copy = Allocator.Shared.Allocate(storage.Type, "copy");
            StorageCopy.All(storage, copy);
            return copy;
        }
    }
}
