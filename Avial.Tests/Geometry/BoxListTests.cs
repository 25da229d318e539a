using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class BoxListTests
{
    private const int Size = 7;

    [Test]
    public void Coalesce_QuartersOfASquare_AreOneBox()
    {
        var list = new BoxList();
        list.Add(new Box([0, 0], [2, 2]));
        list.Add(new Box([2, 2], [4, 4]));
        list.Add(new Box([2, 0], [4, 2]));
        list.Add(new Box([0, 2], [2, 4]));
        list.Coalesce();
        Assert.That(list.ToString(), Is.EqualTo("[0..4, 0..4]"));
    }

    [Test]
    public void Coalesce_Nothing_StaysNothing()
    {
        var list = new BoxList();
        list.Coalesce();
        Assert.That(list.ToString(), Is.EqualTo("nothing"));
    }

    [Test]
    public void Add_Points_AreHeldOnce()
    {
        var list = new BoxList(Box.OfExtents([]));
        list.Add(Box.OfExtents([]));
        Assert.That((list.Count, list.Points), Is.EqualTo((1, 1L)));
        list.Coalesce();
        list.Subtract(Box.OfExtents([]));
        Assert.That(list.IsEmpty, Is.True);
    }

    [Test]
    public void Operations_Random_AgreeWithABitmap([Range(0, 300)] int seed)
    {
        var random = new Random(seed);
        int axes = random.Next(1, 4);
        var list = new BoxList();
        HashSet<string> bitmap = [];
        for (int step = 0; step < 25; step++)
        {
            Box box = RandomBox(random, axes);
            switch (random.Next(6))
            {
                case 0:
                    list.Subtract(box);
                    bitmap.ExceptWith(Points(box));
                    break;
                case 1 when random.Next(3) == 0:
                    list = list.Intersect(box);
                    bitmap.IntersectWith(Points(box));
                    break;
                case 2:
                    int before = list.Count;
                    list.Coalesce();
                    Assert.That(list.Count, Is.LessThanOrEqualTo(before));
                    break;
                default:
                    AssertSame(list.Missing(box), Points(box).Except(bitmap));
                    list.Add(box);
                    bitmap.UnionWith(Points(box));
                    break;
            }
            AssertSame(list.Boxes, bitmap);
            Assert.That(list.Points, Is.EqualTo(bitmap.Count));
            Box probe = RandomBox(random, axes);
            Assert.That(list.Covers(probe), Is.EqualTo(bitmap.IsSupersetOf(Points(probe))));
            Assert.That(list.Meets(probe), Is.EqualTo(bitmap.Overlaps(Points(probe))));
        }
    }

    [Test]
    public void OperationsOfTwoLists_Random_AgreeWithBitmaps([Range(0, 50)] int seed)
    {
        var random = new Random(seed);
        (BoxList a, BoxList b) = (new BoxList(), new BoxList());
        for (int step = 0; step < 4; step++)
        {
            a.Add(RandomBox(random, 2));
            b.Add(RandomBox(random, 2));
        }
        string[] inA = [.. a.Boxes.SelectMany(Points)];
        string[] inB = [.. b.Boxes.SelectMany(Points)];
        AssertSame(a.Intersect(b).Boxes, inA.Intersect(inB));
        Assert.That(a.Covers(b), Is.EqualTo(!inB.Except(inA).Any()));
        Assert.That(a.Covers(a.Intersect(b)), Is.True);
        a.Subtract(b);
        AssertSame(a.Boxes, inA.Except(inB));
        a.Add(b);
        AssertSame(a.Boxes, inA.Union(inB));
    }

    [Test]
    public void PeriodicPieces_RandomBoxes_HoldEveryIndexOnceInItsCanonicalPlace([Range(0, 200)] int seed)
    {
        var random = new Random(seed);
        int axes = random.Next(0, 4);
        long[] extents = [.. Enumerable.Range(0, axes).Select(_ => (long)random.Next(1, 5))];
        bool[] periodic = [.. Enumerable.Range(0, axes).Select(_ => random.Next(3) > 0)];
        Box box = new([.. extents.Select(_ => (long)random.Next(-6, 3))], [.. extents.Select(_ => (long)random.Next(-2, 8))]);
        ImmutableArray<PeriodicPiece> pieces = PeriodicPiece.Of(box, extents, periodic);
        var seen = new List<string>();
        foreach (PeriodicPiece piece in pieces)
        {
            Assert.That(Box.OfExtents(extents).Contains(piece.Canonical), Is.True);
            Assert.That(piece.Canonical.IsEmpty, Is.False);
            Assert.That(Enumerable.Range(0, axes).All(a => piece.Shift[a] % extents[a] == 0 && (periodic[a] || piece.Shift[a] == 0)), Is.True);
            seen.AddRange(Points(piece.Unwrapped));
        }
        IEnumerable<string> expected = RandomDistributions.Indices(box)
            .Where(i => Enumerable.Range(0, axes).All(a => periodic[a] || i[a] >= 0 && i[a] < extents[a])).Select(Text);
        Assert.That(seen.Order(StringComparer.Ordinal), Is.EqualTo(expected.Order(StringComparer.Ordinal)), $"{box} in {string.Join('×', extents)}");
    }

    [Test]
    public void PeriodicPieces_NoExtent_AreNone() => Assert.That(PeriodicPiece.Of(new Box([-1, -1], [3, 1]), [4, 0]), Is.Empty);

    [Test]
    public void PeriodicPieces_HaloAcrossTheEdge_ComesFromTheOtherSide()
    {
        ImmutableArray<PeriodicPiece> pieces = PeriodicPiece.Of(new Box([-1], [3]), [10]);
        Assert.That(pieces.Select(p => $"{p.Canonical} + {p.Shift[0]}"), Is.EqualTo(new[] { "[9..10] + -10", "[0..3] + 0" }));
    }

    private static void AssertSame(IEnumerable<Box> boxes, IEnumerable<string> points)
    {
        string[] held = [.. boxes.SelectMany(Points)];
        Assert.That(held.Order(StringComparer.Ordinal), Is.EqualTo(points.Order(StringComparer.Ordinal)));
    }

    private static Box RandomBox(Random random, int axes)
    {
        long[] low = [.. Enumerable.Range(0, axes).Select(_ => (long)random.Next(Size))];
        return new Box([.. low], [.. low.Select(l => l + random.Next(0, 5))]);
    }

    private static IEnumerable<string> Points(Box box) => RandomDistributions.Indices(box).Select(Text);

    private static string Text(long[] index) => string.Join(',', index);
}
