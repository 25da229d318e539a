namespace Avial.Tests.Packaging;

/// <summary>What lies in the repository and where.</summary>
public sealed class RepositoryTests
{
    private static readonly string[] s_topLevel =
    [
        "Avial", "Avial.Benchmarks", "Avial.Cpu", "Avial.Gpu", "Avial.Mpi", "Avial.Tests", "Avial.sln", "CONTRIBUTING.md", "Directory.Build.props",
        "Directory.Packages.props", "LICENSE", "README.md", "demo.sh", "examples", "global.json", "test.sh",
    ];

    [Test]
    public void TopLevel_HoldsTheNamedFilesAndFoldersOnly()
    {
        if (!Directory.Exists(Repository.PathOf(".git")) && !File.Exists(Repository.PathOf(".git")))
        {
            Assert.Ignore("The sources are not in a git repository: what belongs to them is not known.");
        }
        (int exitCode, string listing) = Command.Run("git", Repository.Root, new Dictionary<string, string>(), "ls-files", "--cached", "--others", "--exclude-standard");
        Assert.That(exitCode, Is.Zero, listing);

        string[] entries = [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('/')[0]).Where(p => p[0] != '.').Distinct().Order(StringComparer.Ordinal)];

        Assert.That(entries, Is.EqualTo(s_topLevel));
    }

    [Test]
    public void EveryProject_IsPartOfTheSolution()
    {
        string solution = File.ReadAllText(Repository.PathOf("Avial.sln")).Replace('\\', '/');
        IEnumerable<string> projects = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            .Where(p => !p.Contains("/bin/", StringComparison.Ordinal) && !p.Contains("/obj/", StringComparison.Ordinal) && !p.StartsWith("artifacts/", StringComparison.Ordinal));

        Assert.That(projects.Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void EveryExample_HasItsExpectedOutput()
    {
        IEnumerable<string> examples = Directory.EnumerateDirectories(Repository.PathOf("examples"))
            .Where(f => Path.GetFileName(f) != "Common" && Directory.EnumerateFiles(f, "*.csproj").Any());

        Assert.That(examples.Where(f => !File.Exists(Path.Combine(f, "expected.txt"))).Select(Path.GetFileName), Is.Empty);
    }
}
