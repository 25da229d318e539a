using Avial.Geometry;

namespace Avial.Tests.Geometry;

public sealed class BandTests
{
    [Test]
    public void Cut_AndHull_HoldThePlacesOfTheBand([Range(0, 199)] int seed)
    {
        var random = new Random(seed);
        int rank = random.Next(1, 4);
        int unit = random.Next(rank);
        var low = new long[rank];
        var high = new long[rank];
        var normal = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            low[axis] = random.Next(-5, 5);
            high[axis] = low[axis] + random.Next(0, 6);
            normal[axis] = axis == unit ? (random.Next(2) == 0 ? 1 : -1) : axis < unit ? random.Next(-3, 4) : 0;
        }
        var box = new Box([.. low], [.. high]);
        long from = random.Next(-15, 15);
        var band = new Band([.. normal], from, from + random.Next(0, 12));
        HashSet<string> expected = [.. Places(box).Where(p => Inside(p, band)).Select(p => string.Join(' ', p))];

        List<Box> cuts = [.. band.Cut(box)];
        Box hull = band.Hull(box);

        string about = $"seed {seed}: {band} of {box}";
        List<string> found = [.. cuts.SelectMany(Places).Select(p => string.Join(' ', p))];
        Assert.That(found, Is.EquivalentTo(expected), about);
        Assert.That(Places(box).Where(p => Inside(p, band)).All(p => hull.Contains(At(p))), Is.True, about);
        Assert.That(band.IsStraight ? hull.Count : expected.Count, Is.EqualTo(expected.Count), about);
        Assert.That(expected.Count > 0 && !band.Meets(box), Is.False, about);
    }

    private static bool Inside(long[] place, Band band)
    {
        long sum = place.Zip(band.Normal, (p, n) => p * n).Sum();
        return sum >= band.Low && sum < band.High;
    }

    private static Box At(long[] place) => new([.. place], [.. place.Select(p => p + 1)]);

    private static IEnumerable<long[]> Places(Box box)
    {
        if (box.IsEmpty)
        {
            yield break;
        }
        long[] at = [.. box.Low];
        while (true)
        {
            yield return [.. at];
            int axis = at.Length - 1;
            while (axis >= 0 && ++at[axis] == box.High[axis])
            {
                at[axis] = box.Low[axis];
                axis--;
            }
            if (axis < 0)
            {
                yield break;
            }
        }
    }
}
