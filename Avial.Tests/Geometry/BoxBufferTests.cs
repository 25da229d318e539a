using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class BoxBufferTests
{
    [Test]
    public void FindMissing_OfRandomBoxes_IsWhatBoxListsFind()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var buffer = new BoxBuffer();
        var missing = new BoxBuffer();
        for (int round = 0; round < 300; round++)
        {
            int rank = random.Next(1, 4);
            var list = new BoxList();
            buffer.Clear(rank);
            for (int n = 0; n < 8; n++)
            {
                Box box = Any(random, rank);

                buffer.FindMissing(box.Low.AsSpan(), box.High.AsSpan(), missing);

                var expected = new BoxList();
                foreach (Box piece in list.Missing(box))
                {
                    expected.Add(piece);
                }
                var found = new BoxList();
                long points = 0;
                for (int k = 0; k < missing.Count; k++)
                {
                    var piece = new Box([.. missing.Low(k)], [.. missing.High(k)]);
                    points += piece.Count;
                    found.Add(piece);
                }
                Assert.That(points, Is.EqualTo(expected.Points), $"seed {seed}, round {round}: the boxes must not overlap");
                Assert.That(found.Covers(expected) && expected.Covers(found), Is.True, $"seed {seed}, round {round}: {found} instead of {expected}");
                buffer.Append(missing);
                list.Add(box);
            }
        }
    }

    [Test]
    public void FindMissing_Again_AllocatesNothing()
    {
        var buffer = new BoxBuffer();
        var missing = new BoxBuffer();
        Fill();

        Assert.That(SteadyState.AllocatedBy(Fill), Is.Zero);

        void Fill()
        {
            buffer.Clear(2);
            for (int k = 0; k < 10; k++)
            {
                buffer.FindMissing([k, -k], [k + 3, 3 - k], missing);
                buffer.Append(missing);
            }
        }
    }

    private static Box Any(Random random, int rank)
    {
        long[] low = [.. Enumerable.Range(0, rank).Select(_ => random.NextInt64(-4, 4))];
        return new Box([.. low], [.. low.Select(l => l + random.NextInt64(0, 6))]);
    }
}
