using Avial.Diagnostics;
using Avial.Planning.Distributing;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Reads at places that data decides: only what is needed comes, and every bit is that of one rank.</summary>
public sealed class GatheredReadsTests
{
    private static readonly int[] s_counts = [1, 2, 3, 4, 7, 8];

    public enum Pattern
    {
        Banded,
        Random,
        EmptyRows,
        Duplicates,
    }

    private readonly record struct Particle(double Mass, float Charge, int Kind);

    [Test]
    public void SparseProduct_OnRanks_HasTheBitsOfOneRank([Values] Pattern pattern, [ValueSource(nameof(s_counts))] int ranks, [Values(5, 60)] int n)
    {
        double[] expected = On(1, null, () => Product(Matrix.Of(pattern, n)).ToArray());

        Assert.That(On(ranks, null, () => Product(Matrix.Of(pattern, n)).ToArray()), Is.EqualTo(expected));
        for (int seed = 1; seed < 4; seed++)
        {
            Assert.That(On(ranks, new RandomChooser(seed), () => Product(Matrix.Of(pattern, n)).ToArray()), Is.EqualTo(expected), $"seed {seed}");
        }
    }

    [Test]
    public void PowerIteration_OnRanks_HasTheBitsOfOneRank([Values] Pattern pattern, [ValueSource(nameof(s_counts))] int ranks)
    {
        double[] Result()
        {
            Matrix matrix = Matrix.Of(pattern, 40);
            Array1D<double> start = Array1D.From([.. Enumerable.Range(0, 40).Select(i => 1.0 / (i + 1))]);
            return Task.Repeat(6, start, x => matrix.Times(x)).ToArray();
        }
        double[] expected = On(1, null, Result);

        Assert.That(On(ranks, null, Result), Is.EqualTo(expected));
        for (int seed = 1; seed < 4; seed++)
        {
            Assert.That(On(ranks, new RandomChooser(seed), Result), Is.EqualTo(expected), $"seed {seed}");
        }
    }

    [Test]
    public void PageRank_OnRanks_HasTheBitsOfOneRank([ValueSource(nameof(s_counts))] int ranks)
    {
        (double[], int) Result()
        {
            const int N = 50;
            Matrix matrix = Matrix.Of(Pattern.Random, N);
            var (first, from, share) = (matrix.First, matrix.Column, matrix.Value);
            var start = (Rank: Array1D.Fill(N, 1.0 / N), Change: Scalar.Of(1.0), Steps: Scalar.Of(0));
            var (rank, _, steps) = Task.RepeatUntil(start, state =>
                {
                    var old = state.Rank;
                    var next = Task.On(Auto).Run(N, v => 0.15 / N + 0.2 * Sum(first[v], first[v + 1], e => share[e] * old[from[e]]));
                    return (next, Task.On(Auto).Reduce(N, v => Math.Abs(next[v] - old[v]), Reduction.Sum), Task.On(Auto).Run(() => state.Steps + 1));
                },
                until: state => state.Change < 1e-9, limit: 100);
            return (rank.ToArray(), steps.Value);
        }
        (double[] expected, int count) = On(1, null, Result);

        (double[] found, int steps) = On(ranks, null, Result);

        Assert.That(found, Is.EqualTo(expected));
        Assert.That(steps, Is.EqualTo(count));
    }

    [Test]
    public void ConjugateGradient_OfASparseMatrix_HasTheBitsOfOneRank([ValueSource(nameof(s_counts))] int ranks)
    {
        double[] Result()
        {
            const int N = 48;
            Matrix matrix = Matrix.Of(Pattern.Banded, N);
            Array1D<double> right = Array1D.From([.. Enumerable.Range(0, N).Select(i => 1.0 + i % 5)]);
            var start = (X: Array1D.Fill(N, 0.0), R: right, P: right, Rho: Dot(right, right));
            var end = Task.Repeat(8, start, s =>
            {
                var (x, r, p, rho) = s;
                Array1D<double> product = matrix.Times(p);
                Array1D<double> ap = Task.On(Auto).Run(N, i => 4 * p[i] - product[i]);
                Scalar<double> slope = Dot(p, ap);
                Scalar<double> alpha = Task.On(Auto).Run(() => rho / slope);
                Array1D<double> x2 = Task.On(Auto).Run(N, i => x[i] + alpha * p[i]);
                Array1D<double> r2 = Task.On(Auto).Run(N, i => r[i] - alpha * ap[i]);
                Scalar<double> rho2 = Dot(r2, r2);
                return (x2, r2, Task.On(Auto).Run(N, i => r2[i] + rho2 / rho * p[i]), rho2);
            });
            return end.X.ToArray();
        }
        double[] expected = On(1, null, Result);

        Assert.That(On(ranks, null, Result), Is.EqualTo(expected));
        Assert.That(On(ranks, new RandomChooser(5), Result), Is.EqualTo(expected));
    }

