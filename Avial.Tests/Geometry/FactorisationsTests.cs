using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class FactorisationsTests
{
    [Test]
    public void Of_Four_AreAllGrids()
    {
        string[] grids = [.. Factorisations.Of(4, 2).Select(g => string.Join('×', g))];
        Assert.That(grids, Is.EqualTo(new[] { "1×4", "2×2", "4×1" }));
    }

    [Test]
    public void Of_NoAxes_IsTheOneGridOfOneRank()
    {
        Assert.That(Factorisations.Of(1, 0), Has.Length.EqualTo(1));
        Assert.That(Factorisations.Of(2, 0), Is.Empty);
    }

    [Test]
    public void Of_SmallNumbers_AgreesWithTryingAllNumbers([Range(1, 60)] int ranks)
    {
        int expected = 0;
        for (int a = 1; a <= ranks; a++)
        {
            for (int b = 1; a * b <= ranks; b++)
            {
                expected += ranks % (a * b) == 0 ? 1 : 0;
            }
        }
        ImmutableArray<ImmutableArray<int>> grids = Factorisations.Of(ranks, 3);
        Assert.That(grids, Has.Length.EqualTo(expected));
        Assert.That(grids.Select(g => string.Join('×', g)), Is.Unique);
        Assert.That(grids.Select(Product), Is.All.EqualTo(ranks));
    }

    [TestCase(65_536, 3, 153)]
    [TestCase(65_536, 4, 969)]
    [TestCase(int.MaxValue, 3, 3)]
    [TestCase(2_147_395_600, 1, 1)]
    [TestCase(720_720, 3, Factorisations.Limit)]
    [TestCase(720_720, 5, Factorisations.Limit)]
    public void Of_LargeNumbers_IsCompleteOrLimited(int ranks, int axes, int count)
    {
        ImmutableArray<ImmutableArray<int>> grids = Factorisations.Of(ranks, axes);
        Assert.That(grids, Has.Length.EqualTo(count));
        Assert.That(grids.Select(Product), Is.All.EqualTo(ranks));
        Assert.That(grids.Count(g => g.Count(p => p > 1) == 1), Is.EqualTo(axes), "slabs along every axis");
    }

    [Test]
    public void IsPrime_SmallNumbers_AreThoseWithoutDivisors()
    {
        Assert.That(Enumerable.Range(0, 30).Where(Factorisations.IsPrime), Is.EqualTo(new[] { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29 }));
        Assert.That(Factorisations.IsPrime(int.MaxValue), Is.True);
    }

    private static int Product(ImmutableArray<int> grid) => grid.Aggregate(1, (a, b) => a * b);
}
