using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Tests.Generators;

namespace Avial.Tests.Programs;

/// <summary>Opaque code whose outputs depend on every element it reads.</summary>
internal sealed unsafe class MixingCall : CallBody
{
    public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
    {
        var random = new Random((int)StorageBits.Hash(reads));
        foreach (Storage storage in writes)
        {
            for (int column = 0; column < storage.Columns; column++)
            {
                ScalarType scalar = storage.Type.Element.ColumnTypes[column];
                for (long i = 0; i < storage.Type.Count; i++)
                {
                    ScalarBits.Store(storage.Address(column) + i * scalar.Size(), scalar, RandomBits.Of(scalar, random));
                }
            }
        }
    }
}