    [Test]
    public void Places_ThatChangeFromStepToStep_AreFoundAgain([ValueSource(nameof(s_counts))] int ranks)
    {
        double[] Result()
        {
            const int N = 45;
            Array1D<int> places = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 7 % N)]);
            Array1D<double> start = Array1D.From([.. Enumerable.Range(0, N).Select(i => 1.0 / (i + 1))]);
            var (_, end) = Task.Repeat(6, (places, start), (state, t) =>
            {
                var (at, x) = state;
                return (Task.On(Cpu).Run(N, i => (at[i] + 3) % N), Task.On(Cpu).Run(N, i => x[at[i]] + 0.5 * x.Or(2)[at[i] * 2 - 7] + x.Clamp[at[i] + 5] + x.Wrap[at[i] - 50]));
            });
            return end.ToArray();
        }
        double[] expected = On(1, null, Result);

        Assert.That(On(ranks, null, Result), Is.EqualTo(expected));
        Assert.That(On(ranks, new RandomChooser(2), Result), Is.EqualTo(expected));
    }

    [Test]
    public void Rows_ThatDataChooses_ComeAsFarAsTheyAreRead([ValueSource(nameof(s_counts))] int ranks)
    {
        double[,] Result()
        {
            const int N = 18;
            Array1D<int> rows = Array1D.From([.. Enumerable.Range(0, N).Select(i => i * 5 % N)]);
            Array2D<double> start = Task.On(Cpu).Run((N, 13), (i, j) => i + 0.01 * j);
            return Task.Repeat(4, start, a => Task.On(Cpu).Run((N, 13), (i, j) => a[rows[i], j] + 0.5 * a[i, rows[j] % 13])).ToArray();
        }
        double[,] expected = On(1, null, Result);

        Assert.That(On(ranks, null, Result), Is.EqualTo(expected));
        for (int seed = 1; seed < 5; seed++)
        {
            Assert.That(On(ranks, new RandomChooser(seed), Result), Is.EqualTo(expected), $"seed {seed}");
        }
    }

    [Test]
    public void Structs_ThatDataChooses_ComeWithTheFieldsThatAreRead([ValueSource(nameof(s_counts))] int ranks)
    {
        Particle[] Result()
        {
            const int N = 30;
            Array1D<int> partner = Array1D.From([.. Enumerable.Range(0, N).Select(i => (i * 11 + 3) % N)]);
            Array1D<Particle> start = Task.On(Cpu).Run(N, i => new Particle(i, i * 0.5f, (int)(i % 3)));
            return Task.Repeat(5, start, q => Task.On(Cpu).Run(N, i => new Particle(q[i].Mass + q[partner[i]].Mass, q[i].Charge, q[partner[i]].Kind))).ToArray();
        }
        Particle[] expected = On(1, null, Result);

        Assert.That(On(ranks, null, Result), Is.EqualTo(expected));
        Assert.That(On(ranks, new RandomChooser(3), Result), Is.EqualTo(expected));
    }

    [Test]
    public void Place_OutsideTheArray_IsTheErrorOfOneRank([ValueSource(nameof(s_counts))] int ranks, [Values(3, 36)] int at, [Values(-1, 40, int.MaxValue)] int place)
    {
        string Message()
        {
            Array1D<int> places = Array1D.From([.. Enumerable.Range(0, 40).Select(i => i == at ? place : i * 7 % 40)]);
            return Assert.Throws<AvialException>(() => Task.Repeat(3, Array1D.From(new double[40]), x => Task.On(Cpu).Run(40, i => x[places[i]] + 1)).ToArray())!.Message;
        }
        string expected = On(1, null, Message);

        Assert.That(On(ranks, null, Message), Is.EqualTo(expected));
    }

    [Test]
    public void SparseProduct_RecordedByEachRank_HasTheBitsOfOneRank([Values(2, 3, 4)] int ranks)
    {
        double[] Result()
        {
            Matrix matrix = Matrix.Of(Pattern.Random, 40);
            return Task.Repeat(4, Array1D.Fill(40, 1.5), x => matrix.Times(x)).ToArray();
        }
        double[] expected = On(1, null, Result);

        var found = new double[ranks][];
        RankSession.Run(ranks, session => found[session.Rank] = Result());

        Assert.That(found, Is.All.EqualTo(expected));
    }

    private static Scalar<double> Dot(Array1D<double> a, Array1D<double> b) => Task.On(Auto).Reduce(a.Domain, i => a[i] * b[i], Reduction.Sum);

    private static Array1D<double> Product(Matrix matrix)
    {
        Array1D<double> x = Task.On(Cpu).Run(matrix.Columns, i => 1.0 / (i + 1));
        return matrix.Times(x);
    }

    private static T On<T>(int ranks, IDistributionChooser? chooser, Func<T> program)
    {
        using Session session = RankSession.Open(ranks, chooser);
        return program();
    }

    /// <summary>A sparse matrix by rows.</summary>
    private sealed record Matrix(long Columns, Array1D<int> First, Array1D<int> Column, Array1D<double> Value)
    {
        public static Matrix Of(Pattern pattern, int n)
        {
            var random = new Random(n);
            var first = new List<int> { 0 };
            var columns = new List<int>();
            for (int row = 0; row < n; row++)
            {
                columns.AddRange(pattern switch
                {
                    Pattern.Banded => Enumerable.Range(row - 1, 3).Where(c => c >= 0 && c < n),
                    Pattern.EmptyRows when row % 3 != 1 => [],
                    Pattern.Duplicates => [row, (row * 7) % n, (row * 7) % n, row],
                    _ => Enumerable.Range(0, 4).Select(_ => random.Next(n)),
                });
                first.Add(columns.Count);
            }
            return new Matrix(n, Array1D.From([.. first]), Array1D.From([.. columns]), Array1D.From([.. columns.Select((c, k) => 1.0 / (c + k + 2))]));
        }

        public Array1D<double> Times(Array1D<double> x)
        {
            var (first, column, value) = (First, Column, Value);
            return Task.On(Cpu).Run(Columns, v => Sum(first[v], first[v + 1], k => value[k] * x[column[k]]));
        }
    }
}
