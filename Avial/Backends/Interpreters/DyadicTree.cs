namespace Avial.Backends.Interpreters;

/// <summary>The fixed tree of the canonical orders, in the plainest form: the plain twin of the streaming folds in Numerics.</summary>
internal static class DyadicTree
{
    /// <summary>
    /// Combines leaves 0 … n-1: the node of level l, number m covers leaves [m 2^l, (m+1) 2^l) and is its left half combined with its right half; a
    /// half without leaves is skipped.
    /// </summary>
    public static T Combine<T>(IReadOnlyList<T> leaves, Func<T, T, T> combine)
    {
        int width = 1;
        while (width < leaves.Count)
        {
            width *= 2;
        }
        return Node(leaves, 0, width, combine);
    }

    private static T Node<T>(IReadOnlyList<T> leaves, int begin, int width, Func<T, T, T> combine)
    {
        if (width == 1)
        {
            return leaves[begin];
        }
        int middle = begin + width / 2;
        T left = Node(leaves, begin, width / 2, combine);
        return middle >= leaves.Count ? left : combine(left, Node(leaves, middle, width / 2, combine));
    }
}
