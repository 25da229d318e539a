using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Execution;

/// <summary>Copies between storages of one type.</summary>
internal static unsafe class StorageCopy
{
    public static void All(Storage from, Storage to)
    {
        for (int column = 0; column < from.Columns; column++)
        {
            long bytes = from.Type.Count * from.Type.Element.ColumnTypes[column].Size();
            Buffer.MemoryCopy(from.Address(column), to.Address(column), bytes, bytes);
        }
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    /// <summary>Copies what no domain covers: the rest is about to be written.</summary>
    public static void Outside(Storage from, Storage to, Box[] domains, ImmutableArray<long> origin)
    {
        List<Box> rest = [from.Type.Box];
        foreach (Box domain in domains)
        {
            Box written = new([.. domain.Low.Select((l, a) => l - origin[a])], [.. domain.High.Select((h, a) => h - origin[a])]);
            rest = [.. rest.SelectMany(box => box.Subtract(written))];
        }
        foreach (Box box in rest)
        {
            Part(from, to, box);
        }
    }

    private static void Part(Storage from, Storage to, Box box)
    {
        if (box.IsEmpty)
        {
            return;
        }
        ImmutableArray<long> extents = from.Type.Extents;
        int rank = extents.Length;
        long run = rank == 0 ? 1 : box.Length(rank - 1);
        var index = box.Low.ToArray();
        while (true)
        {
            long position = 0;
            for (int axis = 0; axis < rank; axis++)
            {
                position = position * extents[axis] + index[axis];
            }
            for (int column = 0; column < from.Columns; column++)
            {
                int size = from.Type.Element.ColumnTypes[column].Size();
                Buffer.MemoryCopy(from.Address(column) + position * size, to.Address(column) + position * size, run * size, run * size);
            }
            int moved = rank - 2;
            while (moved >= 0 && ++index[moved] == box.High[moved])
            {
                index[moved] = box.Low[moved];
                moved--;
            }
            if (moved < 0)
            {
                return;
            }
        }
    }
}
