using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Planning.Plans;

namespace Avial.Tests.Planning.Verification;

public sealed class PlanVerifierTests
{
    private static IEnumerable<string> Names => PlanSamples.Names;

    [TestCaseSource(nameof(Names))]
    public void Verify_OfASample_FindsNothing(string name)
    {
        PlanVerdict verdict = PlanVerifier.Verify(PlanSamples.Plans(name), PlanSamples.Scalars);

        Assert.That(string.Join("\n", verdict.Violations), Is.Empty);
    }

    [TestCaseSource(nameof(Names))]
    public void Verify_WithoutCapturedNumbers_FindsNothing(string name) =>
        Assert.That(string.Join("\n", PlanVerifier.Verify(PlanSamples.Plans(name)).Violations), Is.Empty);

    [Test]
    public void Certify_OfAStencil_CountsMessagesBytesAndMemory()
    {
        PlanCertificate certificate = PlanVerifier.Certify(PlanSamples.Plans("jacobi"));

        // Each of four ranks sends two faces of three floats, and holds 5×5 and 4×4 of them.
        Assert.That($"{certificate}", Is.EqualTo("4 of 4 ranks, 36 steps, 8 messages with 96 bytes, memory 164 to 164 bytes (mean 164)"));
        Assert.That(certificate.Peaks[0].Live.Select(b => b.Name), Is.EqualTo(new[] { "u", "next" }));
    }

    [Test]
    public void Certify_OfALoop_CountsTheBodysMemoryWithWhatIsAround()
    {
        PlanCertificate certificate = PlanVerifier.Certify(PlanSamples.Plans("loop"), PlanSamples.Scalars);

        // Two parameters of 5 numbers, the state of 6 twice, the number of steps.
        Assert.That(certificate.MaxPeak, Is.EqualTo(8 * (5 + 5 + 6 + 6 + 1)));
    }

