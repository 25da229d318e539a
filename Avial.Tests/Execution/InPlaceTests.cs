using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using static Avial.Targets;

namespace Avial.Tests.Execution;

/// <summary>Steps that write over what they read: the same results, and no copy.</summary>
internal sealed class InPlaceTests
{
    private const int N = 9;

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Elimination_OfAnArrayThatIsHeld_LeavesItAsItWas(EngineCase engine)
    {
        using Session session = engine.Open();
        double[,] m = Library.Samples.Make(N, N, (i, j) => i == j ? 9.0 : 1.0 / (1 + i + 2 * j));
        Array2D<double> a = Array2D.From(m);

        Array2D<double> once = Eliminated(a, 3);
        Array2D<double> computed = 1.0 * a;
        Array2D<double> again = Eliminated(computed, 3);
        Compute.Evaluate(once, again, computed);

        Assert.That(a.ToArray(), Is.EqualTo(m));
        Assert.That(computed.ToArray(), Is.EqualTo(m));
        for (int i = 4; i < N; i++)
        {
            for (int j = 4; j < N; j++)
            {
                m[i, j] -= m[i, 3] * m[3, j];
            }
        }
        Assert.That(once.ToArray(), Is.EqualTo(m));
        Assert.That(again.ToArray(), Is.EqualTo(m));
    }

    [Test]
    public void Elimination_InALoop_ReadsAndWritesOneBuffer()
    {
        BodyPlan step = StepOf((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, N), new(t + 1, N)), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a));

        Assert.That(step.Results[0], Is.EqualTo(step.Parameters[0]));
        Assert.That(Lowered(step).Buffers, Is.EqualTo(new[] { new BufferBinding(BufferSource.Output, 0, 0) }));
    }

    [Test]
    public void Stencil_InALoop_ReadsAnotherBuffer()
    {
        BodyPlan step = StepOf((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => a[i, j] + a[i - 1, j]).Over(a));

        Assert.That(step.Results[0], Is.Not.EqualTo(step.Parameters[0]));
        Assert.That(Lowered(step).Buffers, Is.EqualTo(new[] { new BufferBinding(BufferSource.Output, 0, 0), new BufferBinding(BufferSource.Input, 0, 0) }));
    }

    private static Array2D<double> Eliminated(Array2D<double> a, int k) =>
        Task.On(Auto).Run(new Domain2D(new(k + 1, N), new(k + 1, N)), (i, j) => a[i, j] - a[i, k] * a[k, j]).Over(a);

    private static BodyPlan StepOf(Func<Array2D<double>, Step, Array2D<double>> step)
    {
        Array2D<double> start = Array2D.FromIndex((N, N), (i, j) => 1.0 / (1 + i + j));
        Region region = Optimiser.Optimise(RegionBuilder.OfRoots([Task.Repeat(N - 2, start, step).Whole], []).Region, isFusing: true, null);
        return BodyPlanner.PlanProgram(region, new ShapeChooser().Choose(region, [], 1), 1, []).Loops.Values.Single();
    }

    private static LoweredStage Lowered(BodyPlan step) =>
        (LoweredStage)OperationLowering.Lower(step.Region.Nodes[0], step.ReadInPlace.TryGetValue(0, out int[]? outputs) ? new InPlaceInputs([.. outputs]) : default).Stages[0];
}
