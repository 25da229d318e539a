using System.Globalization;
using Avial.Diagnostics;

namespace Avial.Execution.Ranks;

/// <summary>How many ranks one process may have.</summary>
internal static class RankCount
{
    public const string Variable = "AVIAL_RANKS";

    /// <summary>Each is a thread with buffers for the others: beyond this something else was meant.</summary>
    public const int Most = 1024;

    /// <summary>The number a setting asks for; null when it is not set.</summary>
    public static int? Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int ranks) && ranks is >= 1 and <= Most
            ? ranks
            : throw Throw.InvalidRankCount(setting, Most);
    }
}
