using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Plans;

public sealed class RankPlanTextTests
{
    private static readonly CallNames s_calls = new();

    private static IEnumerable<string> Names => PlanSamples.Names;

    [TestCaseSource(nameof(Names))]
    public void Text_OfASample_IsAsRecorded(string name) => Golden.Check(RankPlanPrinter.Print(RankPlanParser.Parse(PlanSamples.Text(name), s_calls), s_calls), $"{name}.plan");

    [TestCaseSource(nameof(Names))]
    public void Parse_OfThePrintedText_GivesAnEqualPlan(string name)
    {
        var plans = RankPlanParser.Parse(PlanSamples.Text(name), s_calls);
        string text = RankPlanPrinter.Print(plans, s_calls);

        var again = RankPlanParser.Parse(text, s_calls);

        Assert.That(again, Has.Length.EqualTo(plans.Length));
        for (int rank = 0; rank < plans.Length; rank++)
        {
            Assert.That(PlanComparison.FirstDifference(plans[rank], again[rank]), Is.Null);
        }
        Assert.That(RankPlanPrinter.Print(again, s_calls), Is.EqualTo(text));
    }

    [TestCaseSource(nameof(Names))]
    public void Verify_OfASamplesGraph_FindsNothing(string name) => Assert.That(GraphVerifier.Verify(PlanSamples.Plans(name)[0].Body.Region), Is.Empty);

    [TestCase("0: allocate b1", "0: allocate c1", "'c1' is no buffer.")]
    [TestCase("0: allocate b1", "1: allocate b1", "step 0 comes next.")]
    [TestCase("0: allocate b1", "0: make b1", "'make' is no step.")]
    [TestCase("plan rank 1 of 2", "plan rank 2 of 2", "there is no rank 2 of 2.")]
    [TestCase("\"blocks 2\"", "\"blocks 3\"", "'blocks 3' is no distribution of f64[9] over 2 ranks.")]
    [TestCase("parameter 0", "parameter 1", "the graph has 1 parameters, and number 0 comes next.")]
    [TestCase("over [2..4]", "over [2-4]", "expected '..', found '-4] after 1'.")]
    public void Parse_OfADamagedText_SaysWhereAndWhat(string part, string damage, string problem)
    {
        string text = PlanSamples.Text("in-place").Replace(part, damage, StringComparison.Ordinal);

        FormatException refused = Assert.Throws<FormatException>(() => RankPlanParser.Parse(text))!;

        Assert.That(refused.Message, Does.Match(@"^Line \d+, column \d+: ").And.EndsWith(problem));
    }
}
