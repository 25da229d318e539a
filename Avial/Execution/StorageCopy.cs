using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>Copies between storages of one element type, whose windows may differ. What names a box must lie in the windows it is copied between.</summary>
internal static unsafe class StorageCopy
{
    /// <summary>Copies everything between storages of one window.</summary>
    public static void All(Storage from, Storage to)
    {
        if (from.Window != to.Window)
        {
            throw new InternalErrorException($"Memory for {from.Window} is copied as a whole to memory for {to.Window}.");
        }
        long count = from.Window.Count;
        for (int column = 0; column < from.Columns; column++)
        {
            long bytes = count * SizeOf(from, column);
            Buffer.MemoryCopy(from.Address(column), to.Address(column), bytes, bytes);
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    /// <summary>Copies the elements of a box.</summary>
    public static void Box(Storage from, Storage to, Box box) => Box(from, to, box, default);

    /// <summary>
    /// Copies the elements of a box of <paramref name="from"/>, index i to index i + shift; no shift is none. Of the columns those whose bits are set; bit 63 stands for
    /// all from 63 on.
    /// </summary>
    public static void Box(Storage from, Storage to, Box box, ReadOnlySpan<long> shift, ulong columns = ColumnMask.All)
    {
        if (box.IsEmpty)
        {
            return;
        }
        RequireInside(from, box, default);
        RequireInside(to, box, shift);
        int rank = box.Rank;
        long* lengths = stackalloc long[rank + 1];
        long* fromSteps = stackalloc long[rank + 1];
        long* toSteps = stackalloc long[rank + 1];
        for (int column = 0; column < from.Columns; column++)
        {
            if (!ColumnMask.Has(columns, column))
            {
                continue;
            }
            int size = SizeOf(from, column);
            byte* source = Corner(from, column, box, default, fromSteps);
            byte* target = Corner(to, column, box, shift, toSteps);
            SetLengths(box, lengths);
            StridedCopy.Run(source, fromSteps, target, toSteps, lengths, rank, size);
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    /// <summary>The bytes that a box takes when it is packed.</summary>
    public static long PackedBytes(Storage storage, Box box, ulong columns = ColumnMask.All) => box.Count * ColumnMask.SizeOf(columns, storage.Type.Element);

    /// <summary>Writes a box, one column after another and each row-major without gaps; gives the bytes.</summary>
    public static long Pack(Storage storage, Box box, byte* target, ulong columns = ColumnMask.All) => Transfer(storage, box, target, columns, isPacking: true);

    /// <summary>Reads a box that <see cref="Pack"/> wrote, perhaps from other places; gives the bytes.</summary>
    public static long Unpack(byte* source, Storage storage, Box box, ulong columns = ColumnMask.All) => Transfer(storage, box, source, columns, isPacking: false);

    /// <summary>Where a box of a column starts, if it lies in memory as <see cref="Pack"/> would write it; else null.</summary>
    public static byte* AddressWithoutGaps(Storage storage, int column, Box box)
    {
        RequireInside(storage, box, default);
        long offset = 0;
        long count = 1;
        bool isWithoutGaps = true;
        for (int axis = box.Rank - 1; axis >= 0; axis--)
        {
            long pitch = storage.Pitch(axis);
            long length = box.High[axis] - box.Low[axis];
            isWithoutGaps &= length <= 1 || pitch == count;
            offset += (box.Low[axis] - storage.Window.Low[axis]) * pitch;
            count *= length;
        }
        return isWithoutGaps ? storage.Address(column) + offset * SizeOf(storage, column) : null;
    }

    private static long Transfer(Storage storage, Box box, byte* packed, ulong columns, bool isPacking)
    {
        if (box.IsEmpty)
        {
            return 0;
        }
        RequireInside(storage, box, default);
        int rank = box.Rank;
        long* lengths = stackalloc long[rank + 1];
        long* steps = stackalloc long[rank + 1];
        long* packedSteps = stackalloc long[rank + 1];
        long total = 0;
        for (int column = 0; column < storage.Columns; column++)
        {
            if (!ColumnMask.Has(columns, column))
            {
                continue;
            }
            int size = SizeOf(storage, column);
            byte* place = Corner(storage, column, box, default, steps);
            SetLengths(box, lengths);
            long step = size;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                packedSteps[axis] = step;
                step *= lengths[axis];
            }
            if (isPacking)
            {
                StridedCopy.Run(place, steps, packed + total, packedSteps, lengths, rank, size);
            }
            else
            {
                StridedCopy.Run(packed + total, packedSteps, place, steps, lengths, rank, size);
            }
            total += step;
        }
        GC.KeepAlive(storage);
        return total;
    }

    private static void SetLengths(Box box, long* lengths)
    {
        for (int axis = 0; axis < box.Rank; axis++)
        {
            lengths[axis] = box.High[axis] - box.Low[axis];
        }
    }

    /// <summary>The address of a box's low corner and the bytes between neighbours along each axis.</summary>
    private static byte* Corner(Storage storage, int column, Box box, ReadOnlySpan<long> shift, long* steps)
    {
        int size = SizeOf(storage, column);
        long offset = 0;
        for (int axis = 0; axis < box.Rank; axis++)
        {
            steps[axis] = storage.Pitch(axis) * size;
            offset += (box.Low[axis] + (shift.IsEmpty ? 0 : shift[axis]) - storage.Window.Low[axis]) * steps[axis];
        }
        return storage.Address(column) + offset;
    }

    private static void RequireInside(Storage storage, Box box, ReadOnlySpan<long> shift)
    {
        Box window = storage.Window;
        bool isInside = box.Rank == window.Rank && (shift.IsEmpty || shift.Length == box.Rank);
        for (int axis = 0; isInside && axis < box.Rank; axis++)
        {
            long by = shift.IsEmpty ? 0 : shift[axis];
            isInside = box.Low[axis] + by >= window.Low[axis] && box.High[axis] + by <= window.High[axis];
        }
        if (!isInside)
        {
            throw new InternalErrorException(
                $"The box {box}{(shift.IsEmpty ? "" : $" shifted by ({string.Join(", ", shift.ToArray())})")} of an array of {storage.Type} is copied, but there is memory for {window} only.");
        }
    }

    private static int SizeOf(Storage storage, int column) => storage.Type.Element.ColumnTypes[column].Size();
}
