using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Avial.Numerics;

/// <summary>
/// Folds the values of consecutive leaves by the fixed dyadic tree over leaf numbers: the node of level l, number m covers the leaves
/// [m 2^l, (m+1) 2^l) and is its left half combined with its right half; a half without leaves is skipped.
/// </summary>
/// <remarks>
/// It holds the widest nodes that the leaves so far complete, at most two of each level, in order. A fold that starts in the middle of
/// the domain keeps its nodes apart until <see cref="Append"/> puts it behind the fold before it, so a cut changes nothing.
/// </remarks>
internal struct DyadicFold<T>
{
    // Two nodes of each of 64 levels would cover all leaf numbers.
    private const int Capacity = 128;

    private NodeArray _nodes;
    private int _count;

    /// <summary>An empty fold whose first leaf will have the number <paramref name="start"/>, counted from the domain's first leaf.</summary>
    public DyadicFold(long start)
    {
        Start = start;
        Next = start;
    }

    /// <summary>The number of the first leaf.</summary>
    public readonly long Start { get; }

    /// <summary>The number of the leaf that comes next; equal to <see cref="Start"/> while the fold is empty.</summary>
    public long Next { get; private set; }

    /// <summary>The nodes in order, left to right.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<T> Nodes => ((ReadOnlySpan<T>)_nodes)[.._count];

    /// <summary>Folds in the value of leaf <see cref="Next"/>.</summary>
    public void Push(T leaf, Func<T, T, T> combine) => PushNode(leaf, 0, combine);

    /// <summary>Puts the leaves of <paramref name="right"/>, which must start where this fold ends, behind this fold's.</summary>
    public void Append(in DyadicFold<T> right, Func<T, T, T> combine)
    {
        if (right.Start != Next)
        {
            throw new InvalidOperationException($"A fold of leaves [{Start}, {Next}) cannot be followed by one that starts at leaf {right.Start}.");
        }

        long at = right.Start;
        foreach (T node in right.Nodes)
        {
            int level = LevelAt(at, right.Next);
            PushNode(node, level, combine);
            at += 1L << level;
        }
    }

    /// <summary>The value of all leaves, or <paramref name="empty"/> if there are none. The fold must start at leaf 0.</summary>
    public readonly T Result(T empty, Func<T, T, T> combine)
    {
        if (Start != 0)
        {
            throw new InvalidOperationException($"A fold that starts at leaf {Start} is a part: append it to the part before it.");
        }

        if (_count == 0)
        {
            return empty;
        }

        // The last, incomplete node of each level has only what is there of its right half.
        T result = _nodes[_count - 1];
        for (int i = _count - 2; i >= 0; i--)
        {
            result = combine(_nodes[i], result);
        }

        return result;
    }

    // The level of the widest node that begins at a leaf and ends before another.
    private static int LevelAt(long begin, long end)
    {
        // Leaf 0 is aligned to every level: its 64 trailing zeros never are the lesser.
        int aligned = BitOperations.TrailingZeroCount(begin);
        return Math.Min(aligned, BitOperations.Log2((ulong)(end - begin)));
    }

    private void PushNode(T node, int level, Func<T, T, T> combine)
    {
        long begin = Next;
        Next += 1L << level;
        while (((begin >> level) & 1) == 1 && begin - (1L << level) >= Start)
        {
            node = combine(_nodes[--_count], node);
            begin -= 1L << level;
            level++;
        }

        _nodes[_count++] = node;
    }

    [InlineArray(Capacity)]
    private struct NodeArray
    {
        private T _element;
    }
}
