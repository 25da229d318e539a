using Avial.Diagnostics;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Planning.Plans;

internal sealed class MemoryBudgetTests
{
    [Test]
    public void Evaluation_BeyondTheBudget_IsRefusedBeforeItRuns()
    {
        using Session session = Session.Create(o => o with { Ranks = 2, MemoryPerRank = 64 << 10 });
        session.Runner.Plans.Chooser = new ShapeChooser();
        Array1D<double> x = Array1D.Fill(20_000, 1.0);
        Array1D<double> y = Task.On(Auto).Named("doubled").Run(20_000, i => x[i] * i);

        Refused.With(() => y[1], "AVL0751: The plan needs 78.13 KiB of arrays at a time on rank 0 of 2, and a rank may hold 64.00 KiB. These are then in memory:\n"
            + "  'doubled' [0..10000]: 78.13 KiB\n"
            + "Use more ranks, smaller arrays or element types, Dispose what is no longer needed, or raise MemoryPerRank (AVIAL_MEMORY_PER_RANK). Nothing was computed.");
    }

    [Test]
    public void Evaluation_BeyondTheBudgetOfRanksOfAProgram_EndsAlikeOnAllOfThem()
    {
        var messages = new string[3];
        Session.RunOnRanks(3, session =>
        {
            session.Runner.Plans.Chooser = new ShapeChooser();
            Array1D<double> x = Task.On(Auto).Named("x").Run(30_000, i => i * 2.0);
            messages[session.Rank] = Assert.Throws<AvialException>(() => Compute.Evaluate(x))!.Message;
        }, o => o with { MemoryPerRank = 64 << 10 });

        Assert.That(messages, Is.All.StartsWith("AVL0751: The plan needs 78.13 KiB of arrays at a time on rank 0 of 3, and a rank may hold 64.00 KiB. These are then in memory:\n  'x' [0..10000]: 78.13 KiB\n"));
    }

    [Test]
    public void Evaluation_WithinTheBudget_Runs()
    {
        using Session session = Session.Create(o => o with { Ranks = 2, MemoryPerRank = 80_000 });
        session.Runner.Plans.Chooser = new ShapeChooser();

        Array1D<double> y = Task.On(Auto).Run(20_000, i => i * 2.0);

        Assert.That(y[10], Is.EqualTo(20));
    }

    [Test]
    public void Peak_OfSamples_IsTheCertificates([ValueSource(typeof(PlanSamples), nameof(PlanSamples.Names))] string name)
    {
        System.Collections.Immutable.ImmutableArray<RankPlan> plans = PlanSamples.Plans(name);

        PlanCertificate certificate = PlanVerifier.Verify(plans, PlanSamples.Scalars).Certificate;

        Assert.That(plans.Select(p => PlanMemory.Of(p, PlanSamples.Scalars).Bytes), Is.EqualTo(certificate.Peaks.Select(p => p.Bytes)));
    }
}
