using System.Collections;
using System.Globalization;
using Avial.Execution;
using Avial.Execution.Ranks;

namespace Avial;

/// <summary>The <c>AVIAL_*</c> variables, read once. Unknown names and bad values are reported on standard error.</summary>
internal static class EnvironmentSettings
{
    private static readonly string[] s_known =
    [
        "AVIAL_CACHE", "AVIAL_DEBUG", "AVIAL_DRY_RUN_RANKS", "AVIAL_ENGINE", "AVIAL_INTERPRET", "AVIAL_LLVM", "AVIAL_MACHINE", "AVIAL_MEMORY_PER_RANK", "AVIAL_RANKS", "AVIAL_THREADS", "AVIAL_UPDATE_GOLDEN",
        "AVIAL_VERIFY", "AVIAL_WATCHDOG",
    ];

    private static readonly bool s_interprets;

    static EnvironmentSettings()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            if (name.StartsWith("AVIAL_", StringComparison.Ordinal) && !s_known.Contains(name))
            {
                Console.Error.WriteLine($"Avial: the variable {name} is unknown and ignored; known are {string.Join(", ", s_known)}.");
            }
        }
        s_interprets = Flag("AVIAL_INTERPRET");
        Verify = Flag("AVIAL_VERIFY");
        Debug = DebugLadder.Parse(Environment.GetEnvironmentVariable("AVIAL_DEBUG"));
    }

    public static int Threads => ThreadCount.OfProcess();

    public static int Ranks => RankCount.Parse(Environment.GetEnvironmentVariable(RankCount.Variable)) ?? 1;

    public static TimeSpan Watchdog => WatchdogTime.Parse(Environment.GetEnvironmentVariable(WatchdogTime.Variable)) ?? TimeSpan.FromSeconds(60);

    /// <summary><c>AVIAL_INTERPRET</c>, <c>AVIAL_ENGINE</c>, else the fastest there is.</summary>
    public static Engine Engine => Chosen ?? Backends.InstalledBackends.Default;

    /// <summary>False where the user chose an engine.</summary>
    public static bool SaysWhenSlow => Chosen is null && !string.Equals(Text("AVIAL_LLVM"), "off", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>AVIAL_MACHINE</c>: the machine file.</summary>
    public static string? MachineFile => Text("AVIAL_MACHINE");

    /// <summary><c>AVIAL_MEMORY_PER_RANK</c>, in bytes.</summary>
    public static long? MemoryPerRank => Planning.Machine.MemorySetting.Parse(Text(Planning.Machine.MemorySetting.Variable));

    /// <summary><c>AVIAL_DRY_RUN_RANKS</c>: for how many ranks programs are planned, and not run.</summary>
    public static int? DryRunRanks => DryRunCount.Parse(Environment.GetEnvironmentVariable(DryRunCount.Variable));

    /// <summary><c>AVIAL_CACHE</c>: the folder for what is worth keeping between runs.</summary>
    public static string? Cache => Text("AVIAL_CACHE");

    public static bool Verify { get; }

    public static DebugLadder Debug { get; }

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static Engine? Chosen => s_interprets ? Engine.Interpreter : Text("AVIAL_ENGINE") is not { } name ? null : name.Trim().ToLowerInvariant() switch
    {
        "llvm" => Engine.Llvm,
        "managed" => Engine.Managed,
        "interpreter" => Engine.Interpreter,
        "loops" => Engine.LoopsInterpreter,
        _ => throw Diagnostics.Throw.InvalidEngine(name),
    };

    private static bool Flag(string name)
    {
        string? text = Environment.GetEnvironmentVariable(name);
        if (text is null or "" or "0" or "1")
        {
            return text == "1";
        }
        Console.Error.WriteLine($"Avial: {name}={text} is ignored; it is 0 or 1.");
        return false;
    }
}

/// <summary>
/// <c>AVIAL_DEBUG=level[@task]</c>: 1 devices, 2 plan, 3 timings, 4 the forms after each pass, 5 loops and what the code generator makes of them, 6 machine code; with a filter by task name.
/// </summary>
internal sealed record DebugLadder(int Level, string Filter)
{
    public static DebugLadder Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new DebugLadder(0, "");
        }
        string[] parts = text.Split('@', 2);
        if (int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level <= 6)
        {
            return new DebugLadder(level, parts.Length > 1 ? parts[1] : "");
        }
        Console.Error.WriteLine($"Avial: AVIAL_DEBUG={text} is ignored; it is a level from 0 to 6, then optionally @ and a part of a task's name.");
        return new DebugLadder(0, "");
    }

    /// <summary>True when this level is asked for, for a task of this name.</summary>
    public bool Wants(int level, string task = "") => Level >= level && (Filter.Length == 0 || task.Length == 0 || task.Contains(Filter, StringComparison.OrdinalIgnoreCase));
}
