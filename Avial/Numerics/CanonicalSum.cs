namespace Avial.Numerics;

/// <summary>The reference of the canonical sum over a box, written to be read; Half elements are converted to float by the caller.</summary>
/// <remarks>
/// Only the last of the summed axes makes leaves. Each leaf is a <see cref="LeafSum64"/>; leaf sums go into a <see cref="BinnedSum64"/>
/// in any order. The indices are absolute, so a box may be cut into parts anywhere on the other axes and at multiples of 64 on the last.
/// </remarks>
internal static class CanonicalSum
{
    /// <summary>The sum over [lo, hi); +0 where it is empty. <paramref name="element"/> must not keep the index it is given.</summary>
    public static double Sum(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, Func<long[], double> element) =>
        Part(lo, hi, element).Result();

    /// <inheritdoc cref="Sum(ReadOnlySpan{long}, ReadOnlySpan{long}, Func{long[], double})"/>
    public static float Sum(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, Func<long[], float> element) =>
        Part(lo, hi, element).Result();

    /// <summary>What one part of a cut domain contributes.</summary>
    public static BinnedSum64 Part(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, Func<long[], double> element)
    {
        RowSum64 sum = default;
        sum.Begin();
        long end = hi.Length == 0 ? 1 : hi[^1];
        RowMajor.ForEachRow(lo, hi, index =>
        {
            if (index.Length == 0)
            {
                sum.Add(0, element(index));
                return;
            }

            long begin = index[^1];
            for (; index[^1] < end; index[^1]++)
            {
                sum.Add(index[^1], element(index));
            }

            index[^1] = begin;
            sum.EndRow();
        });
        return sum.End();
    }

    /// <inheritdoc cref="Part(ReadOnlySpan{long}, ReadOnlySpan{long}, Func{long[], double})"/>
    public static BinnedSum32 Part(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, Func<long[], float> element)
    {
        RowSum32 sum = default;
        sum.Begin();
        long end = hi.Length == 0 ? 1 : hi[^1];
        RowMajor.ForEachRow(lo, hi, index =>
        {
            if (index.Length == 0)
            {
                sum.Add(0, element(index));
                return;
            }

            long begin = index[^1];
            for (; index[^1] < end; index[^1]++)
            {
                sum.Add(index[^1], element(index));
            }

            index[^1] = begin;
            sum.EndRow();
        });
        return sum.End();
    }
}
