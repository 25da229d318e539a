using System.Runtime.CompilerServices;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Execution;

/// <summary>Moves elements between structure-of-arrays storage and .NET values.</summary>
internal static unsafe class StorageAccess
{
    /// <summary>One element of a whole array by its row-major position.</summary>
    public static T Read<T>(Storage storage, long position) where T : unmanaged
    {
        storage.RequireWhole();
        return ReadAt<T>(storage, position);
    }

    /// <summary>One element by its index; it lies in the window.</summary>
    public static T Read<T>(Storage storage, ReadOnlySpan<long> index) where T : unmanaged
    {
        long position = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            position += (index[axis] - storage.Window.Low[axis]) * storage.Pitch(axis);
        }
        return ReadAt<T>(storage, position);
    }

    /// <summary>The elements of a box of the window, row-major, into .NET memory.</summary>
    public static void CopyOut<T>(Storage storage, Box box, Span<T> destination) where T : unmanaged
    {
        if (box == storage.Window)
        {
            CopyElements(storage, 0, destination);
            return;
        }
        int row = (int)box.Length(box.Rank - 1);
        Span<long> index = stackalloc long[box.Rank];
        box.Low.CopyTo(index);
        for (int done = 0; done < destination.Length; done += row)
        {
            long position = 0;
            for (int axis = 0; axis < index.Length; axis++)
            {
                position += (index[axis] - storage.Window.Low[axis]) * storage.Pitch(axis);
            }
            CopyElements(storage, position, destination.Slice(done, row));
            for (int axis = box.Rank - 2; axis >= 0 && ++index[axis] == box.High[axis]; axis--)
            {
                index[axis] = box.Low[axis];
            }
        }
    }

    private static T ReadAt<T>(Storage storage, long position) where T : unmanaged
    {
        T value = default;
        CopyElements(storage, position, new Span<T>(ref value));
        return value;
    }

    /// <summary>Elements from a position on, into .NET memory.</summary>
    public static void CopyOut<T>(Storage storage, long start, Span<T> destination) where T : unmanaged
    {
        storage.RequireWhole();
        CopyElements(storage, start, destination);
    }

    private static void CopyElements<T>(Storage storage, long start, Span<T> destination) where T : unmanaged
    {
        ElementLayout layout = storage.Type.Element;
        fixed (T* target = destination)
        {
            for (int c = 0; c < layout.Columns.Length; c++)
            {
                Column column = layout.Columns[c];
                int size = column.Type.Size();
                byte* from = storage.Address(c) + start * size;
                if (layout.IsPrimitive)
                {
                    Buffer.MemoryCopy(from, target, (long)destination.Length * sizeof(T), (long)destination.Length * size);
                    continue;
                }
                CopyStrided(from, size, (byte*)target + column.Offset, sizeof(T), size, destination.Length);
            }
        }
        GC.KeepAlive(storage);
    }

    /// <summary>Elements into storage from a position on.</summary>
    public static void CopyIn<T>(ReadOnlySpan<T> source, Storage storage, long start) where T : unmanaged
    {
        storage.RequireWhole();
        ElementLayout layout = storage.Type.Element;
        fixed (T* from = source)
        {
            for (int c = 0; c < layout.Columns.Length; c++)
            {
                Column column = layout.Columns[c];
                int size = column.Type.Size();
                byte* to = storage.Address(c) + start * size;
                if (layout.IsPrimitive)
                {
                    Buffer.MemoryCopy(from, to, (long)source.Length * size, (long)source.Length * size);
                    continue;
                }
                CopyStrided((byte*)from + column.Offset, sizeof(T), to, size, size, source.Length);
            }
        }
        GC.KeepAlive(storage);
    }

    /// <summary>The columns of a value as 64-bit slots: integers extended, floats by their bits.</summary>
    public static ulong[] Bits<T>(T value) where T : unmanaged
    {
        ElementLayout layout = ElementLayout.Of(typeof(T));
        var bits = new ulong[layout.Columns.Length];
        for (int c = 0; c < bits.Length; c++)
        {
            bits[c] = ScalarBits.Load((byte*)&value + layout.Columns[c].Offset, layout.Columns[c].Type);
        }
        return bits;
    }

    private static void CopyStrided(byte* from, int fromStride, byte* to, int toStride, int size, long count)
    {
        for (long i = 0; i < count; i++)
        {
            Unsafe.CopyBlockUnaligned(to + i * toStride, from + i * fromStride, (uint)size);
        }
    }
}
