using System.Text.RegularExpressions;

namespace Avial.Tests.Readme;

/// <summary>README.md against the sources: its code is tested code, its links lead somewhere.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public void CodeBlocks_AreCopiesOfTestedSource()
    {
        string source = Normalise(File.ReadAllText(Repository.PathOf("Avial.Tests", "Readme", "ReadmeSamples.cs")));
        string[] paragraphs = [.. CodeBlock().Matches(Readme()).SelectMany(b => b.Groups[1].Value.Split("\n\n")).Where(p => p.Trim().Length > 0)];

        Assert.That(paragraphs, Is.Not.Empty);
        Assert.That(paragraphs.Where(p => !source.Contains(p.StartsWith("using ", StringComparison.Ordinal) ? Normalise(p.Split('\n')[0]) : Normalise(p), StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void RelativeLinks_LeadToFilesOfTheRepository()
    {
        string[] targets = [.. new[] { "README.md", "CONTRIBUTING.md" }
            .SelectMany(f => Link().Matches(File.ReadAllText(Repository.PathOf(f))).Select(m => m.Groups[1].Value.Split('#')[0]))
            .Where(t => t.Length > 0 && !t.Contains("://", StringComparison.Ordinal))];

        Assert.That(targets, Is.Not.Empty);
        Assert.That(targets.Where(t => !Path.Exists(Repository.PathOf(t))), Is.Empty);
    }

    [Test]
    public void Normalise_JoinsLinesAndSpaces() => Assert.That(Normalise("a\n    b  c"), Is.EqualTo("a b c"));

    /// <summary>The text with every run of white space as one space.</summary>
    internal static string Normalise(string text) => WhiteSpace().Replace(text, " ").Trim();

    private static string Readme() => File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
