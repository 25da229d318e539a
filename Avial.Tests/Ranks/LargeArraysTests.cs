using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Arrays of more elements than an <see cref="int"/> counts.</summary>
[NonParallelizable] // they fill gibibytes
[Category("Slow")]
public sealed class LargeArraysTests
{
    private const long N = (1L << 31) + 11;

    [Test]
    public void StencilOnMoreThanTwoToThe31Elements_IsComputedOnTwoRanks()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assume.That(memory, Is.GreaterThan(10L << 30), "needs 10 GiB of memory");
        using Session session = RankSession.Open(2);

        Array1D<byte> x = Task.On(Cpu).Run(N, i => (byte)(i % 251));
        using Array1D<byte> y = Task.On(Cpu).Run(N, i => (byte)(x.Wrap[i - 1] ^ x[i]));
        Scalar<long> sum = Task.On(Cpu).Reduce(N, i => (long)y[i], Reduction.Sum);
        Compute.Evaluate(y, sum);

        Assert.That(sum.Value, Is.EqualTo(ExpectedSum()));
        foreach (long i in (long[])[0, 1, N / 2 - 1, N / 2, N / 2 + 1, int.MaxValue - 1L, int.MaxValue, int.MaxValue + 1L, N - 1])
        {
            Assert.That(y[i], Is.EqualTo(Expected(i)), $"element {i}");
        }
    }

    private static byte Expected(long i) => (byte)((i == 0 ? N - 1 : i - 1) % 251 ^ i % 251);

    // All elements but the first repeat after 251.
    private static long ExpectedSum()
    {
        long sum = Expected(0);
        for (long k = 1; k <= 251; k++)
        {
            sum += Expected(k) * ((N - 1 - k) / 251 + 1);
        }
        return sum;
    }
}
