namespace Avial.Files;

/// <summary>A .npy file is damaged, or holds what cannot be read here.</summary>
/// <param name="path">The file.</param>
/// <param name="found">What is wrong with it, with values.</param>
/// <param name="remedy">What to do about it.</param>
internal sealed class NpyFormatException(string path, string found, string remedy) : Exception($"{path}: {found}; {remedy}.")
{
    public string Path { get; } = path;

    public string Found { get; } = found;

    public string Remedy { get; } = remedy;
}
