using System.Globalization;
using Avial.Diagnostics;

namespace Avial.Execution;

/// <summary>For how many ranks programs are planned without being run.</summary>
internal static class DryRunCount
{
    public const string Variable = "AVIAL_DRY_RUN_RANKS";

    /// <summary>More than any machine has.</summary>
    public const int Most = 1 << 24;

    /// <summary>The number a setting asks for; null when it is not set.</summary>
    public static int? Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int ranks) && ranks is >= 1 and <= Most
            ? ranks
            : throw Throw.InvalidDryRunRanks(setting, Most);
    }
}
