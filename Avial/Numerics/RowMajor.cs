namespace Avial.Numerics;

/// <summary>Walks the rows of a box [lo, hi) of up to any rank in row-major order; the last axis runs along a row.</summary>
internal static class RowMajor
{
    /// <summary>
    /// Calls <paramref name="row"/> for each row, with the index of its first element. A box of rank 0 has one row of one element;
    /// an empty box has none.
    /// </summary>
    public static void ForEachRow(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, Action<long[]> row)
    {
        for (int axis = 0; axis < lo.Length; axis++)
        {
            if (hi[axis] <= lo[axis])
            {
                return;
            }
        }

        long[] index = lo.ToArray();
        int moving;
        do
        {
            row(index);
            moving = index.Length - 2;
            while (moving >= 0 && ++index[moving] == hi[moving])
            {
                index[moving] = lo[moving];
                moving--;
            }
        }
        while (moving >= 0);
    }
}
