using System.Reflection;
using System.Xml.Linq;

namespace Avial.Tests.Packaging;

/// <summary>The public surface of the library: a change shows in a golden file, and every member says what it does.</summary>
public sealed class PublicApiTests
{
    [Test]
    public void PublicSurface_IsTheListedOne() => Golden.Check(PublicApi.Describe(typeof(Session).Assembly), "../../PublicApi.txt");

    [Test]
    public void EveryPublicMember_IsDocumented()
    {
        Assembly library = typeof(Session).Assembly;
        HashSet<string> documented = [.. XDocument.Load(Path.ChangeExtension(library.Location, ".xml")).Descendants("member")
            .Where(m => m.Element("summary") is { } summary ? summary.Value.Trim().Length > 0 || summary.HasElements : m.Element("inheritdoc") is not null)
            .Select(m => m.Attribute("name")!.Value)];

        Assert.That(documented, Is.Not.Empty);
        string[] undocumented = [.. PublicApi.DocumentationIds(library).Where(id => !documented.Contains(id))];

        Assert.That(undocumented, Is.Empty, string.Join("\n", undocumented));
    }
}
