using Avial.Diagnostics;

namespace Avial.Tests.Library;

/// <summary>Convolution against plain loops, on every engine.</summary>
public sealed class ConvolutionTests
{
    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Convolve_OfVectors_IsTheDoubleLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach ((int n, int m) in ((int, int)[])[(5, 1), (5, 2), (7, 3), (4, 4), (9, 5), (0, 3), (2, 5)])
        {
            foreach (ConvolutionMode mode in Enum.GetValues<ConvolutionMode>())
            {
                if (mode == ConvolutionMode.Valid && m > n)
                {
                    continue;
                }
                string place = $"{n} by {m}, {mode}";
                float[] x = Samples.Vector<float>(n, 1);
                float[] w = Samples.Vector<float>(m, 2);
                Assert.That(Array1D.From(x).Convolve(Array1D.From(w), mode).ToArray(), Is.EqualTo(Plain(x, w, mode)), place);
                double[] y = Samples.Vector<double>(n, 3);
                double[] v = Samples.Vector<double>(m, 4);
                Assert.That(Array1D.From(y).Convolve(Array1D.From(v), mode).ToArray(), Is.EqualTo(Plain(y, v, mode)), place);
                int[] z = Samples.Vector<int>(n, 5);
                int[] u = Samples.Vector<int>(m, 6);
                Assert.That(Array1D.From(z).Convolve(Array1D.From(u), mode).ToArray(), Is.EqualTo(Plain(z, u, mode)), place);
            }
        }
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Convolve_OfMatrices_IsTheFourfoldLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach ((int n, int m, int p, int q) in ((int, int, int, int)[])[(5, 6, 3, 3), (6, 5, 2, 4), (3, 3, 1, 1), (4, 1, 3, 1)])
        {
            foreach (ConvolutionMode mode in Enum.GetValues<ConvolutionMode>())
            {
                string place = $"{n}×{m} by {p}×{q}, {mode}";
                float[,] x = Samples.Matrix<float>(n, m, 1);
                float[,] w = Samples.Matrix<float>(p, q, 2);
                Assert.That(Array2D.From(x).Convolve(Array2D.From(w), mode).ToArray(), Is.EqualTo(Plain(x, w, mode)), place);
                double[,] y = Samples.Matrix<double>(n, m, 3);
                double[,] v = Samples.Matrix<double>(p, q, 4);
                Assert.That(Array2D.From(y).Convolve(Array2D.From(v), mode).ToArray(), Is.EqualTo(Plain(y, v, mode)), place);
                int[,] z = Samples.Matrix<int>(n, m, 5);
                int[,] u = Samples.Matrix<int>(p, q, 6);
                Assert.That(Array2D.From(z).Convolve(Array2D.From(u), mode).ToArray(), Is.EqualTo(Plain(z, u, mode)), place);
            }
        }
    }

    [Test]
    public void Weights_NoneOrTooMany_AreRefused()
    {
        Array1D<float> x = Array1D.Fill(3, 1f);

        Assert.That(() => x.Convolve(Array1D.Fill(4, 1f), ConvolutionMode.Valid), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0044: The weights 'Fill@.*' are 4 and the array 'Fill@.*' is 3: weights need 1 element or more in each dimension and, for Valid, no more than the array has\. Use ConvolutionMode\.Same, or Pad the array\.\n  at ConvolutionTests\.cs:\d+: Convolve$"));
        Assert.That(() => x.Convolve(Array1D.Fill(0, 1f)), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0044"));
        Assert.That(() => Array2D.Fill((3, 3), 1f).Convolve(Array2D.Fill((3, 4), 1f), ConvolutionMode.Valid), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0044"));
    }

    private static T[] Plain<T>(T[] x, T[] w, ConvolutionMode mode) where T : System.Numerics.INumber<T>
    {
        (int extent, int centre) = Plan(x.Length, w.Length, mode);
        return [.. Enumerable.Range(0, extent).Select(i => Samples.Sum(w.Length, k => Within(i + centre - k, x.Length) ? w[k] * x[i + centre - k] : T.Zero))];
    }

    private static T[,] Plain<T>(T[,] x, T[,] w, ConvolutionMode mode) where T : System.Numerics.INumber<T>
    {
        (int rows, int r) = Plan(x.GetLength(0), w.GetLength(0), mode);
        (int columns, int c) = Plan(x.GetLength(1), w.GetLength(1), mode);
        return Samples.Make(rows, columns, (i, j) => Samples.Sum(w.GetLength(0), k => Samples.Sum(w.GetLength(1), l =>
            Within(i + r - k, x.GetLength(0)) && Within(j + c - l, x.GetLength(1)) ? w[k, l] * x[i + r - k, j + c - l] : T.Zero)));
    }

    private static (int Extent, int Centre) Plan(int n, int m, ConvolutionMode mode) => mode == ConvolutionMode.Same ? (n, (m - 1) / 2) : (n - m + 1, m - 1);

    private static bool Within(int index, int length) => index >= 0 && index < length;
}
