namespace Avial.Numerics;

/// <summary>The reference of products and of users' folds over a box, written to be read.</summary>
/// <remarks>
/// A leaf (see <see cref="LeafNumbering"/>) is folded from its first element on in ascending order, without an identity; the leaves'
/// values are folded by the tree of <see cref="DyadicFold{T}"/>. The combiner must be associative; it need not be commutative.
/// </remarks>
internal static class CanonicalFold
{
    /// <summary>The fold over [lo, hi), or <paramref name="identity"/> where it is empty.</summary>
    public static T Fold<T>(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, Func<long[], T> element, T identity, Func<T, T, T> combine)
    {
        var fold = new DyadicFold<T>(0);
        ForEachLeaf(lo, hi, lo, hi, element, combine, (_, leaf) => fold.Push(leaf, combine));
        return fold.Result(identity, combine);
    }

    /// <summary>
    /// Calls <paramref name="leaf"/> with the number in the domain and the value of each leaf of the part [partLo, partHi), which must be
    /// cut from the domain at multiples of 64 on the last axis.
    /// </summary>
    public static void ForEachLeaf<T>(
        ReadOnlySpan<long> lo,
        ReadOnlySpan<long> hi,
        ReadOnlySpan<long> partLo,
        ReadOnlySpan<long> partHi,
        Func<long[], T> element,
        Func<T, T, T> combine,
        Action<long, T> leaf)
    {
        var numbering = new LeafNumbering(lo, hi);
        long end = partHi.Length == 0 ? 1 : partHi[^1];
        RowMajor.ForEachRow(partLo, partHi, row =>
        {
            if (row.Length == 0)
            {
                leaf(0, element(row));
                return;
            }

            long[] index = [.. row];
            while (index[^1] < end)
            {
                long number = numbering.NumberOf(index);
                T value = element(index);
                for (index[^1]++; index[^1] < end && index[^1] % LeafNumbering.Length != 0; index[^1]++)
                {
                    value = combine(value, element(index));
                }

                leaf(number, value);
            }
        });
    }
}
