using System.Diagnostics;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>What a step of a loop costs beyond its kernels and messages: the same kernels, copies and messages without a plan stand beside it. Few elements: nothing hides it.</summary>
internal static class Ranks
{
    private const long Few = 2_000, Many = 52_000;
    private const int Rounds = 12;

    public static Table Run()
    {
        var table = new Table("ranks", "A step of a loop whose tasks compute 8 doubles a rank, the least of many runs", "Loop", "Ranks", "Plan steps", "Time",
            "Kernels and messages alone", "Ratio", "Beyond them, for ten plan steps", "Aim", "Allocated a step");
        foreach (int ranks in new[] { 1, 2 })
        {
            Add(table, "four tasks", ranks, Apart);
            Add(table, "a stencil and two tasks", ranks, Stencil);
        }
        foreach (int ranks in new[] { 1, 2 })
        {
            Add(table, "eight elements at one place", ranks, ranks * 60_000, n => Task.Repeat(Few, Array1D.From(new double[n]), x => Still(n, x)));
            Add(table, "eight elements that move with the step", ranks, Moving);
            Add(table, "periodic reads at one place", ranks, ranks * 60_000, n => Task.Repeat(Few, Array1D.From(new double[n]), x => StillPeriodic(n, x)));
            Add(table, "periodic reads that move with the step", ranks, MovingPeriodic);
        }
        return table;
    }

    private static void Add(Table table, string name, int ranks, Func<int, Array1D<double>, Array1D<double>> step) => Add(table, name, ranks, ranks * 8, n =>
        Task.Repeat(Few, Array1D.From(new double[n]), x => step(n, x)));

    private static void Add(Table table, string name, int ranks, Func<int, Array1D<double>, Step, Array1D<double>> step) => Add(table, name, ranks, ranks * 60_000, n =>
        Task.Repeat(Few, Array1D.From(new double[n]), (x, t) => step(n, x, t)));

    private static void Add(Table table, string name, int ranks, int n, Func<int, Array1D<double>> program)
    {
        (ProgramPlan plan, BuiltRegion built) = Plan(program(n), ranks);
        using RankTeam team = ranks == 1 ? new RankTeam(1, null) : new RankTeam(ranks, ranks, TimeSpan.Zero);
        LoopStep loop = LoopOf(plan, built, 0);
        LoopByHand[] byHand = loop.Bodies.IsMoving ? [] : [.. Enumerable.Range(0, ranks).Select(r => ByHand(plan, built, team, r))];
        double time = double.PositiveInfinity, alone = double.PositiveInfinity, allocated = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            (double few, long fewBytes) = Measure(plan, built, team, Few);
            (double many, long manyBytes) = Measure(plan, built, team, Many);
            time = Math.Min(time, (many - few) / (Many - Few));
            allocated = Math.Min(allocated, Math.Max(0, (double)(manyBytes - fewBytes) / (Many - Few)));
            if (byHand.Length > 0)
            {
                alone = Math.Min(alone, (Measure(byHand, team, Many) - Measure(byHand, team, Few)) / (Many - Few));
            }
        }
        foreach (LoopByHand hand in byHand)
        {
            hand.Dispose();
        }
        int steps = loop.Bodies.At(0).Steps.Length;
        string bytes = $"{Table.Number(allocated, "0.00")} B";
        if (byHand.Length == 0)
        {
            table.Add(name, $"{ranks}", $"{steps}", Table.Time(time), "", "", "", "", bytes);
            return;
        }
        table.Add(name, $"{ranks}", $"{steps}", Table.Time(time), Table.Time(alone), Table.Number(time / alone, "0.00"),
            Table.Time(Math.Max(0, time - alone) * 10 / steps), Table.Time(2e-6), bytes);
    }

    // Tasks are kept apart: fused, they would be one.
    private static Array1D<double> Apart(int n, Array1D<double> x)
    {
        Array1D<double> a = Task.On(Cpu).Run(n, i => x[i] * 0.5 + 1.0);
        Array1D<double> b = Task.On(Cpu).Run(n, i => a[i] * 0.5 + 1.0);
        Array1D<double> c = Task.On(Cpu).Run(n, i => b[i] * 0.5 + 1.0);
        return Task.On(Cpu).Run(new Domain1D(1, n), i => c[i] * 0.5 + 1.0).Over(c);
    }

    private static Array1D<double> Stencil(int n, Array1D<double> x)
    {
        Array1D<double> a = Task.On(Cpu).Run(n, i => x.Clamp[i - 1] * 0.5 + x.Clamp[i + 1] * 0.5);
        Array1D<double> b = Task.On(Cpu).Run(n, i => a[i] * 0.5 + 1.0);
        return Task.On(Cpu).Run(new Domain1D(1, n), i => b[i] * 0.5 + 1.0).Over(b);
    }

    private static Array1D<double> Moving(int n, Array1D<double> x, Step t) => Task.On(Cpu).Run(new Domain1D(t + 1, t + 9), i => x[i] * 0.5 + x[t] * 0.5).Over(x);

    private static Array1D<double> Still(int n, Array1D<double> x) => Task.On(Cpu).Run(new Domain1D(9, 17), i => x[i] * 0.5 + x[8] * 0.5).Over(x);

    private static Array1D<double> MovingPeriodic(int n, Array1D<double> x, Step t) => Task.On(Cpu).Run(new Domain1D(t, t + 8), i => x[i] * 0.5 + x.Wrap[i - 60_001] * 0.5).Over(x);

    private static Array1D<double> StillPeriodic(int n, Array1D<double> x) => Task.On(Cpu).Run(new Domain1D(0, 8), i => x[i] * 0.5 + x.Wrap[i - 60_001] * 0.5).Over(x);

    private static (ProgramPlan Plan, BuiltRegion Built) Plan(Array1D<double> end, int ranks)
    {
        BuiltRegion built = SessionRunner.Describe([((IComputedHandle)end).Output]);
        var cache = new PlanCache(new ManagedCodeGenerator(), isVerifying: false, ranks, new ShapeChooser());
        return (cache.Get(built.Region, isFusing: false, [.. built.Sources.Select(s => Distribution.Everywhere(s.Type.Box, ranks))]), built);
    }

    private static LoopStep LoopOf(ProgramPlan plan, BuiltRegion built, int rank) => plan.Of(new RankId(rank), built.Scalars).Body.Steps.OfType<LoopStep>().Single();

    private static LoopByHand ByHand(ProgramPlan plan, BuiltRegion built, RankTeam team, int rank)
    {
        LoopStep loop = LoopOf(plan, built, rank);
        ulong[] scalars = [.. plan.Region.Nodes[loop.Node].Scalars.Select(s => built.Scalars[s])];
        return new LoopByHand(loop.Bodies.At(0), plan.Code[loop.Node].Body!, scalars, team.Members[rank]);
    }

    private static double Measure(LoopByHand[] byHand, RankTeam team, long steps)
    {
        long start = Stopwatch.GetTimestamp();
        team.Run((rank, _) => byHand[rank].Run(steps));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static (double Seconds, long Bytes) Measure(ProgramPlan plan, BuiltRegion built, RankTeam team, long steps)
    {
        ulong[] scalars = [.. built.Scalars.Select(s => s == Few ? (ulong)steps : s)];
        var run = new ProgramRun(plan, scalars, team, [.. built.Sources.Select(s => s.Node.ValueOf(s.Index)!)]);
        long bytes = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
        PlacedArray[] results = run.Run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        foreach (PlacedArray result in results)
        {
            result.Release();
        }
        return (seconds, bytes);
    }
}
