using Avial.IR;

namespace Avial.Tests.IR;

public sealed class LoopsTextTests
{
    private static IEnumerable<string> Names => LoopsSamples.All.Select(s => s.Name);

    [TestCaseSource(nameof(Names))]
    public void Text_OfASample_IsAsRecorded(string name) => Golden.Check(LoopsPrinter.Print(Sample(name), withSpans: true), $"{name}.loops");

    [TestCaseSource(nameof(Names))]
    public void Parse_OfThePrintedText_GivesAnEqualFunction(string name)
    {
        LoopsFunction function = Sample(name);

        LoopsFunction withSpans = LoopsParser.Parse(LoopsPrinter.Print(function, withSpans: true));
        LoopsFunction without = LoopsParser.Parse(function.ToString());

        Assert.That(IrEquality.AreEqual(function, withSpans), Is.True);
        Assert.That(IrEquality.AreEqual(function, without, withSpans: false), Is.True);
    }

    [TestCaseSource(nameof(Names))]
    public void Verify_OfASample_FindsNothing(string name) => Assert.That(LoopsVerifier.Verify(Sample(name)), Is.Empty);

    [TestCase("loops \"f\" {\n  body {\n    %0 = read.f32 x[%1]\n  }\n}", "Line 3, column 19: 'x' is no buffer of the function.")]
    [TestCase("loops \"f\" {\n  buffer #1 \"x\": f32\n}", "Line 2, column 11: buffer #0 comes next.")]
    [TestCase("loops \"f\" {\n  trap 0 blue \"\"\n}", "Line 2, column 10: 'blue' is no kind of trap.")]
    [TestCase("loops f {}", "Line 1, column 7: expected a string in quotes, found 'f {}'.")]
    public void Parse_OfBrokenText_SaysWhereAndWhat(string text, string message) =>
        Assert.That(() => LoopsParser.Parse(text), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));

    private static LoopsFunction Sample(string name) => LoopsSamples.All.First(s => s.Name == name).Function;
}
