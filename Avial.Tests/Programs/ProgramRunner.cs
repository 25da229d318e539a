using System.Collections.Concurrent;
using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Cpu;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Backends;

namespace Avial.Tests.Programs;

/// <summary>Runs generated programs in all ways there are and says where they differ from the interpreter.</summary>
internal static class ProgramRunner
{
    private static readonly int[] s_threads = [1, 2, 3, 7];
    private static readonly int[] s_ranks = [2, 3, 4, 7, 8];
    private static readonly ConcurrentDictionary<int, RankTeam> s_alone = [];
    private static readonly ConcurrentDictionary<int, RankTeam> s_teams = [];

    /// <summary>What the interpreter of graphs gives.</summary>
    public static ImmutableArray<Storage> Expected(GeneratedProgram program) =>
        [.. GraphInterpreter.Run(program.Region, program.Sources.AsSpan(), program.Scalars.AsSpan())];

    /// <summary>The first way of running that differs from the interpreter; null where none does.</summary>
    public static string? Difference(GeneratedProgram program)
    {
        ImmutableArray<Storage> expected = Expected(program);
        ulong sources = StorageBits.Hash(program.Sources.AsSpan());
        foreach ((string name, ICodeGenerator generator, bool isFusing, int[] threads) in Ways(program.Seed))
        {
            ProgramPlan plan = new PlanCache(generator, isVerifying: true).Get(program.Region, isFusing, Everywhere(program, 1));
            foreach (int count in threads)
            {
                int parts = (program.Seed + count) % 3 * 4 + 1;
                if (StorageBits.Difference(expected, Run(plan, program, Alone(count), parts)) is { } difference)
                {
                    return $"{name}, {count} threads, {parts} parts: {difference}";
                }
                if (StorageBits.Hash(program.Sources.AsSpan()) != sources)
                {
                    return $"{name}, {count} threads, {parts} parts: a source was written over";
                }
            }
        }
        return null;
    }

    /// <summary>The same on several ranks, with distributions by shape, by cost and by chance; the plans must have their certificate too.</summary>
    public static string? DifferenceOnRanks(GeneratedProgram program)
    {
        ImmutableArray<Storage> expected = Expected(program);
        ulong sources = StorageBits.Hash(program.Sources.AsSpan());
        for (int variant = 0; variant < 4; variant++)
        {
            int ranks = s_ranks[(program.Seed + variant) % s_ranks.Length];
            string what = $"{ranks} ranks, variant {variant}";
            try
            {
                ProgramPlan plan = PlanFor(program, ranks, variant);
                RankPlan[] plans = [.. Enumerable.Range(0, ranks).Select(r => plan.Of(new RankId(r), [.. program.Scalars]))];
                if (PlanVerifier.Verify(plans, [.. program.Scalars]) is { IsValid: false } verdict)
                {
                    return $"{what}: the plan breaks its promises:\n  {string.Join("\n  ", verdict.Violations)}";
                }
                if (StorageBits.Difference(expected, Run(plan, program, Team(ranks), 0)) is { } difference)
                {
                    return $"{what}: {difference}";
                }
            }
            catch (Exception exception) when (exception is InternalErrorException or AgreedInterruptionException or InvalidOperationException or ArgumentException or NullReferenceException)
            {
                return $"{what}: {exception}";
            }
            if (StorageBits.Hash(program.Sources.AsSpan()) != sources)
            {
                return $"{what}: a source was written over";
            }
        }
        return null;
    }

    /// <summary>The plan of one of the four ways to distribute a program.</summary>
    public static ProgramPlan PlanFor(GeneratedProgram program, int ranks, int variant)
    {
        IDistributionChooser chooser = variant switch
        {
            0 => new ShapeChooser(),
            1 => new CostChooser(Machine(program.Seed, ranks)),
            _ => new RandomChooser(program.Seed + variant),
        };
        return new PlanCache(new ManagedCodeGenerator(), isVerifying: true, ranks, chooser).Get(program.Region, isFusing: variant < 3, Everywhere(program, ranks));
    }

