using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Planning.Plans;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning.Verification;

/// <summary>Plans as the planner makes them, for programs as a user writes them.</summary>
internal sealed class GeneratedPlanTests
{
    private static readonly SortedDictionary<string, Func<IComputed[]>> s_programs = new(StringComparer.Ordinal)
    {
        ["chain"] = () =>
        {
            Array1D<double> x = Numbers(50);
            Array1D<double> y = Task.On(Auto).Run(50, i => x[i] * 2);
            return [Task.On(Auto).Run(50, i => y[i] + x[i])];
        },
        ["jacobi"] = () =>
        {
            Array2D<double> a = Numbers(9, 11);
            return [Task.Repeat(4, a, (u, t) => Task.On(Auto).Run(u.Interior(1), (i, j) => u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]).Over(u))];
        },
        ["transpose"] = () =>
        {
            Array2D<double> a = Numbers(8, 6);
            Array2D<double> b = Task.On(Auto).Run(new Domain2D(8, 6), (i, j) => a[i, j] + 1);
            return [Task.On(Auto).Run(new Domain2D(6, 8), (i, j) => b[j, i] * 2)];
        },
        ["product"] = () =>
        {
            Array2D<double> a = Numbers(7, 5);
            Array2D<double> b = Numbers(5, 6);
            return [Task.On(Auto).Run(new Domain2D(7, 6), (i, j) => Sum(0, 5, k => a[i, k] * b[k, j]))];
        },
        ["sum"] = () =>
        {
            Array1D<double> a = Numbers(20);
            Scalar<double> s = Task.On(Auto).Reduce(20, i => a[i], Reduction.Sum);
            return [Task.On(Auto).Run(20, i => a[i] - s), s];
        },
        ["rows"] = () =>
        {
            Array2D<double> a = Numbers(6, 10);
            return [Task.On(Auto).Run(6, i => Sum(0, 10, j => a[i, j]))];
        },
        ["elimination"] = () =>
        {
            Array2D<double> a = Numbers(7, 7);
            return [Task.Repeat(6, a, (u, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, 7), new(t + 1, 7)), (i, j) => u[i, j] - u[i, t] * u[t, j]).Over(u))];
        },
        ["gather"] = () =>
        {
            Array1D<int> first = Array1D.From([.. Enumerable.Range(0, 21).Select(i => 2 * i)]);
            Array1D<int> column = Array1D.From([.. Enumerable.Range(0, 40).Select(i => i * 7 % 20)]);
            return [Task.Repeat(4, Numbers(20), x => Task.On(Auto).Run(20, v => Sum(first[v], first[v + 1], k => 2 * x[column[k]])))];
        },
        ["gather through what is computed"] = () =>
        {
            Array2D<double> a = Numbers(20, 3);
            Array1D<long> next = Task.On(Auto).Run(20, i => i * 7 % 20);
            var (_, b) = Task.Repeat(3, (next, a), (state, t) =>
            {
                var (to, values) = state;
                Array1D<long> further = Task.On(Auto).Run(20, i => to[to[i]]);
                return (further, Task.On(Auto).Run(new Domain2D(20, 3), (i, j) => values[to[i], j] + values[further[19 - i], 2 - j]));
            });
            return [b];
        },
        ["triangle"] = () =>
        {
            // Written over the array: row t + 1 from the rows above and from its own elements.
            Array2D<double> a = Numbers(6, 6);
            return [Task.Repeat(5, a, (u, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, 6)), (i, j) => Sum(0, i + 1, k => u[k, j])).Over(u))];
        },
        ["sweep"] = () =>
        {
            Array2D<double> a = Numbers(8, 9);
            return [Task.On(Auto).Sweep(a, a.Interior(1), (x, i, j) => x[i - 1, j] + x[i, j - 1] + x[i + 1, j] + x[i, j + 1])];
        },
        ["reshape"] = () =>
        {
            Array1D<double> a = Numbers(24);
            Array1D<double> b = Task.On(Auto).Run(24, i => a[i] + 1);
            return [b.Reshape(4, 6)];
        },
    };

    private static IEnumerable<string> Names => s_programs.Keys;

    [Test]
    public void Verify_OfAGeneratedPlan_FindsNothing([ValueSource(nameof(Names))] string name, [Values(1, 2, 3, 4, 7)] int ranks)
    {
        Planned planned = Planned.Of(new ShapeChooser(), ranks, s_programs[name]());

        PlanVerdict verdict = PlanVerifier.Verify(planned.Ranks);

        Assert.That(verdict.IsValid, Is.True, () => $"{string.Join("\n", verdict.Violations)}\n{RankPlanPrinter.Print(planned.Ranks)}");
    }

    [Test]
    public void Parse_OfAGeneratedPlansText_GivesAPlanThatPrintsAlike([ValueSource(nameof(Names))] string name)
    {
        Planned planned = Planned.Of(new ShapeChooser(), 4, s_programs[name]());
        var calls = new CallNames();
        string text = RankPlanPrinter.Print(planned.Ranks, calls);

        string again = RankPlanPrinter.Print(RankPlanParser.Parse(text, calls), calls);

        Assert.That(string.Join('\n', again.Split('\n')), Is.EqualTo(string.Join('\n', text.Split('\n').Where(l => !l.Contains("// moves", StringComparison.Ordinal)))));
    }

    private static Array1D<double> Numbers(int length) => Array1D.From([.. Enumerable.Range(0, length).Select(i => (double)i)]);

    private static Array2D<double> Numbers(int rows, int columns)
    {
        var numbers = new double[rows, columns];
        for (int n = 0; n < numbers.Length; n++)
        {
            numbers[n / columns, n % columns] = n % 10;
        }
        return Array2D.From(numbers);
    }
}
