using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>
/// The memory of one evaluation: what a task no longer needs is handed to the next one of the same type, so that a loop lives on the arrays of one or two
/// steps. Used by one thread.
/// </summary>
internal sealed class StoragePool(Allocator allocator)
{
    private readonly Dictionary<ArrayType, Stack<Storage>> _free = [];

    /// <summary>Fills memory with garbage when it comes and goes, so that tests see what is read too late or never written.</summary>
    public bool IsPoisoning { get; init; }

    /// <summary>Memory for an array of this type, not initialised.</summary>
    public Storage Acquire(ArrayType type, string name)
    {
        if (_free.TryGetValue(type, out Stack<Storage>? free) && free.TryPop(out Storage? storage))
        {
            storage.Pool = this;
            return storage;
        }
        storage = allocator.Allocate(type, name);
        storage.Pool = this;
        if (IsPoisoning)
        {
            Poison(storage);
        }
        return storage;
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
        if (!_free.TryGetValue(storage.Type, out Stack<Storage>? free))
        {
            _free[storage.Type] = free = new Stack<Storage>();
        }
        free.Push(storage);
    }

    /// <summary>True when the storage may be written over once its value is dead.</summary>
    public bool Owns(Storage storage) => storage.Pool == this;

    /// <summary>The storage belongs to a result from now on.</summary>
    public static void Detach(Storage storage) => storage.Pool = null;

    /// <summary>Gives all free memory back to the allocator.</summary>
    public void Drain()
    {
        foreach (Stack<Storage> free in _free.Values)
        {
            while (free.TryPop(out Storage? storage))
            {
                storage.Release();
            }
        }
    }

    private static unsafe void Poison(Storage storage)
    {
        for (int column = 0; column < storage.Columns; column++)
        {
            System.Runtime.InteropServices.NativeMemory.Fill(storage.Address(column), (nuint)(storage.Type.Count * storage.Type.Element.ColumnTypes[column].Size()), 0x5d);
        }
        GC.KeepAlive(storage);
    }
}
