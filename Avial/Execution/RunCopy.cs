using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>
/// Copies runs of elements, given as pairs of the first place in the array's row-major order and the length, from and to windows that hold them. A run stays within a row.
/// </summary>
internal static unsafe class RunCopy
{
    /// <summary>Writes the elements, one column after another; gives the bytes.</summary>
    public static long Pack(Storage from, ReadOnlySpan<long> runs, byte* target, ulong columns)
    {
        byte* next = target;
        for (int column = 0; column < from.Columns; column++)
        {
            if (!ColumnMask.Has(columns, column))
            {
                continue;
            }
            byte* memory = from.VirtualAddress(column);
            int size = SizeOf(from, column);
            for (int r = 0; r < runs.Length; r += 2)
            {
                Move(memory + OffsetOf(from, runs[r]) * size, next, runs[r + 1] * size);
                next += runs[r + 1] * size;
            }
        }
        GC.KeepAlive(from);
        return next - target;
    }

    /// <summary>Reads what <see cref="Pack"/> wrote; gives the bytes.</summary>
    public static long Unpack(byte* source, Storage to, ReadOnlySpan<long> runs, ulong columns)
    {
        byte* next = source;
        for (int column = 0; column < to.Columns; column++)
        {
            if (!ColumnMask.Has(columns, column))
            {
                continue;
            }
            byte* memory = to.VirtualAddress(column);
            int size = SizeOf(to, column);
            for (int r = 0; r < runs.Length; r += 2)
            {
                Move(next, memory + OffsetOf(to, runs[r]) * size, runs[r + 1] * size);
                next += runs[r + 1] * size;
            }
        }
        GC.KeepAlive(to);
        return next - source;
    }

    /// <summary>Copies the elements from one window to another.</summary>
    public static void Copy(Storage from, Storage to, ReadOnlySpan<long> runs, ulong columns)
    {
        for (int column = 0; column < from.Columns; column++)
        {
            if (!ColumnMask.Has(columns, column))
            {
                continue;
            }
            int size = SizeOf(from, column);
            for (int r = 0; r < runs.Length; r += 2)
            {
                Move(from.VirtualAddress(column) + OffsetOf(from, runs[r]) * size, to.VirtualAddress(column) + OffsetOf(to, runs[r]) * size, runs[r + 1] * size);
            }
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    private static int SizeOf(Storage storage, int column) => storage.Type.Element.ColumnTypes[column].Size();

    // How far an element is from where index 0 on every axis would lie.
    private static long OffsetOf(Storage storage, long place)
    {
        if (storage.IsWhole || storage.Type.Rank == 1)
        {
            return place;
        }
        long offset = 0;
        for (int axis = storage.Type.Rank - 1; axis >= 0; axis--)
        {
            (place, long index) = Math.DivRem(place, storage.Type.Extents[axis]);
            offset += index * storage.Pitch(axis);
        }
        return offset;
    }

    // Most runs of scattered places are single elements.
    private static void Move(byte* from, byte* to, long bytes)
    {
        if (bytes == sizeof(long))
        {
            *(long*)to = *(long*)from;
        }
        else if (bytes == sizeof(int))
        {
            *(int*)to = *(int*)from;
        }
        else
        {
            Buffer.MemoryCopy(from, to, bytes, bytes);
        }
    }
}
