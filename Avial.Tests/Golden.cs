using System.Runtime.CompilerServices;

namespace Avial.Tests;

/// <summary>
/// Compares text with a file kept in the folder <c>golden/</c> beside the test's source file.
/// <c>AVIAL_UPDATE_GOLDEN=1 dotnet test</c> rewrites the files instead; review the difference as code.
/// </summary>
internal static class Golden
{
    private static bool IsUpdating => Environment.GetEnvironmentVariable("AVIAL_UPDATE_GOLDEN") == "1";

    /// <summary>Fails unless <c>golden/{name}</c> beside the calling file holds <paramref name="actual"/>; line ends do not count.</summary>
    public static void Check(string actual, string name, [CallerFilePath] string callerFile = "")
    {
        string path = Path.Combine(FolderOf(callerFile), "golden", name);
        string normal = Normalize(actual);
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, normal);
            return;
        }

        if (!File.Exists(path))
        {
            Assert.Fail($"There is no golden file {path}. Run the test once with AVIAL_UPDATE_GOLDEN=1 to write it. Its text would be:\n{normal}");
        }

        string? difference = FirstDifference(Normalize(File.ReadAllText(path)), normal);
        if (difference is not null)
        {
            Assert.Fail($"{difference}\nGolden file: {path}\nIf the new text is right, rewrite it with AVIAL_UPDATE_GOLDEN=1.");
        }
    }

    /// <summary>Where two texts first differ, in words; null if they are equal.</summary>
    public static string? FirstDifference(string expected, string actual)
    {
        string[] expectedLines = expected.Split('\n');
        string[] actualLines = actual.Split('\n');
        for (int i = 0; i < Math.Max(expectedLines.Length, actualLines.Length); i++)
        {
            string? expectedLine = i < expectedLines.Length ? expectedLines[i] : null;
            string? actualLine = i < actualLines.Length ? actualLines[i] : null;
            if (expectedLine != actualLine)
            {
                return $"Line {i + 1} differs ({expectedLines.Length} lines expected, {actualLines.Length} found).\n"
                    + $"  Expected: {expectedLine ?? "(end of text)"}\n"
                    + $"  But was:  {actualLine ?? "(end of text)"}";
            }
        }

        return null;
    }

    // Builds for CI map the sources to /_/: such a path is looked up below the repository that holds the running assembly.
    private static string FolderOf(string callerFile)
    {
        string folder = Path.GetDirectoryName(callerFile)!;
        if (Directory.Exists(folder) || !callerFile.StartsWith("/_/", StringComparison.Ordinal))
        {
            return folder;
        }

        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Avial.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        return Path.Combine(root ?? "/", folder[3..]);
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
}
