namespace Avial.Examples;

/// <summary>Opens the data files that travel inside this assembly, or a file of the user's own.</summary>
public static class DataFile
{
    /// <summary>Opens an embedded file, for example <c>volcano.json</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message lists those there are.</exception>
    public static Stream Open(string name)
    {
        var assembly = typeof(DataFile).Assembly;
        return assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(
            $"There is no data file '{name}' in {assembly.GetName().Name}; " +
            $"it holds {string.Join(", ", assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))}.", name);
    }
}
