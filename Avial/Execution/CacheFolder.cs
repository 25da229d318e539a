namespace Avial.Execution;

/// <summary>The folder for what is worth keeping between runs.</summary>
internal static class CacheFolder
{
    /// <summary><c>AVIAL_CACHE</c>, else the user's folder for such files, as the system has it; null where there is none.</summary>
    public static string? Default()
    {
        string? chosen = EnvironmentSettings.Cache;
        if (chosen is not null)
        {
            return chosen;
        }
        string? caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : Environment.GetEnvironmentVariable("HOME") is not { Length: > 0 } home ? null
            : Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache");
        return string.IsNullOrEmpty(caches) ? null : Path.Combine(caches, "avial");
    }
}
