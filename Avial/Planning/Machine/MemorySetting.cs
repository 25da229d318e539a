using Avial.Diagnostics;

namespace Avial.Planning.Machine;

/// <summary>How much memory a rank may use.</summary>
internal static class MemorySetting
{
    public const string Variable = "AVIAL_MEMORY_PER_RANK";

    /// <summary>The bytes a setting asks for, <c>2 GiB</c>; null when it is not set.</summary>
    public static long? Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }
        return Quantity.Size.Parse(setting) is { } bytes and >= 1 and < long.MaxValue ? (long)bytes : throw Throw.InvalidMemoryPerRank(setting);
    }
}
