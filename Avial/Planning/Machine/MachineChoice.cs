using Avial.Diagnostics;
using Avial.Execution;

namespace Avial.Planning.Machine;

/// <summary>Which machine a session plans for: the one a test states, the one of a machine file, or this one, measured.</summary>
internal static class MachineChoice
{
    private static readonly Lock s_measuring = new();
    private static MachineConstants? s_constants;

    /// <summary>
    /// The model for a run on this many ranks of a machine. One rank sends nothing: nothing is measured for it.
    /// </summary>
    /// <param name="options">The session's.</param>
    /// <param name="ranks">How many ranks there are.</param>
    /// <param name="measured">What takes the place of measuring: where each rank plans for itself, it gives what rank 0 measured.</param>
    /// <exception cref="AvialException">The machine file is wrong, or has another number of ranks.</exception>
    public static MachineModel For(SessionOptions options, int ranks, Func<MeasuredMachine>? measured = null)
    {
        MachineModel model = options.Machine is { } stated ? stated with { Ranks = ranks }
            : options.MachineFile is { } path ? MachineFile.Load(path).Model(ranks)
            : ranks == 1 ? new MachineModel { Ranks = 1 }
            : (measured?.Invoke() ?? MeasuredMachine.Here(options)).Model(ranks);
        return options.MemoryPerRank is { } limit && !(model.MemoryPerRank < limit) ? model with { MemoryPerRank = limit } : model;
    }

    /// <summary>The bytes of arrays that a rank may hold, found without measuring anything; null: no limit.</summary>
    public static long? MemoryLimit(SessionOptions options, int ranks)
    {
        long? machine = options.Machine is { } stated ? stated.MemoryPerRank : options.MachineFile is { } path ? MachineFile.Load(path).Model(ranks).MemoryPerRank : null;
        return options.MemoryPerRank is { } limit && !(machine < limit) ? limit : machine;
    }

    /// <summary>True when the model of several ranks rests on what was measured.</summary>
    public static bool IsMeasured(SessionOptions options) => options.Machine is null && options.MachineFile is null;

    /// <summary>This machine's constants: kept from an earlier run, else measured, once a process.</summary>
    public static MachineConstants Constants()
    {
        lock (s_measuring)
        {
            return s_constants ??= Constants(new MachineCache(CacheFolder.Default()), MachineKey.Current, MachineMeasurement.Measure);
        }
    }

    /// <summary>
    /// States this machine's constants for the whole process, in the place of what would be measured: in tests such that small arrays are shared out.
    /// </summary>
    public static void State(MachineConstants constants)
    {
        lock (s_measuring)
        {
            s_constants = constants;
        }
    }

    /// <summary>A machine's constants: kept in a cache, else measured and kept.</summary>
    public static MachineConstants Constants(MachineCache cache, MachineKey key, Func<MachineConstants> measure)
    {
        if (cache.Find(key) is { } kept)
        {
            return kept;
        }
        MachineConstants measured = measure();
        cache.Keep(key, measured);
        return measured;
    }
}
