using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;

namespace Avial.Tests.Programs;

/// <summary>Runs generated programs in all ways there are and says where they differ from the interpreter.</summary>
internal static class ProgramRunner
{
    private static readonly int[] s_threads = [1, 2, 3, 7];
    private static readonly Dictionary<int, WorkerPool> s_pools = s_threads.ToDictionary(t => t, t => new WorkerPool(t));

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
            CompiledRegion plan = new PlanCache(generator, isVerifying: true).Get(program.Region, isFusing);
            foreach (int count in threads)
            {
                int parts = (program.Seed + count) % 3 * 4 + 1;
                if (StorageBits.Difference(expected, Run(plan, program, count, parts)) is { } difference)
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

    /// <summary>The same as the user sees it: recorded nodes, evaluated in two goes, the first root alone.</summary>
    public static string? DifferenceRecorded(GeneratedProgram program)
    {
        ImmutableArray<Storage> expected = Expected(program);
        foreach (Engine engine in Enum.GetValues<Engine>())
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
        [.. Run(new PlanCache(new ManagedCodeGenerator(), isVerifying: true).Get(program.Region, isFusing), program, threads, parts)];

    private static IEnumerable<(string Name, ICodeGenerator Generator, bool IsFusing, int[] Threads)> Ways(int seed)
    {
        yield return ("managed, fused", new ManagedCodeGenerator(), true, s_threads);
        yield return ("managed, apart", new ManagedCodeGenerator(), false, [s_threads[seed % s_threads.Length]]);
        yield return ("loops interpreter, fused", new LoopsInterpreter(), true, [s_threads[seed / 2 % s_threads.Length]]);
        if (seed % 4 == 0)
        {
            yield return ("loops interpreter, apart", new LoopsInterpreter(), false, [1]);
        }
    }

    private static SessionRunner Runner(Engine engine, int seed) =>
        new(new SessionOptions { Engine = engine, Verify = true, Threads = 1 + seed % 3 }) { ForcedParts = seed % 4 * 3 };

    private static ImmutableArray<Storage> Run(CompiledRegion plan, GeneratedProgram program, int threads, int parts)
    {
        var pool = new StoragePool(Allocator.Shared) { IsPoisoning = true };
        var services = new RunServices { Pool = pool, Workers = s_pools[threads], ForcedParts = parts };
        var results = new Storage[plan.Results.Length];
        try
        {
            // Twice: what a run leaves behind must not matter to the next.
            new RegionRun(plan, [.. program.Scalars], services).Run(program.Sources.AsSpan(), new bool[program.Sources.Length], results);
            foreach (Storage result in results)
            {
                StoragePool.Detach(result);
            }
            new RegionRun(plan, [.. program.Scalars], services).Run(program.Sources.AsSpan(), new bool[program.Sources.Length], new Storage[results.Length]);
        }
        finally
        {
            pool.Drain();
        }
        return [.. results];
    }
}
