namespace Avial.Tests;

public sealed class GoldenTests
{
    [Test]
    public void FirstDifference_OfEqualTexts_IsNull() => Assert.That(Golden.FirstDifference("a\nb\n", "a\nb\n"), Is.Null);

    [Test]
    public void FirstDifference_NamesTheLineAndBothTexts() =>
        Assert.That(
            Golden.FirstDifference("a\nb\nc", "a\nx"),
            Is.EqualTo("Line 2 differs (3 lines expected, 2 found).\n  Expected: b\n  But was:  x"));

    [Test]
    public void FirstDifference_OfAPrefix_IsTheEndOfText() =>
        Assert.That(
            Golden.FirstDifference("a", "a\nb"),
            Is.EqualTo("Line 2 differs (1 lines expected, 2 found).\n  Expected: (end of text)\n  But was:  b"));
}
