using Avial.Planning.Distributing;
using Avial.Planning.Verification;
using Avial.Tests.PolyBench;

namespace Avial.Tests.Planning.Plans;

/// <summary>The plans of the PolyBench programs, certified without running them.</summary>
internal sealed class PolyBenchPlanTests
{
    private static readonly SortedDictionary<string, Func<IComputed[]>> s_programs = new(StringComparer.Ordinal)
    {
        ["2mm"] = () => [TwoMM.Avial(Matrix(7, 6), Matrix(6, 8), Matrix(8, 5), Matrix(7, 5))],
        ["3mm"] = () => [ThreeMM.Avial(Matrix(7, 6), Matrix(6, 8), Matrix(8, 5), Matrix(5, 7))],
        ["add2d"] = () => [Add2D.Avial(Matrix(9, 11), Matrix(9, 11))],
        ["atax"] = () => [Atax.Avial(Matrix(9, 11), Row(11))],
        ["bicg"] = () => Both(Bicg.Avial(Matrix(9, 11), Row(11), Row(9))),
        ["cholesky"] = () => [Cholesky.Avial(Matrix(9, 9))],
        ["doitgen"] = () => [Doitgen.Avial(Cube(5, 6, 7), Matrix(7, 7))],
        ["floyd-warshall"] = () => [FloydWarshall.Avial(Array2D.From(new int[9, 9]))],
        ["gemm"] = () => [Gemm.Avial(Matrix(9, 7), Matrix(9, 8), Matrix(8, 7))],
        ["heat-3d"] = () => [Heat3D.Avial(4, Cube(9, 9, 9), Cube(9, 9, 9))],
        ["jacobi-1d"] = () => [Jacobi1D.Avial(5, Row(31), Row(31))],
        ["jacobi-2d"] = () => [Jacobi2D.Avial(5, Matrix(13, 13), Matrix(13, 13))],
        ["lu"] = () => [Lu.Avial(Matrix(9, 9))],
        ["mvt"] = () => Both(Mvt.Avial(Matrix(11, 11), Row(11), Row(11), Row(11), Row(11))),
        ["nussinov"] = () => [Nussinov.Avial(Array1D.From(new int[9]))],
        ["seidel-2d"] = () => [Seidel2D.Avial(3, Matrix(11, 11))],
        ["symm"] = () => [Symm.Avial(Matrix(8, 9), Matrix(8, 8), Matrix(8, 9))],
        ["syr2k"] = () => [Syr2k.Avial(Matrix(9, 9), Matrix(9, 7), Matrix(9, 7))],
        ["syrk"] = () => [Syrk.Avial(Matrix(9, 9), Matrix(9, 7))],
        ["trisolv"] = () => [Trisolv.Avial(Matrix(11, 11), Row(11))],
        ["trmm"] = () => [Trmm.Avial(Matrix(8, 8), Matrix(8, 9))],
    };

    private static readonly string[] s_choosers = ["by shape", "by seed 1", "by seed 2"];

    private static IEnumerable<TestCaseData> Cases =>
        from name in s_programs.Keys
        from chooser in s_choosers
        from ranks in (int[])[1, 2, 3, 4, 7, 8]
        select new TestCaseData(name, chooser, ranks);

    [TestCaseSource(nameof(Cases))]
    public void Plan_OfAKernel_IsCertified(string name, string chooser, int ranks)
    {
        IDistributionChooser choice = chooser == s_choosers[0] ? new ShapeChooser() : new RandomChooser(chooser[^1] - '0');

        var planned = Planned.Of(choice, ranks, s_programs[name]());
        PlanVerdict verdict = PlanVerifier.Verify(planned.Ranks, planned.Scalars);

        Assert.That(verdict.Violations, Is.Empty, string.Join("\n", verdict.Violations.Take(3)));
    }

    private static IComputed[] Both<TA, TB>((TA First, TB Second) results) where TA : IComputed where TB : IComputed => [results.First, results.Second];

    private static Array1D<double> Row(int n) => Array1D.From(new double[n]);

    private static Array2D<double> Matrix(int n, int m) => Array2D.From(new double[n, m]);

    private static Array3D<double> Cube(int n, int m, int p) => Array3D.From(new double[n, m, p]);
}