    [Test]
    public void Verify_WithTooSmallABudget_NamesTheRank()
    {
        PlanVerdict verdict = PlanVerifier.Verify(PlanSamples.Plans("call"), PlanSamples.Scalars, budget: 100);

        Assert.That($"{verdict.Violations.Single()}", Is.EqualTo("Budget on rank 0: it holds 144 bytes at a time, of 100 that it may"));
        Assert.That(verdict.Certificate.Peaks[0].Live.Select(b => b.Number), Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [TestCase("redistribute", "after 2, 3\n}", "after 3\n}", "Race on rank 0, step 4: nothing orders it and step 2; step 2 writes b1 [2..4, 0..3], step 4 reads b1 [0..4, 0..3]")]
    [TestCase("redistribute", "send to 1 tag 3 b0[0..2, 3..6]", "send to 1 tag 3 b0[0..2, 2..5]",
        "Message on rank 1, step 2: piece 0 does not fit that of the message of step 0 on rank 0: [0..2, 2..5] goes to [0..2, 3..6], which stands for other elements")]
    [TestCase("redistribute", "send to 1 tag 3", "send to 1 tag 4", "Message on rank 1, step 2: tag 3 is expected; the message of step 0 on rank 0 has tag 4")]
    [TestCase("in-place", "over [2..4] after 1", "over [2..3] after 1", "Result on rank 0: of the own part [0..4] of result 0 (%1), [3..4] is not in b1")]
    [TestCase("in-place", "over [0..4] after 0", "over [0..3] after 0", "Read on rank 0, step 2: %1 reads [2..4] of %0 in b1; [3..4] of it is not there")]
    [TestCase("periodic", "b1[-1..0], b1[4..5] after 0", "b1[4..5], b1[-1..0] after 0",
        "Message on rank 0, step 1: piece 0 does not fit that of the message of step 2 on rank 1: [7..8] goes to [4..5], which stands for other elements")]
    [TestCase("sum", "over [3..6] tag 1", "over [4..6] tag 1", "Combine on rank 0, step 1: no rank has [3..4] of the domain [0..10]")]
    [TestCase("sum", "over [3..6] tag 1", "over [2..6] tag 1", "Combine on rank 1, step 1: of its part [2..6] some points are another rank's too")]
    [TestCase("sum", "1: combine %0 (b0) to b1 over [3..6] tag 1 after 0", "1: combine %0 (b0) to b1 over [0..10] alone tag 1 after 0", "Deadlock on rank 0, step 1: it waits for rank 1")]
    [TestCase("call", "9: free b2 after 5, 7", "9: free b2 after 7", "Race on rank 0, step 9: nothing orders it and step 5; step 5 reads b2, step 9 writes b2")]
    [TestCase("call", "8: free b1 after 4\n", "8: free b3 after 4, 6, 7\n", "Lifetime on rank 0: b1 'all' is never given back")]
    [TestCase("call", "0: send to 0 tag 1 b0[3..6]", "0: send to 0 tag 1 b0[3..6] after 0", "Form on rank 1, step 0: it waits for 0, which do not all come before it")]
    [TestCase("sweep", "3: launch %0 (b1) to (b1) over [1..4] after 1, 2\n  4: send to 1 tag 2 b1[3..4] after 3", "3: send to 1 tag 2 b1[3..4] after 2\n  4: launch %0 (b1) to (b1) over [1..4] after 1, 2, 3",
        "Read on rank 1, step 4: %0 reads [3..4] of %0 in b1; [3..4] of it is not there, but @0")]
    [TestCase("until", "result 1 in b1 owned \"everywhere\"", "result 1 in - owned \"everywhere\"", "Result on rank 0, loop %0 step 0: result 1 has no buffer")]
    [TestCase("loop", "4: launch %0 (b0, b2) to (b1) over [1..5] after 0, 2", "4: launch %0 (b0, b2) to (b0) over [1..5] after 0, 2",
        "Race on rank 0, loop %0 step 0, step 4: %0 reads b0 [0..4] while it writes b0 [1..5]")]
    [TestCase("ordered", "after 1, 2, 3", "after 2, 3", "Race on rank 1, step 4: nothing orders it and step 1; step 1 writes b1 [0..2, 0..3], step 4 reads b1 [0..4, 0..3]")]
    public void Verify_OfABrokenSample_SaysWhere(string name, string part, string damage, string expected)
    {
        string text = PlanSamples.Text(name);
        int at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0));

        PlanVerdict verdict = PlanVerifier.Verify(RankPlanParser.Parse(text[..at] + damage + text[(at + part.Length)..]), PlanSamples.Scalars);

        Assert.That(verdict.Violations.Select(v => $"{v}"), Does.Contain(expected));
    }

    [Test]
    public void Verify_OfRanksThatBothSendAndWait_FindsADeadlock()
    {
        ImmutableArray<RankPlan> plans = PlanSamples.Plans("redistribute");
        // Each rank waits for its send to end before it starts to receive.
        ImmutableArray<RankPlan> waiting = [.. plans.Select(p => p with
        {
            Body = p.Body with { Steps = p.Body.Steps.SetItem(2, p.Body.Steps[2] with { After = [0, 1] }) },
        })];

        string[] found = [.. PlanVerifier.Verify(waiting).Violations.Select(v => $"{v}")];

        Assert.That(found, Does.Contain("Deadlock on rank 0, step 2: it waits for ever for step 0").And.Contain("Deadlock on rank 1, step 2: it waits for ever for step 0"));
    }

    [Test]
    public void Certify_OfABrokenPlan_ThrowsAnInternalErrorWithAllThatIsWrong()
    {
        string text = PlanSamples.Text("sum").Replace("tag 1", "tag 2", StringComparison.Ordinal).Replace("b1 over [3..6] tag 2", "b1 over [2..5] tag 1", StringComparison.Ordinal);

        InternalErrorException error = Assert.Throws<InternalErrorException>(() => PlanVerifier.Certify(RankPlanParser.Parse(text)))!;

        Assert.That(error.Message, Does.Contain("The plan breaks its promises:").And.Contain("Combine on rank 1, step 1: %0 with tag 1 meets %0 with tag 2 of rank 0")
            .And.Contain("Read on rank 1, step 1"));
    }

