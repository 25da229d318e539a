using System.Text.RegularExpressions;
using Avial.Diagnostics;

namespace Avial.Tests.Diagnostics;

/// <summary>Pins the whole text of a refusal; line numbers of test files are written <c>#</c>.</summary>
internal static partial class Refused
{
    public static void With(Func<object?> code, string message)
    {
        AvialException thrown = Assert.Throws<AvialException>(() => code())!;
        string text = Line().Replace(thrown.Message, ".cs:#");
        Assert.That(text, Is.EqualTo(message));
        Assert.That(thrown.Id, Is.EqualTo(message[..7]));
    }

    public static void With(Action code, string message) => With(() =>
    {
        code();
        return null;
    }, message);

    [GeneratedRegex(@"\.cs:\d+")]
    private static partial Regex Line();
}
