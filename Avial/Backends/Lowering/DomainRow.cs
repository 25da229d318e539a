using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>One row of a domain: elements from <paramref name="Low"/> to <paramref name="High"/> along an axis (-1: the one element of rank 0).</summary>
/// <param name="Index">The other indices.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Low">The first absolute index.</param>
/// <param name="High">One past the last.</param>
/// <param name="IsOverBox">True when the row is never empty unless the whole call is.</param>
internal readonly record struct DomainRow(Value[] Index, int Axis, Value Low, Value High, bool IsOverBox)
{
    /// <summary>The index variables at a place of the row.</summary>
    public ImmutableArray<Value> At(Value place)
    {
        Value[] index = [.. Index];
        if (Axis >= 0)
        {
            index[Axis] = place;
        }
        return [.. index];
    }
}
