using Avial.Planning.Machine;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Ranks that would measure different machines all plan for that of rank 0.</summary>
public sealed class AgreedMachineTests
{
    private const int N = 100_000;

    // On the one everything is shared out, on the other nothing.
    private static readonly MachineConstants s_free = new(0, 0, 0.5e-9, 0.1e-9, 0.1e-9 / 64, 0);
    private static readonly MachineConstants s_dear = new(10, 1, 0.5e-9, 0.1e-9, 0.1e-9 / 64, 0);

    [Test]
    public void Ranks_ThatMeasureDifferently_PlanAsRankZeroDoes([Values(2, 3, 7)] int count, [Values] bool isFreeOnRoot, [Values] bool isExplainedBefore)
    {
        var models = new MachineModel[count];
        var plans = new string[count];
        var sums = new double[count];
        Session.RunOnRanks(count, session =>
        {
            bool isFree = session.IsRoot == isFreeOnRoot;
            session.Runner.Ranks!.Measure = o => new MeasuredMachine(isFree ? s_free : s_dear, 1 + session.Rank, 64 + session.Rank);
            Array1D<double> x = Task.On(Cpu).Run(N, i => Math.Sqrt(i));
            Array1D<double> y = Task.Repeat(5, x, s => Task.On(Cpu).Run(s.Interior(1), i => 0.5 * (s[i - 1] + s[i + 1])).Over(s));
            if (isExplainedBefore)
            {
                Plan.For(y).Explain();
            }
            sums[session.Rank] = y.Reduce(Reduction.Sum).Value;
            models[session.Rank] = session.Machine;
            plans[session.Rank] = Plan.For(Task.On(Cpu).Run(y.Interior(1), i => y[i - 1] + y[i + 1]).Over(y)).Explain();
        }, o => o with { Engine = Engine.Managed });

        Assert.That(models, Is.All.EqualTo(new MeasuredMachine(isFreeOnRoot ? s_free : s_dear, 1, 64).Model(count)));
        Assert.That(plans, Is.All.EqualTo(plans[0]));
        Assert.That(sums, Is.All.EqualTo(sums[0]));
    }

    [Test]
    public void Machine_ThatIsStated_IsNotMeasured()
    {
        var stated = MachineModel.Ideal(3);
        Session.RunOnRanks(3, session =>
        {
            session.Runner.Ranks!.Measure = _ => throw new InvalidOperationException("Nothing is to be measured.");
            Assert.That(Task.On(Cpu).Run(100, i => i * 2).Reduce(Reduction.Sum).Value, Is.EqualTo(9900));
            Assert.That(session.Machine, Is.EqualTo(stated));
        }, o => o with { Engine = Engine.Managed, Machine = stated });
    }
}
