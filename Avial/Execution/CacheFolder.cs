using System.Diagnostics.CodeAnalysis;

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

    /// <summary>Writes a file of the folder, which is made if need be: beside it and then renamed, so that many processes may do it at once and nobody reads half of it.</summary>
    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        string written = $"{file}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(written, content);
            File.Move(written, file, overwrite: true);
        }
        catch
        {
            Remove(written);
            throw;
        }
    }

    /// <summary>Removes a file, where that is possible.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Another process may have removed it, or it stays.")]
    public static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception)
        {
            // It stays.
        }
    }
}
