using Avial.Planning.Distributing;
using Avial.Planning.Inspecting;
using Avial.Planning.Machine;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Planning.Plans;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Inspecting;

/// <summary>What is read at places that data decides is inspected where that is possible and cheaper; plans say how long it holds.</summary>
internal sealed class InspectionChoiceTests
{
    private const int N = 40;

    private static readonly MachineModel s_machine = new() { Ranks = 4 };

    [Test]
    public void SparseProduct_InALoop_IsInspectedOnceForAllStepsAndRuns()
    {
        Planned planned = Planned.Of(new ShapeChooser(), 4, Task.Repeat(6, Numbers(N), Times(N)));

        InspectStep inspection = planned.Steps<InspectStep>(1).Single();

        Assert.That(inspection.Lasting.Loops, Is.EqualTo(1));
        Assert.That(inspection.Lasting.Sources, Is.Not.Null);
        Assert.That(planned.Steps<GatherStep>(1).Single().Inspection, Is.EqualTo(inspection.Number));
        Assert.That(planned.Steps<SendStep>(1), Is.Empty);
    }

    [Test]
    public void Places_ThatTheLoopChanges_AreInspectedAtEachStep()
    {
        var (_, end) = Task.Repeat(6, (Indices(N), Numbers(N)), (state, t) =>
        {
            var (next, x) = state;
            return (Task.On(Cpu).Run(N, i => (next[i] + 1) % N), Task.On(Cpu).Run(N, i => x[next[i]] + 1));
        });
        Planned planned = Planned.Of(new ShapeChooser(), 4, end);

        InspectStep inspection = planned.Steps<InspectStep>(2).Single();

        Assert.That((inspection.Lasting.Loops, inspection.Lasting.Sources), Is.EqualTo((0, (object?)null)));
    }

    [Test]
    public void Places_OfAnInnerLoop_HoldForAllItsSteps([Values] bool isOuterChanging)
    {
        Array1D<long> fixedPlaces = Indices(N);
        var (_, end) = Task.Repeat(3, (Indices(N), Numbers(N)), (state, t) =>
        {
            var (next, x) = state;
            Array1D<long> places = isOuterChanging ? next : fixedPlaces;
            return (Task.On(Cpu).Run(N, i => (next[i] + 1) % N), Task.Repeat(4, x, y => Task.On(Cpu).Run(N, i => y[places[i]] + 1)));
        });
        Planned planned = Planned.Of(new ShapeChooser(), 4, end);

        InspectStep inspection = planned.Steps<InspectStep>(2).Single();

        Assert.That(inspection.Lasting.Loops, Is.EqualTo(isOuterChanging ? 1 : 2));
        Assert.That(inspection.Lasting.Sources is not null, Is.EqualTo(!isOuterChanging));
    }

    [Test]
    public void Values_ThatDecideWhereTheyAreRead_AreBroughtWhole()
    {
        Array1D<long> end = Task.Repeat(3, Indices(N), next => Task.On(Cpu).Run(N, i => next[next[next[i]]]));
        Planned planned = Planned.Of(new ShapeChooser(), 4, end);

        Assert.That(planned.Steps<InspectStep>(0), Is.Empty);
        Assert.That(planned.Steps<SendStep>(0).Count(), Is.EqualTo(2), "in rounds");
    }

    [Test]
    public void Values_ReadAtOnesOwnPlaceFirst_AreInspected()
    {
        Array1D<long> end = Task.Repeat(3, Indices(N), next => Task.On(Cpu).Run(N, i => next[next[i]]));
        Planned planned = Planned.Of(new ShapeChooser(), 4, end);

        Assert.That(planned.Steps<InspectStep>(0).Single().Lasting.Loops, Is.Zero);
        Assert.That(PlanVerifier.Verify(planned.Ranks, planned.Scalars).Violations, Is.Empty);
    }