    [Test]
    public void Verify_OfThousandsOfRanks_FollowsTheChosenOnesAndTheirNeighbours()
    {
        const int Ranks = 4096;
        int asked = 0;

        PlanVerdict verdict = PlanVerifier.Verify(Ranks, rank => Plan(rank, Ranks, ref asked), [new RankId(0), new RankId(2000), new RankId(Ranks - 1)]);

        Assert.That(string.Join("\n", verdict.Violations), Is.Empty);
        Assert.That(verdict.Certificate.Checked, Is.EqualTo(7));
        Assert.That(asked, Is.EqualTo(7));
    }

    [Test]
    public void Verify_OfThousandsOfRanks_FindsWhatIsWrongInOneClass()
    {
        const int Ranks = 4096;
        int asked = 0;

        PlanVerdict verdict = PlanVerifier.Verify(Ranks,
            rank => rank.Value == 2001 ? PlanMutations.Of([Plan(rank, Ranks, ref asked)]).First(m => m.Name.Contains("drop step 2", StringComparison.Ordinal)).Plans[0] : Plan(rank, Ranks, ref asked),
            [new RankId(0), new RankId(2000), new RankId(Ranks - 1)]);

        Assert.That(verdict.Violations.Select(v => $"{v}"), Does.Contain("Message on rank 2000, step 5: the message with tag 1 to rank 2001 is never received"));
    }

    // Each element with both neighbours, a block of four on each rank, and the sum of all.
    private static RankPlan Plan(RankId rank, int ranks, ref int asked)
    {
        asked++;
        int low = 4 * rank.Value;
        int high = low + 4;
        int last = 4 * ranks;
        bool hasLeft = low > 0;
        bool hasRight = high < last;
        string text = $$"""
            graph {
              @0: f64[{{last}}]
              %0 = map (@0) : f64[{{last}}] {
                domain [0..{{last}}]
                reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
                  %1 = load.f64 a0[%0 - 1] clamp
                  %2 = load.f64 a0[%0 + 1] clamp
                  %3 = add.f64 %1, %2
                  return %3
                }
              }
              %1 = reduce (%0) : f64 {
                domain [0..{{last}}] axes 0
                reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
                  %1 = load.f64 a0[%0]
                  return %1
                }
                by sum
              }
              return %1
            }
            plan rank {{rank.Value}} of {{ranks}} {
              b0 = f64[{{last}}] window [{{(hasLeft ? low - 1 : low)}}..{{(hasRight ? high + 1 : high)}}] given
              b1 = f64[{{last}}] window [{{low}}..{{high}}]
              b2 = f64 window []
              parameter 0 in b0 owned "blocks {{ranks}}"
              result 0 in b2 owned "everywhere"
              0: allocate b1
              1: allocate b2
              {{(hasLeft ? $"2: receive from {rank.Value - 1} tag 1 b0[{low - 1}..{low}]" : $"2: copy b0[{low}..{low + 1}] to b1[{low}..{low + 1}] after 0")}}
              {{(hasRight ? $"3: receive from {rank.Value + 1} tag 1 b0[{high}..{high + 1}]" : $"3: copy b0[{low}..{low + 1}] to b1[{low}..{low + 1}] after 0, 2")}}
              {{(hasLeft ? $"4: send to {rank.Value - 1} tag 1 b0[{low}..{low + 1}]" : $"4: copy b0[{low}..{low + 1}] to b1[{low}..{low + 1}] after 0, 2")}}
              {{(hasRight ? $"5: send to {rank.Value + 1} tag 1 b0[{high - 1}..{high}]" : $"5: copy b0[{low}..{low + 1}] to b1[{low}..{low + 1}] after 0, 3")}}
              6: launch %0 (b0) to (b1) over [{{low}}..{{high}}] after 0, 2, 3, 4, 5
              7: combine %1 (b1) to b2 over [{{low}}..{{high}}] tag 2 after 1, 6
              8: free b1 after 7
            }
            """;
        return RankPlanParser.Parse(text)[0];
    }
}
