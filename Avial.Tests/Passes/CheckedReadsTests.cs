using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Passes;

/// <summary>Reads that are checked while they run stay checked against the array they name, whatever that array is made from.</summary>
public sealed class CheckedReadsTests
{
    private static Array1D<int> Eight => Array1D.From([1, 2, 3, 4, 5, 6, 7, 8]);

    private static IEnumerable<TestCaseData> Arrays => EngineCase.All.SelectMany(engine => new[]
    {
        new TestCaseData(engine, () => Task.On(Auto).Run(3, i => (int)i + 3)).SetArgDisplayNames($"{engine}", "map"),
        new TestCaseData(engine, () => Array1D.Fill(3, 4)).SetArgDisplayNames($"{engine}", "fill"),
        new TestCaseData(engine, () => Eight.Slice(2..5)).SetArgDisplayNames($"{engine}", "slice"),
        new TestCaseData(engine, () => Eight.Slice(1..7).Strided(2)).SetArgDisplayNames($"{engine}", "stride"),
        new TestCaseData(engine, () => Eight.Slice(2..5).Reversed()).SetArgDisplayNames($"{engine}", "reversed slice"),
        new TestCaseData(engine, () => Eight.Reshape(2, 4).Transpose().Slice(0..3, 1..2).Reshape(3)).SetArgDisplayNames($"{engine}", "column"),
    });

    [TestCaseSource(nameof(Arrays))]
    public void ReadAtDataOutside_OfAnyKindOfArray_IsAnError(EngineCase engine, Func<Array1D<int>> make)
    {
        using Session session = engine.Open();
        Array1D<int> x = make();
        foreach (int wrong in (int[])[3, 4, -1])
        {
            Array1D<int> at = Array1D.From([0, wrong, 2]);
            Assert.That(() => Task.On(Auto).Run(3, i => x[at[i]]).ToArray(), Throws.InstanceOf<AvialException>().With.Message.Match($@"^AVL0422: .* at \[1\]: index {wrong}, where 0\.\.2 exist"));
        }
        Array1D<int> inside = Array1D.From([2, 0, 1]);
        int[] expected = x.ToArray();
        Assert.That(Task.On(Auto).Run(3, i => x[inside[i]]).ToArray(), Is.EqualTo((int[])[expected[2], expected[0], expected[1]]));
    }

    [TestCaseSource(nameof(Arrays))]
    public void SumOverDataRangeOutside_OfAnyKindOfArray_IsAnError(EngineCase engine, Func<Array1D<int>> make)
    {
        using Session session = engine.Open();
        Array1D<int> x = make();
        Array1D<int> end = Array1D.From([0, 4, 2]);
        Assert.That(() => Task.On(Auto).Run(3, i => Sum(0, end[i], k => x[k])).ToArray(), Throws.InstanceOf<AvialException>().With.Message.StartsWith("AVL0422: "));
        Assert.That(() => Task.On(Auto).Run(3, i => Fold(0, end[i], 0, (sum, k) => sum + x[k])).ToArray(), Throws.InstanceOf<AvialException>().With.Message.StartsWith("AVL0422: "));

        Array1D<int> inside = Array1D.From([0, 3, 2]);
        int[] expected = x.ToArray();
        Assert.That(Task.On(Auto).Run(3, i => Sum(0, inside[i], k => x[k])).ToArray(), Is.EqualTo((int[])[0, expected.Sum(), expected[0] + expected[1]]));
    }

    [Test]
    public void ReadAtData_OfPermutedArray_CopiesNothing()
    {
        Array1D<int> at = Array1D.From([2, 0, 1]);
        Array2D<int> turned = Array2D.From(new[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } }).Transpose().Reversed(0);
        Array1D<int> read = Task.On(Auto).Run(3, i => turned[at[i], 0]);
        Assert.That(Plan.For(read).Launches, Is.EqualTo(1), Plan.For(read).Explain());
        Assert.That(read.ToArray(), Is.EqualTo((int[])[2, 4, 3]));
    }
}