    [TestCase(1 << 20, true)]
    [TestCase(64, false)]
    public void CostChooser_InspectsWhatIsLargeAndBringsTheRestWhole(int n, bool isInspected)
    {
        Array1D<double> start = Numbers(n);
        Array1D<long> places = Indices(n);
        Array1D<double> end = Task.Repeat(6, start, x => Task.On(Cpu).Run(n, i => x[places[i]] * Math.Exp(Math.Sin(i)) + Math.Cos(Math.Exp(i * 1e-9))));
        MachineModel machine = isInspected ? s_machine : s_machine with { Latency = 0, SecondsPerLaunch = 0, SecondsPerByte = 1e-15 };
        Planned planned = Planned.Of(new CostChooser(machine), 4, end);

        Assert.That(planned.Steps<InspectStep>(0).Any(), Is.EqualTo(isInspected));
    }

    // To bring everything would take longer than to compute everything: such reads are priced as what is found, not as the whole array.
    [Test]
    public void CostChooser_SharesOutWhatIsOnlyWorthItWhenLittleIsBrought()
    {
        const int Many = 1 << 20;
        var machine = new MachineModel { Ranks = 4, Latency = 1e-6, SecondsPerByte = 1e-9, SecondsPerOperation = 0.5e-9, SecondsPerByteOfMemory = 0.1e-9 };
        Array1D<long> places = Indices(Many);
        Array1D<double> end = Task.Repeat(6, Numbers(Many), x => Task.On(Cpu).Run(Many, i => 0.5 * x[places[i]] + Math.Sqrt(1.0 + i)));
        Planned planned = Planned.Of(new CostChooser(machine), 4, end);

        InspectStep inspection = planned.Steps<InspectStep>(0).Single();
        InspectionChoice.Candidate candidate = InspectionChoice.CandidateOf(planned.Body.Loops.Values.Single(), inspection.Node, inspection.Input, inspection.Owner)!.Value;
        (PlanCost gathered, PlanCost whole) = InspectionCost.Of(candidate, machine);
        Assert.That(gathered.Bytes, Is.LessThan(whole.Bytes / 4));
        Assert.That(planned.Steps<LaunchStep>(0).Where(s => s.Parts[0].Count < Many), Is.Not.Empty);
    }

    [Test]
    public void Explain_SaysWhatIsBroughtWholeAndWhatFindingItWouldHaveCost()
    {
        MachineModel machine = s_machine with { Latency = 0, SecondsPerLaunch = 0, SecondsPerByte = 1e-15 };
        using Session session = Session.Create(o => o with { Ranks = 4, Machine = machine });
        Array1D<long> places = Indices(64);
        Array1D<double> end = Task.Repeat(6, Numbers(64), x => Task.On(Cpu).Run(64, i => x[places[i]] * Math.Exp(Math.Sin(i)) + Math.Cos(Math.Exp(i * 1e-9))));

        Assert.That(Plan.For(end).Explain(), Does.Match(@"whole: cheaper than to find out what is read \(predicted [0-9.]+ .?s against [0-9.]+ .?s\)"));
    }

    private static Func<Array1D<double>, Array1D<double>> Times(int n)
    {
        Array1D<int> first = Array1D.From([.. Enumerable.Range(0, n + 1).Select(i => 3 * i)]);
        Array1D<int> column = Array1D.From([.. Enumerable.Range(0, 3 * n).Select(k => k * 7 % n)]);
        Array1D<double> value = Numbers(3 * n);
        return x => Task.On(Cpu).Run(n, v => Sum(first[v], first[v + 1], k => value[k] * x[column[k]]));
    }

    private static Array1D<double> Numbers(int n) => Array1D.From([.. Enumerable.Range(0, n).Select(i => 1.0 / (i + 1))]);

    private static Array1D<long> Indices(int n) => Array1D.From([.. Enumerable.Range(0, n).Select(i => i * 7L % n)]);
}
