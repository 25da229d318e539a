using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>Slices, transposes, reshapes: alone, nested, as results and as inputs of everything.</summary>
public sealed class ViewsTests
{
    private static readonly int[,] s_m = Library.Samples.Make(4, 6, (i, j) => 10 * i + j);

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Views_AsResults_ShowTheRightElements(EngineCase engine)
    {
        using Session session = engine.Open();
        Array2D<int> a = Task.On(Auto).Run((4, 6), (i, j) => (int)(10 * i + j));

        Assert.That(a.Slice(1..3, 2..6).ToArray(), Is.EqualTo(Library.Samples.Make(2, 4, (i, j) => s_m[i + 1, j + 2])));
        Assert.That(a.Slice(new Domain1D(1, 3).Reversed, 0..6).ToArray(), Is.EqualTo(Library.Samples.Make(2, 6, (i, j) => s_m[2 - i, j])));
        Assert.That(a.Slice(2..2, 0..6).ToArray().GetLength(0), Is.Zero);
        Assert.That(a.Transpose().ToArray(), Is.EqualTo(Library.Samples.Make(6, 4, (i, j) => s_m[j, i])));
        Assert.That(a.Strided(3, 1).ToArray(), Is.EqualTo(Library.Samples.Make(4, 2, (i, j) => s_m[i, 3 * j])));
        Assert.That(a.Strided(3, 0).ToArray(), Is.EqualTo(Library.Samples.Make(2, 6, (i, j) => s_m[3 * i, j])));
        Assert.That(a.Reversed(1).ToArray(), Is.EqualTo(Library.Samples.Make(4, 6, (i, j) => s_m[i, 5 - j])));
        Assert.That(a.Row(2).ToArray(), Is.EqualTo((int[])[20, 21, 22, 23, 24, 25]));
        Assert.That(a.Column(5).ToArray(), Is.EqualTo((int[])[5, 15, 25, 35]));
        Assert.That(a.Diagonal().ToArray(), Is.EqualTo((int[])[0, 11, 22, 33]));
        Assert.That(a.Reshape(3, 8).ToArray(), Is.EqualTo(Library.Samples.Make(3, 8, (i, j) => s_m[(8 * i + j) / 6, (8 * i + j) % 6])));
        Assert.That(a.Reshape(24)[13], Is.EqualTo(s_m[2, 1]));
        Assert.That(a.Reshape(2, 3, 4).ToArray()[1, 2, 3], Is.EqualTo(s_m[3, 5]));
        Assert.That(a.Reshape(2, 3, 2, 2)[1, 2, 1, 1], Is.EqualTo(s_m[3, 5]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Views_OfViews_Compose(EngineCase engine)
    {
        using Session session = engine.Open();
        Array2D<int> a = Array2D.From(s_m);

        Assert.That(a.Transpose().Slice(1..5, 1..4).Reversed(0).Strided(2, 1).ToArray(), Is.EqualTo(Library.Samples.Make(4, 2, (i, j) => s_m[1 + 2 * j, 4 - i])));
        Assert.That(a.Transpose().Reshape(24).Slice(3..11).Reversed().ToArray(), Is.EqualTo(Enumerable.Range(3, 8).Reverse().Select(k => s_m[k % 4, k / 4])));
        Assert.That(a.Reshape(2, 12).Transpose().Column(1).ToArray(), Is.EqualTo(Enumerable.Range(12, 12).Select(k => s_m[k / 6, k % 6])));
        Assert.That(a.Transpose().Transpose().Diagonal().Strided(3).ToArray(), Is.EqualTo((int[])[0, 33]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Views_AsInputsOfEveryTask_AreReadThrough(EngineCase engine)
    {
        using Session session = engine.Open();
        Array2D<int> a = Array2D.From(s_m);
        Array2D<int> t = a.Transpose().Slice(0..6, 1..4); // t[i, j] = m[j + 1, i]
        Array1D<int> flat = t.Reshape(18);                // flat[k] = m[k % 3 + 1, k / 3]
        int[] plain = [.. Enumerable.Range(0, 18).Select(k => s_m[k % 3 + 1, k / 3])];

        Assert.That(Task.On(Cpu).Run((6, 3), (i, j) => t[i, j] + 1).ToArray(), Is.EqualTo(Library.Samples.Make(6, 3, (i, j) => s_m[j + 1, i] + 1)));
        Assert.That(Task.On(Cpu).Run((6, 3), (i, j) => t.Wrap[i + 1, j - 1]).ToArray(), Is.EqualTo(Library.Samples.Make(6, 3, (i, j) => s_m[(j + 2) % 3 + 1, (i + 1) % 6])));
        Assert.That(Task.On(Cpu).Reduce(18, k => flat[k], Reduction.Sum).Value, Is.EqualTo(plain.Sum()));
        Assert.That(t.Reduce(Reduction.Max).Value, Is.EqualTo(plain.Max()));
        Assert.That(Task.On(Cpu).Reduce(t.Domain, (i, j) => t[i, j], Reduction.Sum, axis: 0).ToArray(), Is.EqualTo(Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 6).Sum(i => s_m[j + 1, i]))));
        Assert.That(Task.On(Cpu).Scan(18, k => flat[k], Reduction.Sum)[17], Is.EqualTo(plain.Sum()));
        Assert.That(Task.On(Cpu).Scatter(18, Array1D.Fill(2, 0), k => flat[k] % 2, k => flat[k], Reduction.Sum).ToArray(), Is.EqualTo((int[])[plain.Where(p => p % 2 == 0).Sum(), plain.Where(p => p % 2 == 1).Sum()]));
        Assert.That(Task.On(Cpu).Scatter(2, flat.Slice(0..3), k => k, k => 1, Reduction.Sum).ToArray(), Is.EqualTo((int[])[plain[0] + 1, plain[1] + 1, plain[2]]));
        Assert.That(Task.On(Cpu).Sweep(flat, 1..18, (self, k) => self[k - 1] + self[k])[17], Is.EqualTo(plain.Sum()));
        Assert.That(Task.On(Cpu).Run(1..3, k => 7).Over(flat.Slice(0..4)).ToArray(), Is.EqualTo((int[])[plain[0], 7, 7, plain[3]]));
        Assert.That(Task.On(Cpu).Run(3, j => Sum(0, 6, i => t[i, j])).ToArray(), Is.EqualTo(Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 6).Sum(i => s_m[j + 1, i]))));
        Assert.That(Task.Repeat(2, flat, s => s.Reversed()).ToArray(), Is.EqualTo(plain));
        Assert.That(Task.Repeat(3, flat, s => s.Reversed()).ToArray(), Is.EqualTo(plain.Reverse()));
        Assert.That((flat + flat.Reversed())[0], Is.EqualTo(plain[0] + plain[17]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Pieces_OverOneBase_MakeOneArray(EngineCase engine)
    {
        using Session session = engine.Open();
        Array2D<int> a = Array2D.From(s_m);

        Array2D<int> framed = Task.On(Auto).Run((0..1, 0..6), (i, j) => -1).Over(Task.On(Auto).Run((3..4, 0..6), (i, j) => -2).Over(
            Task.On(Auto).Run((1..3, 0..1), (i, j) => -3).Over(Task.On(Auto).Run((1..3, 5..6), (i, j) => a[i, j - 1]).Over(a))));

        Assert.That(framed.ToArray(), Is.EqualTo(Library.Samples.Make(4, 6, (i, j) => i == 0 ? -1 : i == 3 ? -2 : j == 0 ? -3 : j == 5 ? s_m[i, 4] : s_m[i, j])));
        Assert.That(a[0, 0], Is.EqualTo(0));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void PartialArrays_ShowTheirDomainUntilItIsSaidWhatIsOutside(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> part = Task.On(Auto).Run(new Domain1D(2, 5), i => (int)(10 * i));

        Assert.That(part.Domain, Is.EqualTo(new Domain1D(2, 5)));
        Assert.That(part.ToString(), Does.EndWith("i32 on 2..5 (needs .Over, .Or or .Rebase)").Or.EndWith("i32 on [2..5] (needs .Over, .Or or .Rebase)"));
        Assert.That(part.Rebase().ToArray(), Is.EqualTo((int[])[20, 30, 40]));
        Assert.That(part.Over(Array1D.Fill(6, 1)).ToArray(), Is.EqualTo((int[])[1, 1, 20, 30, 40, 1]));
        Assert.That(Task.On(Auto).Run(7, i => part.Or(-1)[i]).ToArray(), Is.EqualTo((int[])[-1, -1, 20, 30, 40, -1, -1]));
        Assert.That(() => Task.On(Auto).Run(7, i => part.Clamp[i]), Throws.TypeOf<Avial.Diagnostics.AvialException>().With.Message.StartsWith("AVL0213"));
        Assert.That(part.Or(-1)[9], Is.EqualTo(-1));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Borders_ReadEveryDistance(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> a = [1, 2, 3];
        Assert.That(Task.On(Auto).Run(13, i => a.Wrap[i - 5]).ToArray(), Is.EqualTo(Enumerable.Range(-5, 13).Select(i => (i % 3 + 3) % 3 + 1)));
        Assert.That(Task.On(Auto).Run(13, i => a.Clamp[i - 5]).ToArray(), Is.EqualTo(Enumerable.Range(-5, 13).Select(i => Math.Clamp(i, 0, 2) + 1)));
        Assert.That(Task.On(Auto).Run(13, i => a.Or(9)[i - 5]).ToArray(), Is.EqualTo(Enumerable.Range(-5, 13).Select(i => i is < 0 or > 2 ? 9 : i + 1)));
        Assert.That((a.Wrap[-4], a.Clamp[99], a.Or(9)[3]), Is.EqualTo((3, 3, 9)));
    }
}
