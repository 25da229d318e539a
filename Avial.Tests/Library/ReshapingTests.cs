using Avial.Diagnostics;

namespace Avial.Tests.Library;

/// <summary>Concatenation and padding against plain loops, on every engine.</summary>
public sealed class ReshapingTests
{
    private readonly record struct Cell(double H, int N);

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Concat_OfVectors_IsOneAfterAnother(EngineCase engine)
    {
        using Session session = engine.Open();
        int[] a = [1, 2, 3];
        int[] b = [];
        int[] c = [4];
        int[] d = [5, 6];

        Assert.That(Array1D.Concat([Array1D.From(a), Array1D.From(b), Array1D.From(c), Array1D.From(d)]).ToArray(), Is.EqualTo((int[])[1, 2, 3, 4, 5, 6]));
        Assert.That(Array1D.Concat([Array1D.From(b), Array1D.From(d)]).ToArray(), Is.EqualTo(d));
        Assert.That(Array1D.Concat([Array1D.From(b)]).ToArray(), Is.Empty);
        Assert.That(Array1D.Concat([Array1D.From(d).Reversed(), Array1D.From(a).Slice(1..3)]).ToArray(), Is.EqualTo((int[])[6, 5, 2, 3]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Concat_OfMatrices_JoinsAlongEitherAxis(EngineCase engine)
    {
        using Session session = engine.Open();
        float[,] a = Samples.Matrix<float>(2, 3, 1);
        float[,] b = Samples.Matrix<float>(4, 3, 2);
        float[,] c = Samples.Matrix<float>(2, 5, 3);

        Assert.That(Array2D.Concat([Array2D.From(a), Array2D.From(b)], axis: 0).ToArray(), Is.EqualTo(Samples.Make(6, 3, (i, j) => i < 2 ? a[i, j] : b[i - 2, j])));
        Assert.That(Array2D.Concat([Array2D.From(a), Array2D.From(c)], axis: 1).ToArray(), Is.EqualTo(Samples.Make(2, 8, (i, j) => j < 3 ? a[i, j] : c[i, j - 3])));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Structs_ConcatenatedAndPadded_KeepTheirFields(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<Cell> cells = [new(1.5, 1), new(2.5, 2)];

        Assert.That(Array1D.Concat([cells, cells.Reversed()]).ToArray(), Is.EqualTo((Cell[])[new(1.5, 1), new(2.5, 2), new(2.5, 2), new(1.5, 1)]));
        Assert.That(cells.Pad(1, 1, new Cell(9, 9)).ToArray(), Is.EqualTo((Cell[])[new(9, 9), new(1.5, 1), new(2.5, 2), new(9, 9)]));
        Assert.That(cells.Pad(1, 1, PadMode.Wrap).ToArray(), Is.EqualTo((Cell[])[new(2.5, 2), new(1.5, 1), new(2.5, 2), new(1.5, 1)]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Pad_OfVectors_ShowsTheRightElements(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<short> a = [1, 2, 3];

        Assert.That(a.Pad(2, 1, (short)7).ToArray(), Is.EqualTo((short[])[7, 7, 1, 2, 3, 7]));
        Assert.That(a.Pad(4, 2, PadMode.Wrap).ToArray(), Is.EqualTo((short[])[3, 1, 2, 3, 1, 2, 3, 1, 2]));
        Assert.That(a.Pad(2, 2, PadMode.Clamp).ToArray(), Is.EqualTo((short[])[1, 1, 1, 2, 3, 3, 3]));
        Assert.That(a.Pad(0, 0, PadMode.Clamp).ToArray(), Is.EqualTo((short[])[1, 2, 3]));
        Assert.That(Array1D.Fill(0, 1.5).Pad(1, 1, 2.5).ToArray(), Is.EqualTo((double[])[2.5, 2.5]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Pad_OfMatrices_ShowsTheRightElements(EngineCase engine)
    {
        using Session session = engine.Open();
        int[,] a = Samples.Matrix<int>(3, 4, 1);
        Array2D<int> array = Array2D.From(a);

        Assert.That(array.Pad((1, 2), (2, 0), 5).ToArray(), Is.EqualTo(Samples.Make(6, 6, (i, j) => i is >= 1 and < 4 && j >= 2 ? a[i - 1, j - 2] : 5)));
        Assert.That(array.Pad((1, 2), (5, 1), PadMode.Wrap).ToArray(), Is.EqualTo(Samples.Make(6, 10, (i, j) => a[(i + 2) % 3, (j + 3) % 4])));
        Assert.That(array.Pad((1, 2), (2, 1), PadMode.Clamp).ToArray(), Is.EqualTo(Samples.Make(6, 7, (i, j) => a[Math.Clamp(i - 1, 0, 2), Math.Clamp(j - 2, 0, 3)])));
    }

    [Test]
    public void Shapes_ThatDoNotFit_AreRefusedWithBoth()
    {
        Array2D<float> a = Array2D.Fill((3, 4), 1f);
        Array2D<float> b = Array2D.Fill((2, 5), 1f);

        Assert.That(() => Array1D.Concat<int>([]), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0042: There is nothing to concatenate: give at least one array\. An empty array is Array1D\.Fill\(0, value\)\.\n  at ReshapingTests\.cs:\d+: Concat$"));
        Assert.That(() => Array2D.Concat([a, b], axis: 0), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0045: 'Fill@.*' is 3×4 and 'Fill@.*' is 2×5: along dimension 0 they concatenate only when all other extents are equal\. Slice or Pad one of them, or name another axis\.\n  at ReshapingTests\.cs:\d+: Concat$"));
        Assert.That(() => Array2D.Concat([a, b], axis: 2), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0019"));
        Assert.That(() => a.Pad((1, 1), (-1, 0), 0f), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0043: A padding of -1 before and 0 after in dimension 1 is not possible: widths are 0 or more\. To cut elements off use \.Slice\(\.\.\.\)\.\n  at ReshapingTests\.cs:\d+: Pad$"));
        Assert.That(() => Array1D.Fill(0, 1f).Pad(1, 0, PadMode.Wrap), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0302"));
    }
}
