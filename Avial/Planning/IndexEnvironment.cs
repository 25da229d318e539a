using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>A scalar parameter: a known number, a symbol (a rank-0 input with a known range), or neither; then <paramref name="Same"/> is the first parameter with its argument.</summary>
internal readonly record struct ParameterFact(Int128? Value, int Symbol = -1, int Same = -1);

/// <summary>The surroundings of a kernel in numbers: domain, extents, parameters, symbols. Immutable.</summary>
internal sealed record IndexEnvironment(
    IterationDomain Domain,
    ImmutableArray<ImmutableArray<long>> Extents,
    ImmutableArray<ParameterFact> Parameters,
    ImmutableArray<SymbolRange> Symbols)
{
    /// <summary>A part of the domain that is looked at alone (one rank's, one tile's), or null for all of it.</summary>
    public Box? Part { get; init; }

    public static IndexEnvironment Of(in BoundsQuery query)
    {
        KernelUse use = query.Use;
        var extents = ImmutableArray.CreateBuilder<ImmutableArray<long>>(use.Operands.Length);
        foreach (int input in use.Operands)
        {
            extents.Add(query.Inputs[input].Extents);
        }
        var parameters = ImmutableArray.CreateBuilder<ParameterFact>(use.Arguments.Length);
        for (int i = 0; i < use.Arguments.Length; i++)
        {
            parameters.Add(FactOf(use.Arguments[i], use.Kernel.Parameters[i].Type, query) with { Same = use.Arguments.IndexOf(use.Arguments[i]) });
        }
        return new(query.Domain, extents.MoveToImmutable(), parameters.MoveToImmutable(), [.. query.Symbols]);
    }

    /// <summary>The range of a rank-0 input, or null.</summary>
    public SymbolRange? SymbolOf(int input)
    {
        foreach (SymbolRange symbol in Symbols)
        {
            if (symbol.Input == input)
            {
                return symbol;
            }
        }
        return null;
    }

    /// <summary>The integer that bits mean; null for floats.</summary>
    public static Int128? Decode(ScalarType type, ulong bits) => type switch
    {
        ScalarType.Bool => bits & 1,
        ScalarType.I8 => (sbyte)bits,
        ScalarType.I16 => (short)bits,
        ScalarType.I32 => (int)bits,
        ScalarType.I64 => (long)bits,
        ScalarType.U8 => (byte)bits,
        ScalarType.U16 => (ushort)bits,
        ScalarType.U32 => (uint)bits,
        ScalarType.U64 => bits,
        _ => null,
    };

    private static ParameterFact FactOf(KernelArgument argument, ScalarType type, in BoundsQuery query)
    {
        if (argument.Kind == ArgumentKind.Scalar)
        {
            return new(argument.Position < query.Scalars.Length ? Decode(type, query.Scalars[argument.Position]) : null);
        }
        foreach (SymbolRange symbol in query.Symbols)
        {
            if (symbol.Input == argument.Position && type == ScalarType.I64)
            {
                return new(null, argument.Position);
            }
        }
        return default(ParameterFact) with { Symbol = -1 };
    }
}
