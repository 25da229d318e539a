using System.Runtime.InteropServices;
using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>
/// The memory of one array value: one native, 64-byte aligned block per column, row-major. Freed by <see cref="Release"/> or, when
/// unreachable, by its finaliser; its bytes are reported to the collector.
/// </summary>
internal sealed unsafe class Storage
{
    private readonly ColumnMemory[] _columns;

    public Storage(ArrayType type, ColumnMemory[] columns)
    {
        Type = type;
        _columns = columns;
    }

    public ArrayType Type { get; }

    public int Columns => _columns.Length;

    public ColumnMemory Column(int column) => _columns[column];

    /// <summary>The address of a column's first element.</summary>
    public byte* Address(int column) => _columns[column].Address;

    public bool IsReleased { get; private set; }

    /// <summary>The pool that may hand this memory out again, or null when it belongs to a result.</summary>
    public StoragePool? Pool { get; set; }

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
    public Storage Reshaped(ArrayType type) => new(type, _columns);
}
