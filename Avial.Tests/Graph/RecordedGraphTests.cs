using Avial.Graph;
using Avial.Passes;
using static Avial.KernelMath;
using static Avial.Targets;
using Task = System.Threading.Tasks.Task;

namespace Avial.Tests.Graph;

/// <summary>Recorded programs, before and after the passes, verify and read back.</summary>
public sealed class RecordedGraphTests
{
    private static IEnumerable<TestCaseData> Programs()
    {
        yield return new TestCaseData((Func<NodeOutput>)Blur).SetArgDisplayNames("blur");
        yield return new TestCaseData((Func<NodeOutput>)Product).SetArgDisplayNames("product");
        yield return new TestCaseData((Func<NodeOutput>)Flow).SetArgDisplayNames("flow");
        yield return new TestCaseData((Func<NodeOutput>)March).SetArgDisplayNames("march");
        yield return new TestCaseData((Func<NodeOutput>)Views).SetArgDisplayNames("views");
    }

    [TestCaseSource(nameof(Programs))]
    public void RecordedPrograms_VerifyAndReadBack(object program)
    {
        BuiltRegion built = RegionBuilder.OfRoots([((Func<NodeOutput>)program)()], []);

        AssertSound(built.Region, built.Scalars.Length, isRestricted: false);
        Optimiser.Optimise(built.Region, isFusing: true, (_, region) => AssertSound(region, int.MaxValue, isRestricted: true));
    }

    private static void AssertSound(Region region, int scalars, bool isRestricted)
    {
        Assert.That(GraphVerifier.Verify(region, scalars, isRestricted), Is.Empty, region.ToString());
        Assert.That(GraphEquality.AreEqual(GraphParser.Parse(GraphPrinter.Print(region, withSpans: true)), region), Is.True, region.ToString());
    }

    private static NodeOutput Blur()
    {
        Array2D<float> terrain = Array2D.Fill((32, 16), 1f);
        Array2D<float> wide = Task.On(Cpu).Named("twice").Run(terrain.Domain, (i, j) => 2 * terrain[i, j]);
        Array2D<float> blurred = Task.On(Gpu).Run(terrain.Interior(1), (i, j) =>
            0.25f * (wide[i - 1, j] + wide[i + 1, j] + wide[i, j - 1] + wide[i, j + 1])).Over(terrain);
        return Task.On(Cpu).Run(terrain.Domain, (i, j) => blurred.Clamp[i, j + 1] - blurred.Wrap[i - 1, j]).Whole;
    }

    private static NodeOutput Product()
    {
        Array2D<double> a = Array2D.Fill((6, 300), 1.5);
        Array2D<double> b = Array2D.Fill((300, 5), 0.5);
        Array2D<double> c = Task.On(Cpu).Run((6, 5), (i, j) => Sum(0, 300, k => a[i, k] * b[k, j]));
        return Task.On(Cpu).Run(6, i => Fold(0, 5, 0.0, (acc, j) => Math.Max(acc, c[i, j]))).Whole;
    }

    private static NodeOutput Flow()
    {
        Array1D<Cell> cells = Task.On(Cpu).Run(40, i => new Cell(i, 2 * i));
        return Task.On(Cpu).Run(40, i => new Cell(cells.Or(new Cell(1f, 0f))[i - 1].H, i > 3 ? cells[i - 3].Hu : 0f)).Whole;
    }

    private static NodeOutput March()
    {
        Array1D<float> start = Array1D.Fill(64, 1f);
        Array1D<float> end = Task.Repeat(10, start, (s, t) => Task.On(Cpu).Run(64, i => s[i] * 0.5f + t));
        return end.Whole;
    }

    private static NodeOutput Views()
    {
        Array1D<int> x = Array1D.From<int>([1, 2, 3, 4, 5, 6]);
        Array1D<int> counts = Task.On(Cpu).Scatter(6, Array1D.Fill(8, 0), i => x[i], i => 1, Reduction.Sum);
        Array1D<int> sums = Task.On(Cpu).Scan(8, i => counts[i], Reduction.Sum);
        return Task.On(Cpu).Sweep(sums, 1..8, (self, i) => self[i - 1] + sums[i]).Whole;
    }
}
