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
