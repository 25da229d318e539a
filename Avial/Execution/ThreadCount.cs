using System.Globalization;
using Avial.Diagnostics;

namespace Avial.Execution;

/// <summary>How many threads the process computes with.</summary>
internal static class ThreadCount
{
    public const string Variable = "AVIAL_THREADS";
    private const int Most = 1024;

    /// <summary><c>AVIAL_THREADS</c>, else the processors this process may use (its affinity and its container's limit count).</summary>
    public static int OfProcess() => Parse(Environment.GetEnvironmentVariable(Variable)) ?? Environment.ProcessorCount;

    /// <summary>The number a setting asks for; null when it is not set.</summary>
    public static int? Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= Most
            ? threads
            : throw Throw.InvalidThreadCount(setting, Most);
    }
}