    // Messages are free, or all but free; now and then some ranks are faster.
    private static MachineModel Machine(int seed, int ranks)
    {
        MachineModel machine = MachineModel.Ideal(ranks);
        machine = seed % 2 == 0 ? machine : machine with { Latency = 1e-9, SecondsPerByte = 1e-10 };
        return seed % 3 == 0 ? machine with { Weights = RankWeights.OfEach([.. Enumerable.Range(0, ranks).Select(r => 1L + (r + seed) % 3)]) } : machine;
    }

    /// <summary>The same as the user sees it: recorded nodes, evaluated in two goes, the first root alone.</summary>
    public static string? DifferenceRecorded(GeneratedProgram program)
    {
        ImmutableArray<Storage> expected = Expected(program);
        foreach (Engine engine in EngineCase.Engines)
        {
            using SessionRunner runner = Runner(engine, program.Seed);
            var recorded = new RecordedProgram(program);
            runner.Run(recorded.Roots.AsSpan()[^1..], recorded.TakeEffects, null, default);
            runner.Run(recorded.Roots.AsSpan(), static () => [], null, default);
            if (StorageBits.Difference(expected, [.. recorded.Values()]) is { } difference)
            {
                return $"recorded, {engine}: {difference}";
            }
        }
        return null;
    }

    /// <summary>What the user is told by an engine; null where the program runs through.</summary>
    public static string? MessageOf(GeneratedProgram program, Engine engine)
    {
        using SessionRunner runner = Runner(engine, program.Seed);
        var recorded = new RecordedProgram(program);
        try
        {
            runner.Run(recorded.Roots.AsSpan(), recorded.TakeEffects, null, default);
            return null;
        }
        catch (AvialException exception)
        {
            return exception.Message;
        }
    }

    public static Storage[] RunOnce(GeneratedProgram program, bool isFusing, int threads = 1, int parts = 0) =>
        [.. Run(new PlanCache(new ManagedCodeGenerator(), isVerifying: true).Get(program.Region, isFusing, Everywhere(program, 1)), program, Alone(threads), parts)];

    private static RankTeam Alone(int threads) => s_alone.GetOrAdd(threads, t => new RankTeam(t, null));

    private static RankTeam Team(int ranks) => s_teams.GetOrAdd(ranks, r => new RankTeam(1, r, TimeSpan.FromSeconds(20)));

    private static ImmutableArray<Distribution> Everywhere(GeneratedProgram program, int ranks) => [.. program.Region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))];

    private static IEnumerable<(string Name, ICodeGenerator Generator, bool IsFusing, int[] Threads)> Ways(int seed)
    {
        yield return ("managed, fused", new ManagedCodeGenerator(), true, s_threads);
        yield return ("managed, apart", new ManagedCodeGenerator(), false, [s_threads[seed % s_threads.Length]]);
        if (CodeGenerators.HasLlvm)
        {
            yield return ("LLVM, fused", CpuCodeGenerator.Shared, true, s_threads);
            if (seed % 4 == 1)
            {
                yield return ("LLVM, apart", CpuCodeGenerator.Shared, false, [s_threads[seed % s_threads.Length]]);
            }
        }
        yield return ("loops interpreter, fused", new LoopsInterpreter(), true, [s_threads[seed / 2 % s_threads.Length]]);
        if (seed % 4 == 0)
        {
            yield return ("loops interpreter, apart", new LoopsInterpreter(), false, [1]);
        }
    }

    private static SessionRunner Runner(Engine engine, int seed) =>
        new(new SessionOptions { Engine = engine, Threads = 1 + seed % 3, Verify = true }) { ForcedParts = seed % 4 * 3 };

    private static ImmutableArray<Storage> Run(ProgramPlan plan, GeneratedProgram program, RankTeam team, int parts)
    {
        lock (team)
        {
            PlacedArray[] sources = [.. program.Sources.Select(s => new PlacedArray(s))];
            var run = new ProgramRun(plan, [.. program.Scalars], team, sources) { ForcedParts = parts, IsPoisoning = true };
            // Twice: what a run leaves behind must not matter to the next.
            run.Run();
            return [.. run.Run().Select(r => r.Assemble("result"))];
        }
    }
}
