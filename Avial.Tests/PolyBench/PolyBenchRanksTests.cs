using Avial.Planning.Distributing;

namespace Avial.Tests.PolyBench;

/// <summary>The kernels of PolyBench on ranks have the bits of one rank, however their arrays are distributed.</summary>
public sealed class PolyBenchRanksTests
{
    private static readonly int[] s_ranks = [2, 3, 4, 7, 8];

    private static IEnumerable<PolyBenchKernel> Kernels => PolyBenchCase.All.Select(c => c.Kernel).Distinct();

    private static IEnumerable<TestCaseData> OddOnRanks => Kernels.SelectMany(kernel => s_ranks.Select(ranks => new TestCaseData(new PolyBenchCase(kernel, OddSize(kernel)), ranks)));

    private static IEnumerable<TestCaseData> Odd => Kernels.Select(kernel => new TestCaseData(new PolyBenchCase(kernel, OddSize(kernel))));

    [TestCaseSource(nameof(OddOnRanks))]
    public void Kernel_OfOddSize_HasTheBitsOfOneRank(object kernelCase, int ranks) => Compare((PolyBenchCase)kernelCase, ranks, null);

    [TestCaseSource(nameof(Odd))]
    public void Kernel_WithAnyDistribution_HasTheBitsOfOneRank(object kernelCase)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            Compare((PolyBenchCase)kernelCase, 2 + seed, seed);
        }
    }

    [TestCaseSource(nameof(Odd))]
    public void Kernel_RecordedByEachOfThreeRanks_HasTheBitsOfOneRank(object kernelCase)
    {
        (PolyBenchKernel kernel, int[] size) = (PolyBenchCase)kernelCase;
        double[] expected = OnOneRank(kernel, size);

        var found = new double[3][];
        RankSession.Run(3, session => found[session.Rank] = kernel.Avial(size));

        Assert.That(found.Select(f => FirstDifference(f, expected)), Is.All.Null);
    }

    private static void Compare(PolyBenchCase kernelCase, int ranks, int? seed)
    {
        (PolyBenchKernel kernel, int[] size) = kernelCase;
        double[] expected = OnOneRank(kernel, size);

        double[] found;
        using (RankSession.Open(ranks, seed is null ? null : new RandomChooser(seed.Value)))
        {
            found = kernel.Avial(size);
        }

        Assert.That(FirstDifference(found, expected), Is.Null, $"{ranks} ranks, distribution {seed?.ToString() ?? "by shape"}");
    }

    private static double[] OnOneRank(PolyBenchKernel kernel, int[] size)
    {
        using Session session = RankSession.Open(1);
        return kernel.Avial(size);
    }

    private static string? FirstDifference(double[] found, double[] expected)
    {
        if (found.Length != expected.Length)
        {
            return $"{found.Length} elements, not {expected.Length}";
        }
        int at = Enumerable.Range(0, found.Length).FirstOrDefault(i => BitConverter.DoubleToInt64Bits(found[i]) != BitConverter.DoubleToInt64Bits(expected[i]), -1);
        return at < 0 ? null : $"element {at} is {found[at]:R}, not {expected[at]:R}";
    }

    private static int[] OddSize(PolyBenchKernel kernel) => kernel.Sizes.Last(size => size.All(n => n % 2 == 1));
}
