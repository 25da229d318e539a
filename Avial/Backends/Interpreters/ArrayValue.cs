using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>One array of an interpreted evaluation, read and written element by element.</summary>
internal sealed unsafe class ArrayValue
{
    private readonly long[] _extents;
    private readonly ScalarType[] _types;

    public ArrayValue(Storage storage, Box? computed = null)
    {
        storage.RequireWhole();
        Storage = storage;
        Computed = computed;
        _extents = [.. storage.Type.Extents];
        _types = [.. storage.Type.Element.ColumnTypes];
    }

    public Storage Storage { get; }

    public ArrayType Type => Storage.Type;

    /// <summary>The part that holds values; null for all of it.</summary>
    public Box? Computed { get; }

    public int Columns => _types.Length;

    public long Extent(int axis) => _extents[axis];

    public ulong Read(int column, ReadOnlySpan<long> index)
    {
        CheckIsComputed(index);
        ulong bits = ScalarBits.Load(Address(column, index), _types[column]);
        GC.KeepAlive(Storage);
        return bits;
    }

    public void Write(int column, ReadOnlySpan<long> index, ulong bits)
    {
        ScalarBits.Store(Address(column, index), _types[column], bits);
        GC.KeepAlive(Storage);
    }

    /// <summary>Writes an element: one slot per column.</summary>
    public void Write(ReadOnlySpan<long> index, ReadOnlySpan<ulong> element)
    {
        for (int column = 0; column < _types.Length; column++)
        {
            Write(column, index, element[column]);
        }
    }

    /// <summary>Reads an element: one slot per column.</summary>
    public void Read(ReadOnlySpan<long> index, Span<ulong> element)
    {
        for (int column = 0; column < _types.Length; column++)
        {
            element[column] = Read(column, index);
        }
    }

    /// <summary>Reads an element that was written before, wherever it lies.</summary>
    public void ReadBack(ReadOnlySpan<long> index, Span<ulong> element)
    {
        for (int column = 0; column < _types.Length; column++)
        {
            element[column] = ScalarBits.Load(Address(column, index), _types[column]);
        }
        GC.KeepAlive(Storage);
    }

    /// <summary>The value of a rank-0 array.</summary>
    public ulong Scalar(int column = 0) => Type.Rank == 0
        ? Read(column, [])
        : throw new InternalErrorException($"An array of {Type} was used as a scalar.");

    private byte* Address(int column, ReadOnlySpan<long> index)
    {
        if (index.Length != _extents.Length)
        {
            throw new InternalErrorException($"An array of rank {_extents.Length} was accessed with {index.Length} indices.");
        }
        long position = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            if ((ulong)index[axis] >= (ulong)_extents[axis])
            {
                throw new InternalErrorException($"Index {index[axis]} of axis {axis} lies outside an array of {Type}.");
            }
            position = position * _extents[axis] + index[axis];
        }
        return Storage.Address(column) + position * _types[column].Size();
    }

    private void CheckIsComputed(ReadOnlySpan<long> index)
    {
        if (Computed is not { } box)
        {
            return;
        }
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (index[axis] < box.Low[axis] || index[axis] >= box.High[axis])
            {
                throw new InternalErrorException($"Element [{string.Join(", ", index.ToArray())}] of an array of {Type} is read, but only {box} was demanded.");
            }
        }
    }
}
