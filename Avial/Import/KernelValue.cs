using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>What an expression became: its .NET type and its columns in the order of <see cref="ElementLayout"/>.</summary>
internal readonly record struct KernelValue(Type Type, ImmutableArray<Value> Columns)
{
    public KernelValue(Type type, Value value)
        : this(type, [value])
    {
    }

    /// <summary>The value of a number.</summary>
    public Value Single => Columns[0];
}
