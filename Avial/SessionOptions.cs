using Avial.Planning.Machine;

namespace Avial;

/// <summary>What runs the tasks.</summary>
public enum Engine
{
    /// <summary>Kernels compiled to machine code by .NET, fused, on all cores. Needs nothing installed.</summary>
    Managed,
    /// <summary>The interpreter of graphs and kernels: slow, simple, checks every read; names the task, index and line of the first NaN or trap.</summary>
    Interpreter,
    /// <summary>The interpreter of loops: the same schedules as compiled code without a compiler, for finding bugs in Avial.</summary>
    LoopsInterpreter,
    /// <summary>Kernels compiled for this very processor through LLVM, with vectors. Needs libLLVM and an x86-64 processor with AVX2, on Linux.</summary>
    Llvm,
}

/// <summary>The options of a session; change them with <c>with</c>: <c>Session.Create(o => o with { Threads = 2 })</c>.</summary>
public sealed record SessionOptions
{
    /// <summary>
    /// How many ranks of this process run what is recorded, each with memory of its own. Default: <c>AVIAL_RANKS</c>, else 1. Inside <see cref="Session.RunOnRanks(int, Action{Session}, Func{SessionOptions, SessionOptions}?)"/>
    /// it is given.
    /// </summary>
    public int Ranks { get; init; } = EnvironmentSettings.Ranks;

    /// <summary>The longest that a rank waits for another before all end with an error that says who waited for what; zero waits for ever. Default: <c>AVIAL_WATCHDOG</c> (seconds), else 60 s.</summary>
    public TimeSpan WatchdogTimeout { get; init; } = EnvironmentSettings.Watchdog;

    /// <summary>Worker threads of all ranks together. Default: <c>AVIAL_THREADS</c>, else the cores this process may use.</summary>
    public int Threads { get; init; } = EnvironmentSettings.Threads;

    /// <summary>
    /// What runs the tasks. Default: <c>AVIAL_ENGINE</c>, or the interpreter with <c>AVIAL_INTERPRET=1</c>; else <see cref="Engine.Llvm"/> where libLLVM is found, and
    /// <see cref="Engine.Managed"/> where not.
    /// </summary>
    public Engine Engine { get; init; } = EnvironmentSettings.Engine;

    /// <summary>Verifies every form between passes. Default: <c>AVIAL_VERIFY=1</c>.</summary>
    public bool Verify { get; init; } = EnvironmentSettings.Verify;

    /// <summary>Prints the time and bytes of each task after a run. Default: <c>AVIAL_DEBUG</c> of 3 or more.</summary>
    public bool Profile { get; init; } = EnvironmentSettings.Debug.Level >= 3;

    /// <summary>
    /// A file that declares the machine that plans are made for: nodes, ranks on each, speeds, memory, links. Default: <c>AVIAL_MACHINE</c>, else none, and a run on several
    /// ranks measures this machine.
    /// </summary>
    public string? MachineFile { get; init; } = EnvironmentSettings.MachineFile;

    /// <summary>Bytes of arrays that a rank may hold; a plan that needs more is refused. Default: <c>AVIAL_MEMORY_PER_RANK</c>, else null, no limit.</summary>
    public long? MemoryPerRank { get; init; } = EnvironmentSettings.MemoryPerRank;

    /// <summary>
    /// For how many ranks evaluations are planned, and not run: each prints, once a program, the steps, messages, bytes and memory of its ranks. Arrays are then planned and have
    /// no values; to read them is an error, which ends a dry run. Default: <c>AVIAL_DRY_RUN_RANKS</c>, else null, and evaluations run.
    /// </summary>
    public int? DryRunRanks { get; init; } = EnvironmentSettings.DryRunRanks;

    /// <summary>The machine that plans are made for, stated; its number of ranks becomes the session's. Null: the machine file's, else this one, measured.</summary>
    internal MachineModel? Machine { get; init; }

    /// <summary>How many ranks plans are for.</summary>
    internal int PlannedRanks => DryRunRanks ?? Ranks;

    /// <summary>The options of one of so many ranks: the threads are shared out.</summary>
    internal SessionOptions ShareOf(int ranks) => this with { Threads = Math.Max(1, Threads / ranks), Ranks = ranks };
}
