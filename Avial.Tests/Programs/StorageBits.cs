using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Programs;

/// <summary>Arrays as the bits of their elements.</summary>
internal static unsafe class StorageBits
{
    /// <summary>Memory with these columns' bits, row-major.</summary>
    public static Storage Make(ArrayType type, Func<ScalarType, ulong> next)
    {
        Storage storage = Allocator.Shared.Allocate(type, "test");
        for (int column = 0; column < storage.Columns; column++)
        {
            ScalarType scalar = type.Element.ColumnTypes[column];
            for (long i = 0; i < type.Count; i++)
            {
                ScalarBits.Store(storage.Address(column) + i * scalar.Size(), scalar, next(scalar));
            }
        }
        GC.KeepAlive(storage);
        return storage;
    }

    /// <summary>A column's elements.</summary>
    public static ulong[] Of(Storage storage, int column)
    {
        ScalarType scalar = storage.Type.Element.ColumnTypes[column];
        var bits = new ulong[storage.Type.Count];
        for (long i = 0; i < bits.Length; i++)
        {
            bits[i] = ScalarBits.Load(storage.Address(column) + i * scalar.Size(), scalar);
        }
        GC.KeepAlive(storage);
        return bits;
    }

    /// <summary>A number made of all elements of some arrays, the same for all NaNs.</summary>
    public static ulong Hash(ReadOnlySpan<Storage> storages)
    {
        ulong hash = 14695981039346656037;
        foreach (Storage storage in storages)
        {
            for (int column = 0; column < storage.Columns; column++)
            {
                ScalarType scalar = storage.Type.Element.ColumnTypes[column];
                foreach (ulong bits in Of(storage, column))
                {
                    hash = (hash ^ (ScalarBits.IsNaN(scalar, bits) ? 0x7ff8u : bits)) * 1099511628211;
                }
            }
        }
        return hash;
    }

    /// <summary>The first element that differs (all NaNs are equal), in words; null where none does.</summary>
    public static string? Difference(ImmutableArray<Storage> expected, ImmutableArray<Storage> found)
    {
        if (expected.Length != found.Length)
        {
            return $"{found.Length} results, not {expected.Length}";
        }
        for (int r = 0; r < expected.Length; r++)
        {
            if (!GraphEquality.AreEqual(expected[r].Type, found[r].Type))
            {
                return $"result {r} is {found[r].Type}, not {expected[r].Type}";
            }
            for (int column = 0; column < expected[r].Columns; column++)
            {
                ScalarType scalar = expected[r].Type.Element.ColumnTypes[column];
                (ulong[] a, ulong[] b) = (Of(expected[r], column), Of(found[r], column));
                for (int i = 0; i < a.Length; i++)
                {
                    if (!ScalarBits.AreSame(scalar, a[i], b[i]))
                    {
                        return $"result {r} of {expected[r].Type}, column {column}, element {i}: {ScalarBits.Text(scalar, b[i])}, not {ScalarBits.Text(scalar, a[i])}";
                    }
                }
            }
        }
        return null;
    }
}
