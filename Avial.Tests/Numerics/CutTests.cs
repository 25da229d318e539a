using Avial.Numerics;

namespace Avial.Tests.Numerics;

/// <summary>Any cut of a domain gives the bits of the whole.</summary>
public sealed class CutTests
{
    [Test]
    public void Sum_OfRandomPartsMergedInAnyOrder_IsTheWholes([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        (long[] lo, long[] hi) = RandomBox(random);
        double whole = CanonicalSum.Sum(lo, hi, i => OrderInputs.Double(OrderInputs.Position(lo, hi, i)));
        float wholeSingle = CanonicalSum.Sum(lo, hi, i => OrderInputs.Single(OrderInputs.Position(lo, hi, i)));

        BinnedSum64 sum = default;
        BinnedSum32 sumSingle = default;
        foreach ((long[] partLo, long[] partHi) in RandomParts(lo, hi, random))
        {
            sum.Merge(CanonicalSum.Part(partLo, partHi, i => OrderInputs.Double(OrderInputs.Position(lo, hi, i))));
            sumSingle.Merge(CanonicalSum.Part(partLo, partHi, i => OrderInputs.Single(OrderInputs.Position(lo, hi, i))));
        }

        Assert.That(Bits(sum.Result()), Is.EqualTo(Bits(whole)));
        Assert.That(Bits(sumSingle.Result()), Is.EqualTo(Bits(wholeSingle)));
    }

    [Test]
    public void Fold_OfRandomPartsAppendedInOrder_IsTheWholes([Range(1, 40)] int seed)
    {
        // Concatenation of leaves with their tree: shows any difference of shape or order.
        static string Combine(string a, string b) => $"({a}{b})";
        var random = new Random(seed);
        (long[] lo, long[] hi) = RandomBox(random);
        string Element(long[] i) => $"{OrderInputs.Position(lo, hi, i)},";
        string whole = CanonicalFold.Fold(lo, hi, Element, "", Combine);

        SortedDictionary<long, string> leaves = [];
        foreach ((long[] partLo, long[] partHi) in RandomParts(lo, hi, random))
        {
            CanonicalFold.ForEachLeaf(lo, hi, partLo, partHi, Element, Combine, leaves.Add);
        }

        var fold = new DyadicFold<string>(0);
        for (long at = 0; at < leaves.Count;)
        {
            var part = new DyadicFold<string>(at);
            for (long end = Math.Min(leaves.Count, at + random.Next(1, 9)); at < end; at++)
            {
                part.Push(leaves[at], Combine);
            }

            fold.Append(in part, Combine);
        }

        Assert.That(fold.Result("", Combine), Is.EqualTo(whole));
    }

    [Test]
    public void Scan_OfPartsWithPassedOffsets_IsTheWholes([Range(1, 20)] int seed, [Values] bool isInclusive)
    {
        var random = new Random(seed);
        long begin = random.Next(-600, 600);
        double[] source = [.. Enumerable.Range(0, random.Next(1, 3000)).Select(i => OrderInputs.Double(i))];
        double[] whole = new double[source.Length];
        CanonicalScan.Scan(source, whole, begin, isInclusive, 0.0, (a, b) => a + b);

        double[] parts = new double[source.Length];
        double offset = 0;
        bool hasOffset = false;
        for (int at = 0; at < source.Length;)
        {
            long cut = (((begin + at) >> 8) + random.Next(1, 4)) << 8;
            int length = (int)Math.Min(cut - begin - at, source.Length - at);
            CanonicalScan.Part(
                source.AsSpan(at, length), parts.AsSpan(at), begin + at, isInclusive, ref offset, ref hasOffset, (a, b) => a + b);
            at += length;
        }

        Assert.That(parts.Select(Bits), Is.EqualTo(whole.Select(Bits)));
    }

    private static (long[] Lo, long[] Hi) RandomBox(Random random)
    {
        int rank = random.Next(1, 5);
        long[] lo = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(-100, 100))];
        long[] hi = [.. lo.Select((x, axis) => x + (axis == rank - 1 ? random.Next(1, 400) : random.Next(1, 6)))];
        return (lo, hi);
    }

    // Cuts at a random place, at a multiple of 64 on the last axis, until a coin says stop; the parts come shuffled.
    private static (long[] Lo, long[] Hi)[] RandomParts(long[] lo, long[] hi, Random random)
    {
        List<(long[], long[])> parts = [];
        Split(lo, hi, depth: 0);
        var shuffled = parts.ToArray();
        random.Shuffle(shuffled);
        return shuffled;

        void Split(long[] from, long[] to, int depth)
        {
            int axis = random.Next(from.Length);
            long cut = random.NextInt64(from[axis], to[axis] + 1);
            if (axis == from.Length - 1)
            {
                cut = cut >> 6 << 6;
            }

            if (depth == 6 || cut <= from[axis] || cut >= to[axis])
            {
                parts.Add((from, to));
                return;
            }

            long[] middleTo = [.. to];
            long[] middleFrom = [.. from];
            middleTo[axis] = cut;
            middleFrom[axis] = cut;
            Split(from, middleTo, depth + 1);
            Split(middleFrom, to, depth + 1);
        }
    }

    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);
}
