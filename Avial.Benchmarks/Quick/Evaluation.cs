using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>What an evaluation of a small graph costs when a C# loop records the same tasks again and again: it is imported and planned once.</summary>
internal static class Evaluation
{
    public static Table Run()
    {
        var table = new Table("evaluation", "Evaluating a small graph again and again", "Work", "Recording and evaluation", "Recording alone", "Aim");
        using Session session = Session.Create(o => o with { Threads = 1 });
        Array1D<float> x = Array1D.From(new float[16]);
        float shift = 0;
        double[] one = Timing.Best(() => Step(x, shift++).ToArray(), () => Step(x, shift++));
        table.Add("one task of 16 elements", Table.Time(one[0]), Table.Time(one[1]), "20 µs an evaluation");
        double[] three = Timing.Best(() => Step(Step(Step(x, shift++), 2), 3).Reduce(Reduction.Sum).Value.ToString(), () => Step(Step(Step(x, shift++), 2), 3).Reduce(Reduction.Sum));
        table.Add("three fused tasks and their sum", Table.Time(three[0]), Table.Time(three[1]), "20 µs an evaluation");
        return table;
    }

    private static Array1D<float> Step(Array1D<float> x, float shift) => Task.On(Cpu).Run(x.Domain, i => 0.5f * x[i] + shift);
}
