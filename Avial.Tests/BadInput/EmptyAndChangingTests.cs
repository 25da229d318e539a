using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.BadInput;

/// <summary>Arrays without elements go through everything; what is captured is what it was when recorded.</summary>
public sealed class EmptyAndChangingTests
{
    private readonly record struct Cell(double H, int N);

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void EmptyArrays_GoThroughEveryTask(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<double> none = [];
        Array2D<int> flat = Array2D.Fill((0, 5), 1);
        Array2D<int> thin = Array2D.Fill((5, 0), 1);

        Assert.That((none + none * 2).ToArray(), Is.Empty);
        Assert.That(Task.On(Cpu).Run(none.Domain, i => none[i] + 1).ToArray(), Is.Empty);
        Assert.That(none.Reduce(Reduction.Sum).Value, Is.Zero);
        Assert.That(none.Reduce(Reduction.Product).Value, Is.EqualTo(1.0));
        Assert.That(none.Reduce(Reduction.Mean).Value, Is.NaN);
        Assert.That(() => none.Reduce(Reduction.Min).Value, Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0423"));
        Assert.That(() => Task.On(Cpu).Reduce(none.Domain, i => none[i], Reduction.ArgMax).Value, Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0423"));
        Assert.That(Task.On(Cpu).Reduce(0, i => i > 0, Reduction.All).Value, Is.True);
        Assert.That(Task.On(Cpu).Reduce(flat.Domain, (i, j) => flat[i, j], Reduction.Sum, axis: 0).ToArray(), Is.EqualTo(new int[5]));
        Assert.That(Task.On(Cpu).Reduce(thin.Domain, (i, j) => thin[i, j], Reduction.Sum, axis: 0).ToArray(), Is.Empty);
        Assert.That(Task.On(Cpu).Reduce(thin.Domain, (i, j) => thin[i, j], Reduction.Product, axis: 1).ToArray(), Is.EqualTo((int[])[1, 1, 1, 1, 1]));
        Assert.That(Task.On(Cpu).Scan(none.Domain, i => none[i], Reduction.Sum).ToArray(), Is.Empty);
        Assert.That(Task.On(Cpu).Scan(thin.Domain, (i, j) => thin[i, j], Reduction.Sum, axis: 0).ToArray().Length, Is.Zero);
        Assert.That(Task.On(Cpu).Scatter(3, none, i => i + 5, i => 1.0, Reduction.Sum).Length, Is.Zero);
        Assert.That(Task.On(Cpu).Scatter(0, Array1D.Fill(2, 1.0), i => i, i => 1.0, Reduction.Sum).ToArray(), Is.EqualTo((double[])[1, 1]));
        Assert.That(Task.On(Cpu).Sweep(none, none.Domain, (self, i) => self[i] + 1).ToArray(), Is.Empty);
        Assert.That(Task.On(Cpu).Sweep(Array1D.Fill(2, 1.0), new Domain1D(1, 1), (self, i) => 9.0).ToArray(), Is.EqualTo((double[])[1, 1]));
        Assert.That(Task.Repeat(3, none, s => s + 1).ToArray(), Is.Empty);
        Assert.That(Task.On(Cpu).Call(none, Output.Of<double>(0), (a, r) => Assert.That(a.Length + r.Length, Is.Zero)).ToArray(), Is.Empty);
        Assert.That(Task.On(Cpu).Run(new Domain1D(2, 2), i => 5.0).Over(Array1D.Fill(3, 1.0)).ToArray(), Is.EqualTo((double[])[1, 1, 1]));
        Assert.That(Task.On(Cpu).Run(3, i => none.Or(7)[i] + Sum(0, none.Length, k => none[k])).ToArray(), Is.EqualTo((double[])[7, 7, 7]));
        Assert.That(flat.Transpose().Reshape(0).ToArray(), Is.Empty);
        Assert.That(none.Reversed().Slice(0..0).Strided(3).ToArray(), Is.Empty);
        Assert.That(Array1D.From<Cell>([]).ToArray(), Is.Empty);
        Assert.That(flat.ToArray().GetLength(1), Is.EqualTo(5));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Interior_OfWhatIsTooShort_IsEmpty(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach (int n in (int[])[0, 1, 2, 3])
        {
            Array2D<double> x = Array2D.Fill((n, 4), 1.0);
            Array2D<double> inner = Task.On(Cpu).Run(x.Interior(1), (i, j) => x[i - 1, j + 1] + x[i + 1, j - 1]).Over(x);

            Assert.That(inner.ToArray().Cast<double>().Sum(), Is.EqualTo(n < 3 ? 4 * n : 14), $"{n} rows");
            Assert.That(Task.On(Cpu).Reduce(x.Interior(2), (i, j) => x[i, j], Reduction.Sum).Value, Is.Zero);
        }
        Assert.That(new Domain1D(3, 9).Interior(2), Is.EqualTo(new Domain1D(5, 7)));
        Assert.That(new Domain1D(3, 9).Interior(4), Is.EqualTo(new Domain1D(7, 7)));
        Assert.That(new Domain1D(3, 9).Interior(40), Is.EqualTo(new Domain1D(9, 9)));
        Assert.That(new Domain1D(3, 9).Interior(-1), Is.EqualTo(new Domain1D(2, 10)));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void CapturedNumbers_ThatChangeBetweenTasks_AreThoseOfTheirTask(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<double> x = Array1D.Fill(3, 0.0);
        double factor = 1;
        for (int step = 1; step <= 4; step++)
        {
            Array1D<double> old = x;
            int now = step;
            x = Task.On(Auto).Run(3, i => old[i] + factor * now * i);
            factor *= 10;
        }
        Assert.That(x.ToArray(), Is.EqualTo((double[])[0, 4321, 8642]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void CapturedArrays_Reassigned_AreThoseOfTheRecording(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> a = [1, 2, 3];
        Array1D<int> sum = Task.On(Auto).Run(3, i => a[i] + 1);
        a = [100, 200, 300];
        Array1D<int> again = Task.On(Auto).Run(3, i => a[i] + 1);
        a = null!;

        Assert.That(sum.ToArray(), Is.EqualTo((int[])[2, 3, 4]));
        Assert.That(again.ToArray(), Is.EqualTo((int[])[101, 201, 301]));
    }

    [Test]
    public void Functions_ThatCallEachOtherWithoutEnd_AreRefused() => Assert.That(() => Task.On(Cpu).Run(3, i => Endless.Even(i)), Throws.TypeOf<AvialException>()
        .With.Message.StartsWith("AVL0210: The function 'Even' calls itself without end: Even → Odd → Even. "));

    private static class Endless
    {
        public static readonly Func<long, bool> Even = Function((long n) => n == 0 || Odd!(n - 1));
        public static readonly Func<long, bool> Odd = Function((long n) => n != 0 && Even(n - 1));
    }
}
