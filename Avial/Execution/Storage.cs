using System.Diagnostics.CodeAnalysis;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>
/// The memory of one array value: one native, 64-byte aligned block per column, row-major over <see cref="Window"/>, the indices that there is memory for
/// (all of them, or the part of one rank). Freed by <see cref="Release"/> or, when unreachable, by its finaliser; its bytes are reported to the collector.
/// </summary>
internal sealed unsafe class Storage
{
    private const int MostAxes = 4;
    private ColumnMemory[] _columns;
    private readonly long[] _cornerBytes;
    private readonly long[] _pitches = new long[MostAxes];

    public Storage(ArrayType type, ColumnMemory[] columns) : this(type, type.Box, columns)
    {
    }

    public Storage(ArrayType type, Box window, ColumnMemory[] columns)
    {
        _columns = columns;
        _cornerBytes = new long[columns.Length];
        Show(type, window);
    }

    /// <summary>The type of the whole array.</summary>
    public ArrayType Type { get; private set; }

    /// <summary>
    /// The indices that there is memory for. It may be empty, and along an axis that is read periodically it may lie outside 0 … extent: place -1 then holds the
    /// element extent - 1.
    /// </summary>
    public Box Window { get; private set; }

    /// <summary>True when the window is the whole array.</summary>
    public bool IsWhole { get; private set; }

    public int Columns => _columns.Length;

    public ColumnMemory Column(int column) => _columns[column];

    /// <summary>The address of a column's first element: that of the window's low corner.</summary>
    public byte* Address(int column) => _columns[column].Address;

    /// <summary>
    /// Where a column's element at index 0 on every axis would lie: index i is at + Σ i[a] × pitch[a] elements. It may lie outside the column's memory and must
    /// never be read itself. That is safe as addresses are plain numbers here, which wrap: only the sum for an index of the window is ever read or written.
    /// </summary>
    public byte* VirtualAddress(int column) => unchecked((byte*)((nint)_columns[column].Address - (nint)_cornerBytes[column]));

    /// <summary>How many elements apart neighbours along an axis are; 1 for the last.</summary>
    public long Pitch(int axis) => _pitches[axis];

    public bool IsReleased { get; private set; }

    /// <summary>The pool that may hand this memory out again, or null when it belongs to a result.</summary>
    public StoragePool? Pool { get; set; }

    /// <summary>Where that pool keeps it while it is free.</summary>
    public StorageShelf? Shelf { get; set; }

    /// <summary>Fails unless the window is the whole array: for code that knows no windows.</summary>
    public void RequireWhole()
    {
        if (!IsWhole)
        {
            throw new InternalErrorException($"An array of {Type} is used as a whole, but there is memory for {Window} only.");
        }
    }

    /// <summary>Counts one more task that keeps this storage as its result.</summary>
    public void Share()
    {
        foreach (ColumnMemory column in _columns)
        {
            column.Share();
        }
    }

    /// <summary>Gives the memory back when no other task keeps it.</summary>
    public void Release()
    {
        IsReleased = true;
        foreach (ColumnMemory column in _columns)
        {
            column.Unshare();
        }
    }

    /// <summary>The same memory seen with other extents of the same count.</summary>
    public Storage Reshaped(ArrayType type)
    {
        RequireWhole();
        return new Storage(type, _columns);
    }

    /// <summary>The same memory seen as the window of another array, of as many elements.</summary>
    public Storage Sharing(ArrayType type, Box window) => new(type, window, _columns);

    /// <summary>Shows the memory of another storage of equal columns from now on, as the window of an array; allocates nothing when the rank stays.</summary>
    public void ShareMemory(Storage other, ArrayType type, Box window)
    {
        _columns = other._columns;
        Show(type, window);
    }

    /// <summary>
    /// Makes this the memory of another array or window that needs as much of each column or less; allocates nothing. Only for memory that
    /// nobody else sees.
    /// </summary>
    [MemberNotNull(nameof(Type))]
    public void Show(ArrayType type, Box window)
    {
        int rank = type.Rank;
        long pitch = 1;
        long corner = 0;
        bool isWhole = true;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            _pitches[axis] = pitch;
            corner = unchecked(corner + window.Low[axis] * pitch);
            pitch = unchecked(pitch * window.Length(axis));
            isWhole &= window.Low[axis] == 0 && window.High[axis] == type.Extents[axis];
        }
        for (int column = 0; column < _columns.Length; column++)
        {
            _cornerBytes[column] = unchecked(corner * type.Element.Columns[column].Type.Size());
        }
        Type = type;
        Window = window;
        IsWhole = isWhole;
    }
}
