using Avial.Diagnostics;

namespace Avial.Tests.Diagnostics;

public sealed class NearestNameTests
{
    private static readonly string[] s_known = ["count", "ranksPerNode", "speed"];

    [TestCase("count", "count")]
    [TestCase("COUNT", "count")]
    [TestCase("sped", "speed")]
    [TestCase("ranks_per_node", "ranksPerNode")]
    [TestCase("", null)]
    [TestCase("temperature", null)]
    public void To_OfAFoundName_IsTheNearestKnownOne(string found, string? expected) =>
        Assert.That(NearestName.To(found, s_known), Is.EqualTo(expected));
}
