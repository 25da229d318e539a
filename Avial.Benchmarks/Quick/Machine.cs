namespace Avial.Benchmarks.Quick;

/// <summary>What the machine is and what it could do.</summary>
internal static class Machine
{
    /// <summary>The processor's name, where the system tells it.</summary>
    public static string Processor { get; } = File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";

    /// <summary>Bytes a second that one core copies between arrays too large for its caches, reads and writes counted.</summary>
    public static double CopyRate()
    {
        var from = new byte[64 << 20];
        var to = new byte[from.Length];
        Array.Fill(from, (byte)1);
        return 2.0 * from.Length / Timing.Best(() => from.CopyTo(to, 0))[0];
    }

    /// <summary>A rate of memory traffic and its share of what copying reaches.</summary>
    public static string Share(double bytes, double seconds, double copyRate) =>
        $"{Table.Number(bytes / seconds / 1e9, "0.0")} of {Table.Number(copyRate / 1e9, "0.0")} GB/s";
}
