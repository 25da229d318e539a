using Avial.Graph;

namespace Avial.Tests.Graph;

public sealed class GraphTextTests
{
    private static IEnumerable<string> Names => GraphSamples.All.Select(s => s.Name);

    [TestCaseSource(nameof(Names))]
    public void Text_OfASample_IsAsRecorded(string name) => Golden.Check(GraphPrinter.Print(Sample(name), withSpans: true), $"{name}.graph");

    [TestCaseSource(nameof(Names))]
    public void Parse_OfThePrintedText_GivesAnEqualRegion(string name)
    {
        Region region = Sample(name);
        var calls = new CallNames();

        Region withSpans = GraphParser.Parse(GraphPrinter.Print(region, withSpans: true, calls), calls);
        Region without = GraphParser.Parse(GraphPrinter.Print(region, calls: calls), calls);

        Assert.That(GraphEquality.AreEqual(region, withSpans), Is.True);
        Assert.That(GraphEquality.AreEqual(region, without, withSpans: false), Is.True);
        Assert.That(GraphPrinter.Print(withSpans, withSpans: true, calls), Is.EqualTo(GraphPrinter.Print(region, withSpans: true, calls)));
        Assert.That(GraphVerifier.Verify(withSpans), Is.Empty);
    }

    [TestCaseSource(nameof(Names))]
    public void Parse_WithoutTheNetTypes_GivesColumnsAndAnEqualRegion(string name)
    {
        Region region = Sample(name);
        var calls = new CallNames();

        Region parsed = GraphParser.Parse(GraphPrinter.Print(region, withSpans: true, calls), calls, findType: _ => null);
        Region again = GraphParser.Parse(GraphPrinter.Print(parsed, withSpans: true, calls), calls);

        Assert.That(GraphEquality.AreEqual(region, parsed), Is.True);
        Assert.That(GraphEquality.AreEqual(parsed, again), Is.True);
        Assert.That(GraphVerifier.Verify(parsed), Is.Empty);
    }

    [TestCaseSource(nameof(Names))]
    public void Verify_OfASample_FindsNothing(string name) => Assert.That(GraphVerifier.Verify(Sample(name)), Is.Empty);

    [Test]
    public void Parse_WithTheNetTypes_FindsTheLayout()
    {
        Region region = GraphSamples.Struct();
        Region parsed = GraphParser.Parse(region.ToString());

        Assert.That(parsed.Parameters[0].Element, Is.SameAs(ElementLayout.Of(typeof(Cell))));
        Assert.That(parsed.Nodes[1].Operation.Outputs[0].Element, Is.SameAs(ElementLayout.Of(typeof(Cover))));
    }

    [Test]
    public void Parse_OfAKernelUsedTwice_GivesOneObject()
    {
        Region parsed = GraphParser.Parse(GraphSamples.Stencil().ToString());

        Assert.That(((MapOperation)parsed.Nodes[0].Operation).Pieces[0].Use.Kernel, Is.SameAs(((MapOperation)parsed.Nodes[1].Operation).Pieces[0].Use.Kernel));
    }

    [Test]
    public void Parse_OfShapesWrittenWithX_ReadsThem()
    {
        Region parsed = GraphParser.Parse("graph { @0: f32[4x0x16] return @0 }");

        Assert.That(parsed.Parameters[0], Is.EqualTo(GraphSamples.Of<float>(4, 0, 16)));
    }

    [Test]
    public void Parse_WithoutTheCode_GivesACallThatPrintsAgain()
    {
        string text = GraphSamples.Call().ToString();

        Assert.That(GraphParser.Parse(text).ToString(), Is.EqualTo(text));
    }

    [Test]
    public void Text_OfANode_IsItsLine()
    {
        GraphNode node = new(new FillOperation { Outputs = [GraphSamples.Of<double>(3)] }, [], [2]) { Name = "zeros" };

        Assert.That(node.ToString(), Is.EqualTo("fill (; #2) : f64[3] named \"zeros\""));
    }

    [TestCase("graph { %2 = source () : f32 }", "Line 1, column 10: number 0 comes next.")]
    [TestCase("graph { %0 = leap () : f32 }", "Line 1, column 14: 'leap' is no operation.")]
    [TestCase("graph { @0: f31[4] }", "Line 1, column 13: 'f31' is no type.")]
    [TestCase("graph { @0: f32[4] %0 = map (@0) : f32[4] { domain [0..4] reads $0 k7 } }", "Line 1, column 68: 'k7' is no kernel named before.")]
    [TestCase("graph { %0 = source () : f32 on mars }", "Line 1, column 33: 'mars' is no target.")]
    public void Parse_OfBrokenText_SaysWhereAndWhat(string text, string message) =>
        Assert.That(() => GraphParser.Parse(text), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));

    private static Region Sample(string name) => GraphSamples.All.First(s => s.Name == name).Region;
}
