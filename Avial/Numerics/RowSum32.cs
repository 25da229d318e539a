using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Avial.Numerics;

/// <summary>
/// The canonical sum of a domain, fed element by element: rows in any order, inside a row ascending. A part of a domain that is cut
/// at multiples of 64 of the last axis gives the <see cref="BinnedSum32"/> to be merged with those of the other parts.
/// </summary>
internal struct RowSum32
{
    private const long NoLeaf = long.MinValue;

    private BinnedSum32 _sum;
    private LeafSum32 _leaf;
    private long _leafNumber;

    /// <summary>Starts an empty sum.</summary>
    public void Begin()
    {
        _sum = default;
        _leafNumber = NoLeaf;
    }

    /// <summary>Adds the element at an absolute index of the last axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long index, float x)
    {
        if (index >> 6 != _leafNumber)
        {
            EndRow();
            _leafNumber = index >> 6;
            _leaf.Begin();
        }

        _leaf.Add(index, x);
    }

    /// <summary>Ends a row; the next element belongs to another one.</summary>
    public void EndRow()
    {
        if (_leafNumber != NoLeaf)
        {
            _sum.Add(_leaf.Total());
            _leafNumber = NoLeaf;
        }
    }

    /// <summary>Ends the last row and returns what was added, for merging.</summary>
    public BinnedSum32 End()
    {
        EndRow();
        return _sum;
    }

    /// <summary>Adds a row, or a part of it cut at multiples of 64, that lies in memory: its first element has index <paramref name="begin"/>.</summary>
    public static void Add(ref BinnedSum32 sum, ReadOnlySpan<float> row, long begin)
    {
        int head = (int)Math.Min(-begin & (LeafSum32.Length - 1), row.Length);
        AddPartialLeaf(ref sum, row[..head], begin);
        int at = head;
        for (; at + LeafSum32.Length <= row.Length; at += LeafSum32.Length)
        {
            sum.Add(WholeLeaf(row.Slice(at, LeafSum32.Length)));
        }

        AddPartialLeaf(ref sum, row[at..], begin + at);
    }

    /// <summary><see cref="Add(ref BinnedSum32, ReadOnlySpan{float}, long)"/> for emitted code; the row must hold <paramref name="length"/> elements.</summary>
    public static unsafe void AddTo(BinnedSum32* sum, float* row, int length, long begin) =>
        Add(ref *sum, new ReadOnlySpan<float>(row, length), begin);

    /// <summary><see cref="Begin"/> for emitted code.</summary>
    public static unsafe void BeginAt(RowSum32* sum) => sum->Begin();

    /// <summary><see cref="Add(long, float)"/> for emitted code.</summary>
    public static unsafe void AddElementTo(RowSum32* sum, long index, float x) => sum->Add(index, x);

    /// <summary><see cref="EndRow"/> for emitted code.</summary>
    public static unsafe void EndRowOf(RowSum32* sum) => sum->EndRow();

    private static void AddPartialLeaf(ref BinnedSum32 sum, ReadOnlySpan<float> elements, long begin)
    {
        if (elements.IsEmpty)
        {
            return;
        }

        LeafSum32 leaf = default;
        leaf.Begin();
        for (int i = 0; i < elements.Length; i++)
        {
            leaf.Add(begin + i, elements[i]);
        }

        sum.Add(leaf.Total());
    }

    // Eight lanes in one vector; the plain twin is LeafSum32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float WholeLeaf(ReadOnlySpan<float> leaf)
    {
        Vector256<float> lanes = Vector256.Create(leaf);
        for (int i = LeafSum32.Lanes; i < LeafSum32.Length; i += LeafSum32.Lanes)
        {
            lanes += Vector256.Create(leaf[i..]);
        }

        return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    }
}
