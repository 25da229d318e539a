using Avial.Geometry;
using Avial.Graph;

namespace Avial.Tests.Backends.Lowering;

/// <summary>Domains around the lengths at which leaves begin and end.</summary>
internal static class RandomDomains
{
    private static readonly long[] s_lengths = [0, 1, 2, 3, 7, 8, 9, 31, 63, 64, 65, 127, 128, 129, 193, 255, 256, 257, 331];

    // Interpreters take a while.
    private const long MostPoints = 700;

    public static Box Next(Random random, int rank = -1)
    {
        rank = rank < 0 ? random.Next(1, 4) : rank;
        while (true)
        {
            long[] low = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(5) switch { 0 => -random.Next(70), 1 => random.Next(300), _ => 0L })];
            long[] lengths = [.. Enumerable.Range(0, rank).Select(_ => s_lengths[random.Next(s_lengths.Length)])];
            var box = new Box([.. low], [.. low.Zip(lengths, (l, n) => l + n)]);
            // Empty ones are worth a few of the tests, not most of them.
            if (box.Count <= MostPoints && (!box.IsEmpty || random.Next(4) == 0))
            {
                return box;
            }
        }
    }

    /// <summary>The domain with every bound measured from the i64 at an input, whose value is <paramref name="value"/>.</summary>
    public static IterationDomain Symbolic(IterationDomain domain, int input, long value) => new([.. domain.Axes.Select(axis => axis with
    {
        Low = new LinearBound(axis.Low.Constant - value, [new BoundTerm(input, 1)]),
        High = new LinearBound(axis.High.Constant - value, [new BoundTerm(input, 1)]),
    })]);

    public static IterationDomain Of(Box box, params int[] reversed) =>
        new([.. Enumerable.Range(0, box.Rank).Select(a => new AxisRange(box.Low[a], box.High[a], reversed.Contains(a)))]);
}
