using Avial.IR;

namespace Avial.Tests.IR;

public sealed class KernelTextTests
{
    private static IEnumerable<string> Names => KernelSamples.All.Select(s => s.Name);

    [TestCaseSource(nameof(Names))]
    public void Text_OfASample_IsAsRecorded(string name) => Golden.Check(KernelPrinter.Print(Sample(name), withSpans: true), $"{name}.kernel");

    [TestCaseSource(nameof(Names))]
    public void Parse_OfThePrintedText_GivesAnEqualKernel(string name)
    {
        Kernel kernel = Sample(name);

        Kernel withSpans = KernelParser.Parse(KernelPrinter.Print(kernel, withSpans: true));
        Kernel without = KernelParser.Parse(kernel.ToString());

        Assert.That(IrEquality.AreEqual(kernel, withSpans), Is.True);
        Assert.That(IrEquality.AreEqual(kernel, without, withSpans: false), Is.True);
        Assert.That(KernelPrinter.Print(withSpans, withSpans: true), Is.EqualTo(KernelPrinter.Print(kernel, withSpans: true)));
    }

    [TestCaseSource(nameof(Names))]
    public void Verify_OfASample_FindsNothing(string name) => Assert.That(KernelVerifier.Verify(Sample(name)), Is.Empty);

    [Test]
    public void Parse_OfCommentsAndOneLine_ReadsTheSame()
    {
        Kernel kernel = KernelParser.Parse(
            "kernel rank 1 (%0) // an index\n reads (a0: f32[]) { %1 = load.f32 a0[%0 - 1] wrap // left\n return %1 }");

        Assert.That(kernel.ToString(), Is.EqualTo("kernel rank 1 (%0) reads (a0: f32[]) {\n  %1 = load.f32 a0[%0 - 1] wrap\n  return %1\n}"));
    }

    [TestCase("kernel rank 0 () { return %3 }", "Line 1, column 28: %3 is not defined before.")]
    [TestCase("kernel rank 0 () {\n  %0 = leap.f32\n}", "Line 2, column 8: 'leap.f32' is no instruction.")]
    [TestCase("kernel rank 0 () {\n  %0 = const.f32 x\n}", "Line 2, column 18: expected a number, found 'x'.")]
    [TestCase("kernel rank 0 () {", "Line 1, column 19: expected a name, found the end of the text.")]
    [TestCase("kernel rank 0 () {} more", "Line 1, column 21: expected the end of the text, found 'more'.")]
    [TestCase("kernel rank 0 (%0: f31) {}", "Line 1, column 20: 'f31' is no scalar type.")]
    public void Parse_OfBrokenText_SaysWhereAndWhat(string text, string message) =>
        Assert.That(() => KernelParser.Parse(text), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));

    private static Kernel Sample(string name) => KernelSamples.All.First(s => s.Name == name).Kernel;
}
