using System.Globalization;
using Avial.Diagnostics;

namespace Avial.Execution.Ranks;

/// <summary>The longest wait for another rank.</summary>
internal static class WatchdogTime
{
    public const string Variable = "AVIAL_WATCHDOG";
    private const double MostSeconds = 86_400;

    /// <summary>True for what can be waited for: zero (no limit) to a day.</summary>
    public static bool IsPossible(TimeSpan time) => time >= TimeSpan.Zero && time.TotalSeconds <= MostSeconds;

    /// <summary>The time a setting asks for; null when it is not set.</summary>
    public static TimeSpan? Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }
        return double.TryParse(setting, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Throw.InvalidWatchdog(setting);
    }
}
