using Avial.Numerics;

namespace Avial.Tests.Numerics;

/// <summary>The streaming and vectorised forms against plain twins written from the definitions.</summary>
public sealed class OrderTwinTests
{
    [Test]
    public void LeafSum_WithMissingLanes_SkipsThem()
    {
        // Elements 5, 6 and 9 of a leaf: lanes 5, 6 and 1.
        LeafSum64 leaf = default;
        leaf.Begin();
        leaf.Add(5, 0.1);
        leaf.Add(6, 1e16);
        leaf.Add(9, 3.0);

        Assert.That(leaf.Total(), Is.EqualTo(3.0 + (0.1 + 1e16)));
    }

    [Test]
    public void LeafSum_OfNegativeZeros_IsNegativeZero()
    {
        LeafSum32 leaf = default;
        leaf.Begin();
        leaf.Add(3, -0f);

        Assert.That(float.IsNegative(leaf.Total()));
    }

    [Test]
    public void RowSum_OfMemory_IsThatOfElements([Values(-130, -64, -1, 0, 1, 63, 64, 100)] int begin, [Values(0, 1, 62, 64, 65, 129, 1009)] int length)
    {
        double[] row = [.. Enumerable.Range(0, length).Select(i => OrderInputs.Double(i))];
        float[] rowSingle = [.. Enumerable.Range(0, length).Select(i => OrderInputs.Single(i))];
        BinnedSum64 sum = default;
        BinnedSum32 sumSingle = default;

        RowSum64.Add(ref sum, row, begin);
        RowSum32.Add(ref sumSingle, rowSingle, begin);

        Assert.That(sum.Result(), Is.EqualTo(CanonicalSum.Sum([begin], [begin + length], i => row[i[0] - begin])));
        Assert.That(sumSingle.Result(), Is.EqualTo(CanonicalSum.Sum([begin], [begin + length], i => rowSingle[i[0] - begin])));
    }

    [Test]
    public void Sum_OfRank0_IsItsElement()
    {
        Assert.That(CanonicalSum.Sum([], [], _ => 2.5), Is.EqualTo(2.5));
        Assert.That(CanonicalFold.Fold([], [], _ => 2.5, 1.0, (a, b) => a * b), Is.EqualTo(2.5));
    }

    [Test]
    public void DyadicFold_OfLeaves_IsTheDyadicTree([Range(1, 70)] int count)
    {
        var fold = new DyadicFold<string>(0);

        for (int leaf = 0; leaf < count; leaf++)
        {
            fold.Push($"{leaf} ", Combine);
        }

        Assert.That(fold.Result("", Combine), Is.EqualTo(Node(7, 0)));

        string Node(int level, int number)
        {
            if (number << level >= count)
            {
                return "";
            }

            if (level == 0)
            {
                return $"{number} ";
            }

            string left = Node(level - 1, 2 * number);
            string right = Node(level - 1, 2 * number + 1);
            return right.Length == 0 ? left : Combine(left, right);
        }

        static string Combine(string a, string b) => $"({a}{b})";
    }

    [Test]
    public void DyadicFold_OfAPartResult_IsRefused()
    {
        var fold = new DyadicFold<int>(3);

        Assert.That(() => fold.Result(0, Math.Max), Throws.InvalidOperationException);
        Assert.That(() => new DyadicFold<int>(0).Append(in fold, Math.Max), Throws.InvalidOperationException);
    }

    [TestCase(0, 0)]
    [TestCase(0, 1)]
    [TestCase(3, 255)]
    [TestCase(0, 256)]
    [TestCase(255, 257)]
    [TestCase(-300, 700)]
    [TestCase(0, 16384)]
    [TestCase(16383, 16385)]
    [TestCase(100, 16384 * 7 + 300)]
    [TestCase(-20000, 16384 * 5)]
    public void InnerSum_OfAnyRange_IsTheDefinition(int lo, int hi)
    {
        double[] terms = [.. Enumerable.Range(0, hi - lo).Select(i => OrderInputs.Double(i))];
        double[] factors = [.. Enumerable.Range(0, hi - lo).Select(i => OrderInputs.Factor(i))];
        InnerSum64 sum = default;
        InnerSum32 sumSingle = default;
        InnerSum64 chunked = default;
        sum.Begin(lo);
        sumSingle.Begin(lo);
        chunked.Begin(lo);

        for (int k = lo; k < hi; k++)
        {
            sum.AddProduct(terms[k - lo], factors[k - lo]);
            sumSingle.AddProduct((float)terms[k - lo], (float)factors[k - lo]);
        }

        for (int k = lo; k < hi; k = ((k >> 8) + 1) << 8)
        {
            int end = Math.Min(hi, ((k >> 8) + 1) << 8);
            chunked.AddChunk(Chunk(k, end), end - k);
        }

        Assert.That(sum.Result(), Is.EqualTo(Groups(lo >> 14, 6)));
        Assert.That(chunked.Result(), Is.EqualTo(sum.Result()));
        Assert.That((double)sumSingle.Result(), Is.EqualTo(sum.Result()).Within(1e-3 * Math.Sqrt(hi - lo + 1) * 1024));

        double Chunk(int from, int to)
        {
            double acc = 0;
            for (int k = from; k < to; k++)
            {
                acc = Math.FusedMultiplyAdd(terms[k - lo], factors[k - lo], acc);
            }

            return acc;
        }

        double Groups(int first, int level)
        {
            if (first << 14 >= hi)
            {
                return 0;
            }

            if (level == 0)
            {
                double group = 0;
                int from = Math.Max(lo, first << 14);
                int to = Math.Min(hi, (first + 1) << 14);
                for (int k = from; k < to; k = ((k >> 8) + 1) << 8)
                {
                    group += Chunk(k, Math.Min(to, ((k >> 8) + 1) << 8));
                }

                return group;
            }

            return Groups(first, level - 1) + Groups(first + (1 << (level - 1)), level - 1);
        }
    }

    [Test]
    public void Scan_OfThreeLeaves_AddsOffsetsFromLeftToRight()
    {
        static string Combine(string a, string b) => $"({a}{b})";
        string[] source = ["a", "b", "c", "d"];
        string[] inclusive = new string[4];
        string[] exclusive = new string[4];
        string offset = "0";
        string offsetOfExclusive = "0";
        bool hasOffset = false;
        bool exclusiveHasOffset = false;

        // Leaves [255], [256, 257] and [512].
        CanonicalScan.Part<string>(source.AsSpan(0, 3), inclusive, 255, true, ref offset, ref hasOffset, Combine);
        CanonicalScan.Part<string>(source.AsSpan(3), inclusive.AsSpan(3), 512, true, ref offset, ref hasOffset, Combine);
        CanonicalScan.Part<string>(source.AsSpan(0, 3), exclusive, 255, false, ref offsetOfExclusive, ref exclusiveHasOffset, Combine);
        CanonicalScan.Part<string>(source.AsSpan(3), exclusive.AsSpan(3), 512, false, ref offsetOfExclusive, ref exclusiveHasOffset, Combine);

        Assert.That(inclusive, Is.EqualTo(["a", "(ab)", "(a(bc))", "((a(bc))d)"]));
        Assert.That(exclusive, Is.EqualTo(["0", "a", "(ab)", "(a(bc))"]));
    }
}
