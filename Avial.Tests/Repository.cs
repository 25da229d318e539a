namespace Avial.Tests;

/// <summary>The working tree that the running tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Avial.sln, found upwards from the running assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the working tree.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Avial.sln")))
            {
                return folder;
            }
        }
        throw new InvalidOperationException($"There is no Avial.sln above {AppContext.BaseDirectory}.");
    }
}
