using System.Collections.Immutable;
using Avial.Graph;

namespace Avial.Planning;

/// <summary>Every number that index analysis of one kernel depends on: domain, extents, shape parameters, symbols.</summary>
internal static class AnalysisKey
{
    /// <summary>How many numbers the key has.</summary>
    public static int LengthOf(in BoundsQuery query, ImmutableArray<int> shape)
    {
        int length = 1 + 3 * shape.Length + 4 * query.Symbols.Length;
        foreach (AxisRange axis in query.Domain.Axes)
        {
            length += 4 + 2 * (axis.Low.Terms.Length + axis.High.Terms.Length);
        }
        foreach (int input in query.Use.Operands)
        {
            length += 1 + query.Inputs[input].Rank;
        }
        return length;
    }

    /// <summary>Writes the key.</summary>
    public static void Write(in BoundsQuery query, ImmutableArray<int> shape, Span<long> key)
    {
        int at = 0;
        key[at++] = query.Domain.Rank;
        foreach (AxisRange axis in query.Domain.Axes)
        {
            WriteBound(axis.Low, key, ref at);
            WriteBound(axis.High, key, ref at);
        }
        foreach (int input in query.Use.Operands)
        {
            ArrayType type = query.Inputs[input];
            key[at++] = type.Rank;
            foreach (long extent in type.Extents)
            {
                key[at++] = extent;
            }
        }
        foreach (int position in shape)
        {
            KernelArgument argument = query.Use.Arguments[position];
            bool isKnown = argument.Kind == ArgumentKind.Scalar && argument.Position < query.Scalars.Length;
            key[at++] = isKnown ? 1 : argument.Kind == ArgumentKind.Input ? 2 : 0;
            key[at++] = isKnown ? (long)query.Scalars[argument.Position] : argument.Position;
            key[at++] = argument.Column;
        }
        foreach (SymbolRange symbol in query.Symbols)
        {
            key[at++] = symbol.Input;
            key[at++] = symbol.Min;
            key[at++] = symbol.Max;
            key[at++] = symbol.IsCertain ? 1 : 0;
        }
    }

    private static void WriteBound(LinearBound bound, Span<long> key, ref int at)
    {
        key[at++] = bound.Constant;
        key[at++] = bound.Terms.Length;
        foreach (BoundTerm term in bound.Terms)
        {
            key[at++] = term.Input;
            key[at++] = term.Coefficient;
        }
    }
}
