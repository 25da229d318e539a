using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Library;

/// <summary>Products, norms and axpy against plain loops, on every engine.</summary>
public sealed class LinearAlgebraTests
{
    private static readonly (int N, int K, int M)[] s_shapes = [(1, 1, 1), (3, 5, 7), (17, 300, 2), (0, 3, 2), (2, 0, 3), (2, 3, 0)];

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void MatMul_OfEachType_IsTheTripleLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach ((int n, int k, int m) in s_shapes)
        {
            float[,] a = Samples.Matrix<float>(n, k, 1);
            float[,] b = Samples.Matrix<float>(k, m, 2);
            Assert.That(Array2D.From(a).MatMul(Array2D.From(b)).ToArray(), Is.EqualTo(Samples.Make(n, m, (i, j) => Samples.Sum(k, l => a[i, l] * b[l, j]))), $"{n}×{k}×{m}");

            double[,] c = Samples.Matrix<double>(n, k, 3);
            double[,] d = Samples.Matrix<double>(k, m, 4);
            Assert.That(Array2D.From(c).MatMul(Array2D.From(d)).ToArray(), Is.EqualTo(Samples.Make(n, m, (i, j) => Samples.Sum(k, l => c[i, l] * d[l, j]))), $"{n}×{k}×{m}");

            int[,] e = Samples.Matrix<int>(n, k, 5);
            int[,] f = Samples.Matrix<int>(k, m, 6);
            Assert.That(Array2D.From(e).MatMul(Array2D.From(f)).ToArray(), Is.EqualTo(Samples.Make(n, m, (i, j) => Samples.Sum(k, l => e[i, l] * f[l, j]))), $"{n}×{k}×{m}");
        }
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void MatVec_OfEachType_IsTheDoubleLoop(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach ((int n, int k, int _) in s_shapes)
        {
            float[,] a = Samples.Matrix<float>(n, k, 1);
            float[] x = Samples.Vector<float>(k, 2);
            Assert.That(Array2D.From(a).MatVec(Array1D.From(x)).ToArray(), Is.EqualTo(Enumerable.Range(0, n).Select(i => Samples.Sum(k, l => a[i, l] * x[l]))));

            double[,] b = Samples.Matrix<double>(n, k, 3);
            double[] y = Samples.Vector<double>(k, 4);
            Assert.That(Array2D.From(b).MatVec(Array1D.From(y)).ToArray(), Is.EqualTo(Enumerable.Range(0, n).Select(i => Samples.Sum(k, l => b[i, l] * y[l]))));

            int[,] c = Samples.Matrix<int>(n, k, 5);
            int[] z = Samples.Vector<int>(k, 6);
            Assert.That(Array2D.From(c).MatVec(Array1D.From(z)).ToArray(), Is.EqualTo(Enumerable.Range(0, n).Select(i => Samples.Sum(k, l => c[i, l] * z[l]))));
        }
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Vectors_OfEachLength_DotNormAndAxpyAreTheLoops(EngineCase engine)
    {
        using Session session = engine.Open();
        foreach (int n in (int[])[0, 1, 63, 65, 257])
        {
            float[] x = Samples.Vector<float>(n, 1);
            float[] y = Samples.Vector<float>(n, 2);
            Array1D<float> ax = Array1D.From(x);
            Array1D<float> ay = Array1D.From(y);
            Assert.That(ax.Dot(ay).Value, Is.EqualTo(Samples.Sum(n, i => x[i] * y[i])));
            Assert.That(ax.Norm().Value, Is.EqualTo(MathF.Sqrt(Samples.Sum(n, i => x[i] * x[i]))));
            Assert.That(LinearAlgebra.Axpy(3f, ax, ay).ToArray(), Is.EqualTo(x.Zip(y, (p, q) => 3f * p + q)));
            Assert.That(LinearAlgebra.Axpy(ax.Dot(ay), ax, ay).ToArray(), Is.EqualTo(x.Zip(y, (p, q) => Samples.Sum(n, i => x[i] * y[i]) * p + q)));

            double[] u = Samples.Vector<double>(n, 3);
            double[] v = Samples.Vector<double>(n, 4);
            Array1D<double> au = Array1D.From(u);
            Array1D<double> av = Array1D.From(v);
            Assert.That(au.Dot(av).Value, Is.EqualTo(Samples.Sum(n, i => u[i] * v[i])));
            Assert.That(au.Norm().Value, Is.EqualTo(Math.Sqrt(Samples.Sum(n, i => u[i] * u[i]))));
            Assert.That(LinearAlgebra.Axpy(-2.0, au, av).ToArray(), Is.EqualTo(u.Zip(v, (p, q) => -2 * p + q)));

            int[] r = Samples.Vector<int>(n, 5);
            int[] s = Samples.Vector<int>(n, 6);
            Assert.That(Array1D.From(r).Dot(Array1D.From(s)).Value, Is.EqualTo(Samples.Sum(n, i => r[i] * s[i])));
            Assert.That(LinearAlgebra.Axpy(7, Array1D.From(r), Array1D.From(s)).ToArray(), Is.EqualTo(r.Zip(s, (p, q) => 7 * p + q)));
        }
    }

    [Test]
    public void Norm_OfMatrices_IsTheFrobeniusNorm()
    {
        Assert.That(Array2D.From(new[,] { { 1f, 2f }, { 2f, 4f } }).Norm().Value, Is.EqualTo(5f));
        Assert.That(Array2D.From(new[,] { { 1.0, 2.0 }, { 2.0, 4.0 } }).Norm().Value, Is.EqualTo(5.0));
    }

    [Test]
    public void Products_ReadThroughViews()
    {
        double[,] a = Samples.Matrix<double>(4, 6, 1);
        Array2D<double> array = Array2D.From(a);

        Array2D<double> gram = array.Transpose().MatMul(array);

        Assert.That(gram.ToArray(), Is.EqualTo(Samples.Make(6, 6, (i, j) => Samples.Sum(4, k => a[k, i] * a[k, j]))));
        Assert.That(array.Row(1).Dot(array.Row(3)).Value, Is.EqualTo(Samples.Sum(6, k => a[1, k] * a[3, k])));
    }

    [Test]
    public void ConjugateGradient_InALoop_Converges()
    {
        double[,] matrix = Samples.Make(8, 8, (i, j) => i == j ? 4.0 : Math.Abs(i - j) == 1 ? -1.0 : 0.0);
        Array2D<double> a = Array2D.From(matrix);
        Array1D<double> b = Array1D.Fill(8, 1.0);
        Array1D<double> zero = Array1D.Fill(8, 0.0);

        (Array1D<double> x, Array1D<double> _, Array1D<double> _, Scalar<double> rest) = Task.Repeat(8, (x: zero, r: b, p: b, rr: b.Dot(b)), s =>
        {
            Array1D<double> ap = a.MatVec(s.p);
            Scalar<double> pap = s.p.Dot(ap);
            Scalar<double> alpha = Task.On(Auto).Run(() => s.rr / pap);
            Scalar<double> minus = Task.On(Auto).Run(() => -alpha);
            Array1D<double> r = LinearAlgebra.Axpy(minus, ap, s.r);
            Scalar<double> rr = r.Dot(r);
            Scalar<double> beta = Task.On(Auto).Run(() => rr / s.rr);
            return (LinearAlgebra.Axpy(alpha, s.p, s.x), r, LinearAlgebra.Axpy(beta, s.p, r), rr);
        });

        Assert.That(rest.Value, Is.LessThan(1e-20));
        Assert.That(a.MatVec(x).ToArray(), Is.EqualTo(Enumerable.Repeat(1.0, 8)).Within(1e-12));
    }

    [Test]
    public void Shapes_ThatDoNotFit_AreRefusedWithBoth()
    {
        Array2D<float> a = Array2D.Fill((3, 4), 1f);
        Array1D<float> x = Array1D.Fill(5, 1f);
        Array1D<float> y = Array1D.Fill(6, 1f);

        Assert.That(() => a.MatMul(a), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0040: 'Fill@LinearAlgebraTests\.cs:\d+' is 3×4 and 'Fill@LinearAlgebraTests\.cs:\d+' is 3×4: a product needs as many columns on the left \(4\) as rows on the right \(3\)\. Transpose\(\) or Slice one of them\.\n  at LinearAlgebraTests\.cs:\d+: MatMul$"));
        Assert.That(() => a.MatVec(x), Throws.TypeOf<AvialException>().With.Message.Contains("is 5: a product needs as many columns on the left (4) as rows on the right (5)"));
        Assert.That(() => x.Dot(y), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0041: 'Fill@.*' has 5 elements and 'Fill@.*' has 6; this needs equal lengths\. Slice the longer one, or Pad the shorter one\.\n  at LinearAlgebraTests\.cs:\d+: Dot$"));
        Assert.That(() => LinearAlgebra.Axpy(2f, x, y), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0041"));
    }
}
