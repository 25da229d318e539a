using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Avial.Tests.Diagnostics;

/// <summary>Every id of a message occurs in a test, and no other id is spoken of.</summary>
public sealed partial class EveryIdTests
{
    [Test]
    public void EveryId_OfAMessage_OccursInATest()
    {
        string root = Root();
        HashSet<string> defined = Ids(Path.Combine(root, "Avial", "Diagnostics"), DefinedId());
        HashSet<string> tested = Ids(Path.Combine(root, "Avial.Tests"), AnyId());

        Assert.That(defined, Has.Count.GreaterThan(50));
        Assert.That(defined.Except(tested).Order(), Is.Empty);
    }

    [Test]
    public void EveryId_InTheSources_IsThatOfAMessage()
    {
        string root = Root();
        HashSet<string> defined = Ids(Path.Combine(root, "Avial", "Diagnostics"), DefinedId());
        HashSet<string> spoken = Ids(Path.Combine(root, "Avial"), AnyId());

        Assert.That(spoken.Except(defined).Order(), Is.Empty);
    }

    private static HashSet<string> Ids(string folder, Regex pattern) =>
        [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .SelectMany(f => pattern.Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value)];

    // Builds for CI map the sources to /_/: then the repository is the one that holds the running assembly.
    private static string Root([CallerFilePath] string file = "")
    {
        string? folder = File.Exists(file) ? Path.GetDirectoryName(file) : AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Avial.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException($"The repository of {file} was not found.");
    }

    [GeneratedRegex("\"(AVL[0-9]{4})\"")]
    private static partial Regex DefinedId();

    [GeneratedRegex(@"\b(AVL(?!0001)[0-9]{4})(?![0-9])")]
    private static partial Regex AnyId();
}
