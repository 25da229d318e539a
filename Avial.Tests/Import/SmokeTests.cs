using System.Linq.Expressions;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

internal sealed class SmokeTests
{
    private static readonly Array2D<float> s_x = Array2D.From(new float[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 }, { 13, 14, 15, 16 } });

    private static readonly Array1D<double> s_v = Array1D.From<double>([1.5, -2, 3, double.NaN, 5, 6, 7, 8]);

    private static IEnumerable<long[]> Indices1 => Enumerable.Range(-2, 12).Select(i => new long[] { i });

    private static void Check1<T>(Expression<Func<long, T>> body) => BodyHarness.AssertAgrees(body, 100, Indices1);

    private static void Check2<T>(Expression<Func<long, long, T>> body) =>
        BodyHarness.AssertAgrees(body, 100, from i in Enumerable.Range(-1, 6) from j in Enumerable.Range(-1, 6) select new long[] { i, j });

    [Test]
    public void Smoke()
    {
        var x = s_x;
        var v = s_v;
        double c = 2.5;
        int n = 8;
        Check2((i, j) => 0.25f * (x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1]));
        Check1(i => c * i + n);
        Check1(i => v[(int)i] + v[n - 1 - i]);
        Check1(i => i > 0 && i < v.Length ? v[i - 1] : 0);
        Check1(i => Sum(0, i, k => v[k] * 2.0));
        Check1(i => Fold(0, 4, 1.0, (acc, k) => acc * v[k]));
        Check1(i => Max(0, 4, k => v[k]));
        Check1(i => ArgMin(0, 8, k => v[k]));
        Check1(i => While(i, s => s < 100, s => s * 2 + 5));
        Check1(i => Math.Clamp(i, 1, 5) + Math.Abs((int)i) / (i - 3));
        Check1(i => At(i, 2 * i));
        TestContext.Out.WriteLine(BodyHarness.Import((Expression<Func<long, double>>)(i => i > 0 && i < v.Length ? v[i - 1] + v[n - 1 - i] : Sum(0, i, k => v[k] * v[(int)i]))).Use.Kernel);
    }
}
