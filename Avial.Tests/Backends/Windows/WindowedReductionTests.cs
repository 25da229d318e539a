using Avial.Geometry;
using Avial.Graph;
using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Backends.Windows;

/// <summary>Reductions that keep axes, in parts of the kept axes.</summary>
public sealed class WindowedReductionTests
{
    private const int Batch = 15;

    [Test]
    public void PartialReductions_InPartsOfTheKeptAxes_GiveTheBitsOfTheWhole([Range(0, 5)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed);
        }
    }

    internal static void AssertAgrees(int seed)
    {
        var random = new Random(seed);
        RandomReduction reduction = RandomReduction.Next(seed, random, Enum.GetValues<CombinerKind>()[..^1], isPartial: true);
        var one = new WindowedCase(reduction.Operation, reduction.Inputs, reduction.Scalars);
        int[] kept = [.. Enumerable.Range(0, one.Domain.Rank).Except(reduction.Operation.Axes)];
        Box Window(Box part) => new(
            [.. kept.Select(a => part.Low[a] - one.Domain.Low[a])], [.. kept.Select(a => part.High[a] - one.Domain.Low[a])]);

        one.AssertPartsAgree(RandomParts.Of(one.Domain, random, kept), Window, random, reduction.About);
    }
}
