using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>
/// The memory of one evaluation: what a task no longer needs is handed to the next one that needs as many bytes a column, so that a loop lives on the arrays of
/// one or two steps. Used by one thread.
/// </summary>
internal sealed class StoragePool(Allocator allocator)
{
    private readonly Dictionary<Need, StorageShelf> _shelves = [];
    private long _bytes;

    /// <summary>Fills memory with garbage when it comes and goes, so that tests see what is read too late or never written.</summary>
    public bool IsPoisoning { get; init; }

    /// <summary>The bytes of arrays up to which free memory is kept for tasks that need as much; beyond, it is given back before more is made.</summary>
    public long KeptUpTo { get; init; } = long.MaxValue;

    /// <summary>The most bytes of arrays that it has had from the allocator at a time, in use or free.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Where its memory comes from.</summary>
    public Allocator Allocator => allocator;

    /// <summary>Memory for an array of this type, not initialised.</summary>
    public Storage Acquire(ArrayType type, string name) => Acquire(type, type.Box, name);

    /// <summary>Memory for the window of an array of this type, not initialised.</summary>
    public Storage Acquire(ArrayType type, Box window, string name) => Acquire(ShelfOf(type, window), type, window, name);

    /// <summary>The same from the shelf for such windows, which a step of a loop looks up once.</summary>
    public Storage Acquire(StorageShelf shelf, ArrayType type, Box window, string name)
    {
        if (shelf.Free.TryPop(out Storage? storage))
        {
            storage.Show(type, window);
            storage.Pool = this;
            return storage;
        }
        long bytes = BytesOf(shelf, type);
        if (bytes > KeptUpTo - _bytes)
        {
            Drain();
        }
        storage = allocator.Allocate(type, window, shelf.Elements, name);
        storage.Pool = this;
        storage.Shelf = shelf;
        _bytes += bytes;
        PeakBytes = Math.Max(PeakBytes, _bytes);
        if (IsPoisoning)
        {
            Poison(storage);
        }
        return storage;
    }

    /// <summary>
    /// Where free memory for the window of an array of this type lies; roomy: with room for up to an eighth more elements, so that windows of many sizes share it.
    /// </summary>
    public StorageShelf ShelfOf(ArrayType type, Box window, bool isRoomy = false)
    {
        var need = new Need(type.Element, window, isRoomy);
        if (!_shelves.TryGetValue(need, out StorageShelf? shelf))
        {
            _shelves[need] = shelf = new StorageShelf(need.Elements);
        }
        return shelf;
    }

    /// <summary>Takes memory back; what is not the pool's stays as it is.</summary>
    public void Release(Storage storage)
    {
        if (storage.Pool != this)
        {
            return;
        }
        storage.Pool = null;
        if (IsPoisoning)
        {
            Poison(storage);
        }
        storage.Shelf!.Free.Push(storage);
    }

    /// <summary>True when the storage may be written over once its value is dead.</summary>
    public bool Owns(Storage storage) => storage.Pool == this;

    /// <summary>The storage belongs to a result from now on.</summary>
    public static void Detach(Storage storage) => (storage.Pool, storage.Shelf) = (null, null);

    /// <summary>Gives all free memory back to the allocator.</summary>
    public void Drain()
    {
        foreach (StorageShelf shelf in _shelves.Values)
        {
            Drain(shelf);
        }
    }

    /// <summary>Gives the free memory of a shelf back to the allocator.</summary>
    public void Drain(StorageShelf shelf)
    {
        while (shelf.Free.TryPop(out Storage? storage))
        {
            _bytes -= BytesOf(shelf, storage.Type);
            storage.Release();
        }
    }

    // Too many to count are refused by the allocator.
    private static long BytesOf(StorageShelf shelf, ArrayType type) =>
        shelf.Elements > long.MaxValue / Math.Max(1, type.Element.PackedSize) ? long.MaxValue : shelf.Elements * type.Element.PackedSize;

    private static unsafe void Poison(Storage storage)
    {
        for (int column = 0; column < storage.Columns; column++)
        {
            System.Runtime.InteropServices.NativeMemory.Fill(storage.Address(column), (nuint)(storage.Window.Count * storage.Type.Element.ColumnTypes[column].Size()), 0x5d);
        }
        GC.KeepAlive(storage);
    }

    /// <summary>How many elements of how many bytes a column: equal needs are met by the same memory.</summary>
    private readonly struct Need(ElementLayout element, Box window, bool isRoomy) : IEquatable<Need>
    {
        private readonly ElementLayout _element = element;
        private readonly long _count = isRoomy ? Rounded(CountOf(window)) : CountOf(window);

        public long Elements => _count;

        public bool Equals(Need other)
        {
            if (_count != other._count || _element.Columns.Length != other._element.Columns.Length)
            {
                return false;
            }
            for (int column = 0; column < _element.Columns.Length; column++)
            {
                if (_element.Columns[column].Type.Size() != other._element.Columns[column].Type.Size())
                {
                    return false;
                }
            }
            return true;
        }

        public override bool Equals(object? obj) => obj is Need other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_count, _element.Columns.Length);

        // Up to the next number of four binary digits and zeros.
        private static long Rounded(long count)
        {
            int zeros = Math.Max(0, 60 - System.Numerics.BitOperations.LeadingZeroCount((ulong)count));
            long unit = 1L << zeros;
            return count > long.MaxValue - unit ? count : (count + unit - 1) / unit * unit;
        }

        // Too many to count are asked for by mistake: no memory has that many, and the allocator says so.
        private static long CountOf(Box window)
        {
            long count = 1;
            for (int axis = 0; axis < window.Rank; axis++)
            {
                long length = window.Length(axis);
                count = length > 0 && count > long.MaxValue / length ? long.MaxValue : count * length;
            }
            return count;
        }
    }
}

/// <summary>Free memory of one size.</summary>
internal sealed class StorageShelf(long elements)
{
    public long Elements => elements;

    public Stack<Storage> Free { get; } = new();
}
