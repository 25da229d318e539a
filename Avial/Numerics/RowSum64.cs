using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Avial.Numerics;

/// <summary>
/// The canonical sum of a domain, fed element by element: rows in any order, inside a row ascending. A part of a domain that is cut
/// at multiples of 64 of the last axis gives the <see cref="BinnedSum64"/> to be merged with those of the other parts.
/// </summary>
internal struct RowSum64
{
    private const long NoLeaf = long.MinValue;

    private BinnedSum64 _sum;
    private LeafSum64 _leaf;
    private long _leafNumber;

    /// <summary>Starts an empty sum.</summary>
    public void Begin()
    {
        _sum = default;
        _leafNumber = NoLeaf;
    }

    /// <summary>Adds the element at an absolute index of the last axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long index, double x)
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
    public BinnedSum64 End()
    {
        EndRow();
        return _sum;
    }

    /// <summary>Adds a row, or a part of it cut at multiples of 64, that lies in memory: its first element has index <paramref name="begin"/>.</summary>
    public static void Add(ref BinnedSum64 sum, ReadOnlySpan<double> row, long begin)
    {
        int head = (int)Math.Min(-begin & (LeafSum64.Length - 1), row.Length);
        AddPartialLeaf(ref sum, row[..head], begin);
        int at = head;
        for (; at + LeafSum64.Length <= row.Length; at += LeafSum64.Length)
        {
            sum.Add(WholeLeaf(row.Slice(at, LeafSum64.Length)));
        }

        AddPartialLeaf(ref sum, row[at..], begin + at);
    }

    /// <summary><see cref="Add(ref BinnedSum64, ReadOnlySpan{double}, long)"/> for emitted code; the row must hold <paramref name="length"/> elements.</summary>
    public static unsafe void AddTo(BinnedSum64* sum, double* row, int length, long begin) =>
        Add(ref *sum, new ReadOnlySpan<double>(row, length), begin);

    /// <summary><see cref="Begin"/> for emitted code.</summary>
    public static unsafe void BeginAt(RowSum64* sum) => sum->Begin();

    /// <summary><see cref="Add(long, double)"/> for emitted code.</summary>
    public static unsafe void AddElementTo(RowSum64* sum, long index, double x) => sum->Add(index, x);

    /// <summary><see cref="EndRow"/> for emitted code.</summary>
    public static unsafe void EndRowOf(RowSum64* sum) => sum->EndRow();

    private static void AddPartialLeaf(ref BinnedSum64 sum, ReadOnlySpan<double> elements, long begin)
    {
        if (elements.IsEmpty)
        {
            return;
        }

        LeafSum64 leaf = default;
        leaf.Begin();
        for (int i = 0; i < elements.Length; i++)
        {
            leaf.Add(begin + i, elements[i]);
        }

        sum.Add(leaf.Total());
    }

    // Lanes 0-3 and 4-7 in two vectors; the plain twin is LeafSum64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double WholeLeaf(ReadOnlySpan<double> leaf)
    {
        Vector256<double> low = Vector256.Create(leaf);
        Vector256<double> high = Vector256.Create(leaf[4..]);
        for (int i = LeafSum64.Lanes; i < LeafSum64.Length; i += LeafSum64.Lanes)
        {
            low += Vector256.Create(leaf[i..]);
            high += Vector256.Create(leaf[(i + 4)..]);
        }

        return ((low[0] + low[1]) + (low[2] + low[3])) + ((high[0] + high[1]) + (high[2] + high[3]));
    }
}
