using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;

namespace Avial.Tests.Explaining;

/// <summary>Small programs whose plans are shown, for a machine that is declared, so that every number is the same everywhere.</summary>
internal static partial class PlanPrograms
{
    /// <summary>A session whose arrays are distributed by what that costs.</summary>
    public static Session RanksByCost(int ranks) =>
        Session.Create(o => o with { Ranks = ranks, Threads = 4, Engine = Engine.Managed, Machine = new MachineModel { Ranks = ranks }, MemoryPerRank = null });

    /// <summary>A session whose arrays are all cut into blocks that are as cubic as can be.</summary>
    public static Session Ranks(int ranks)
    {
        Session session = RanksByCost(ranks);
        session.Runner.Plans.Chooser = new ShapeChooser();
        return session;
    }

    public static Array2D<double> Jacobi()
    {
        Array2D<double> start = Array2D.From(new double[64, 64]);
        return Task.Repeat(10, start, a => Task.On(Targets.Cpu).Named("relax").Run(a.Interior(1), (i, j) =>
            0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a));
    }

    public static Array2D<double> Product()
    {
        Array2D<double> a = Task.On(Targets.Cpu).Named("a").Run((48, 40), (i, j) => i + 0.5 * j);
        Array2D<double> b = Task.On(Targets.Cpu).Named("b").Run((40, 56), (i, j) => i - 0.25 * j);
        Compute.Evaluate(a, b);
        return Task.On(Targets.Cpu).Named("c").Run((48, 56), (i, j) => KernelMath.Sum(0, 40, k => a[i, k] * b[k, j]));
    }

    /// <summary>A sparse matrix times a vector again and again, and a vector that says itself where it is read.</summary>
    public static IComputed[] Sparse()
    {
        const int N = 400;
        Array1D<int> first = Array1D.From([.. Enumerable.Range(0, N + 1).Select(i => 3 * i)]);
        Array1D<int> column = Array1D.From([.. Enumerable.Range(0, 3 * N).Select(k => k * 7 % N)]);
        Array1D<double> value = Array1D.From(new double[3 * N]);
        Array1D<double> end = Task.Repeat(10, Array1D.From(new double[N]), x => Task.On(Targets.Cpu).Named("product").Run(N, v =>
            KernelMath.Sum(first[v], first[v + 1], k => value[k] * x[column[k]])));
        Array1D<long> next = Task.On(Targets.Cpu).Named("next").Run(N, i => i * 7 % N);
        return [end, Task.On(Targets.Cpu).Named("far").Run(N, i => next[next[next[i]]] + next[2 * column[i] % N])];
    }

    public static Array2D<float> Transpose()
    {
        Array2D<float> a = Task.On(Targets.Cpu).Named("a").Run((60, 64), (i, j) => i * 2f + j);
        Compute.Evaluate(a);
        return Task.On(Targets.Cpu).Named("turned").Run((64, 60), (i, j) => a[j, i]);
    }

    /// <summary>The number of the line that calls.</summary>
    public static int LineHere([CallerLineNumber] int line = 0) => line;

    /// <summary>Line numbers change with the sources.</summary>
    public static string WithoutLines(string text) => Line().Replace(text, "$1.cs:#");

    [GeneratedRegex(@"(\w+)\.cs:\d+")]
    private static partial Regex Line();
}
