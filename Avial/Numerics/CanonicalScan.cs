namespace Avial.Numerics;

/// <summary>The reference of scans along one axis: leaves between two multiples of 256 absolute indices.</summary>
/// <remarks>
/// Inside a leaf the running value starts with the leaf's first element. The offset of a leaf is the value of all leaves before it:
/// the first leaf has none, the second has the first leaf's value, each later one the offset before it combined with the leaf before it.
/// An inclusive result is offset combined with running value (the first leaf's is the running value itself); an exclusive one is the
/// inclusive result one index earlier within the leaf, a leaf's first one is the leaf's offset, and the very first is the identity.
/// Threads and ranks work on leaves apart and pass offsets from left to right, so a cut at multiples of 256 changes nothing.
/// </remarks>
internal static class CanonicalScan
{
    public const int LeafLength = 256;

    /// <summary>Scans a whole row whose first element has the absolute index <paramref name="begin"/>.</summary>
    public static void Scan<T>(
        ReadOnlySpan<T> source, Span<T> destination, long begin, bool isInclusive, T identity, Func<T, T, T> combine)
    {
        T offset = identity;
        bool hasOffset = false;
        Part(source, destination, begin, isInclusive, ref offset, ref hasOffset, combine);
    }

    /// <summary>
    /// Scans a part of a row, cut at multiples of 256. <paramref name="offset"/> is the value of all that comes before the part, or the
    /// identity while <paramref name="hasOffset"/> is false; both are brought up to date for the part after it.
    /// </summary>
    public static void Part<T>(
        ReadOnlySpan<T> source,
        Span<T> destination,
        long begin,
        bool isInclusive,
        ref T offset,
        ref bool hasOffset,
        Func<T, T, T> combine)
    {
        for (int at = 0; at < source.Length;)
        {
            int length = (int)Math.Min(LeafLength - ((begin + at) & (LeafLength - 1)), source.Length - at);
            T leaf = Leaf(source.Slice(at, length), destination.Slice(at, length), isInclusive, offset, hasOffset, combine);
            offset = hasOffset ? combine(offset, leaf) : leaf;
            hasOffset = true;
            at += length;
        }
    }

    /// <summary>The value of one leaf, without writing anything: what the leaves to its right need first.</summary>
    public static T LeafValue<T>(ReadOnlySpan<T> source, Func<T, T, T> combine)
    {
        T running = source[0];
        for (int i = 1; i < source.Length; i++)
        {
            running = combine(running, source[i]);
        }

        return running;
    }

    /// <summary>Scans one leaf, given its offset, and returns the leaf's value. Source and destination may be the same memory.</summary>
    public static T Leaf<T>(
        ReadOnlySpan<T> source, Span<T> destination, bool isInclusive, T offset, bool hasOffset, Func<T, T, T> combine)
    {
        T running = source[0];
        destination[0] = isInclusive ? WithOffset(running) : offset;
        for (int i = 1; i < source.Length; i++)
        {
            T before = running;
            running = combine(running, source[i]);
            destination[i] = WithOffset(isInclusive ? running : before);
        }

        return running;

        T WithOffset(T value) => hasOffset ? combine(offset, value) : value;
    }
}
