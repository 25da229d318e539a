using System.Diagnostics;
using Avial.Backends;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>What a step of a loop costs beyond its kernels: ten launches over few elements, and what plans put around them.</summary>
internal static class Ranks
{
    private const int Tasks = 10;
    private const long Few = 2_000, Many = 102_000;

    public static Table Run()
    {
        var table = new Table("ranks", $"A step of a loop of {Tasks} tasks over 8 doubles a rank", "Ranks", "Plan steps a loop step", "Time", $"{Tasks} bare launches", "Beyond them", "Aim", "Allocated");
        foreach (int ranks in new[] { 1, 2 })
        {
            (ProgramPlan plan, BuiltRegion built) = Plan(ranks);
            using RankTeam team = ranks == 1 ? new RankTeam(1, null) : new RankTeam(ranks, ranks, TimeSpan.Zero);
            double time = double.PositiveInfinity, allocated = 0;
            for (int round = 0; round < 8; round++)
            {
                (double few, long fewBytes) = Measure(plan, built, team, Few);
                (double many, long manyBytes) = Measure(plan, built, team, Many);
                time = Math.Min(time, (many - few) / (Many - Few));
                allocated = Math.Max(0, (double)(manyBytes - fewBytes) / (Many - Few)); // of the last round: the first ones compile
            }
            double bare = BareLaunches(plan, built);
            int steps = plan.Of(new RankId(0), built.Scalars).Body.Steps.OfType<LoopStep>().Single().Bodies.At(0).Steps.Length;
            table.Add($"{ranks}", $"{steps}", Table.Time(time), Table.Time(bare), Table.Time(time - bare), Table.Time(2e-6), $"{Table.Number(allocated, "0.00")} B");
        }
        return table;
    }

    // Tasks are kept apart: fused, they would be one.
    private static (ProgramPlan Plan, BuiltRegion Built) Plan(int ranks)
    {
        int n = 8 * ranks;
        Array1D<double> end = Task.Repeat(Few, Array1D.From(new double[n]), x =>
        {
            for (int task = 0; task < Tasks; task++)
            {
                Array1D<double> before = x;
                x = Task.On(Cpu).Run(n, i => before[i] * 0.5 + 1.0);
            }
            return x;
        });
        BuiltRegion built = SessionRunner.Describe([((IComputedHandle)end).Output]);
        var cache = new PlanCache(new ManagedCodeGenerator(), isVerifying: false, ranks, new ShapeChooser());
        return (cache.Get(built.Region, isFusing: false, [.. built.Sources.Select(s => Distribution.Everywhere(s.Type.Box, ranks))]), built);
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

    // The launches of a rank's part, without a plan.
    private static double BareLaunches(ProgramPlan plan, BuiltRegion built)
    {
        RankBody body = plan.Of(new RankId(0), built.Scalars).Body.Steps.OfType<LoopStep>().Single().Bodies.At(0);
        CompiledNodes code = plan.Code[Enumerable.Range(0, plan.Code.Count).Single(n => plan.Code[n].Body is not null)].Body!;
        LaunchStep[] steps = [.. body.Steps.OfType<LaunchStep>()];
        ArrayType type = body.Region.Parameters[0];
        Storage from = Allocator.Shared.Allocate(type, "from"), to = Allocator.Shared.Allocate(type, "to");
        LaunchContext[] contexts = [.. steps.Select(step => new LaunchContext
        {
            Inputs = [from],
            Outputs = [to],
            Scalars = [.. code[step.Node].Node.Scalars.Select(s => built.Scalars[s])],
            Domains = code[step.Node].ConstantDomains!,
            Parts = [.. step.Parts],
        })];
        using var pool = new WorkerPool(1);
        double best = Timing.Best(() =>
        {
            for (int k = 0; k < steps.Length; k++)
            {
                NodeCode node = code[steps[k].Node];
                StageLauncher.Launch(node.Operation!, contexts[k], node.Node.Order, pool);
            }
        })[0];
        from.Release();
        to.Release();
        return best;
    }
}
