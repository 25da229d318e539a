using System.Runtime.CompilerServices;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// The last few proofs of each kernel, so that a task recorded again costs a comparison of numbers: domain, extents, shape parameters, symbols.
/// </summary>
internal static class BoundsCache
{
    private const int Kept = 4;

    private static readonly ConditionalWeakTable<Kernel, Proofs> s_proofs = [];

    public static Kernel Prove(in BoundsQuery query)
    {
        Proofs proofs = s_proofs.GetValue(query.Use.Kernel, static k => new Proofs(k));
        if (proofs.HasNoLoads)
        {
            return query.Use.Kernel;
        }
        Span<long> key = stackalloc long[KeyLength(query, proofs.Shape.Length)];
        WriteKey(query, proofs.Shape.AsSpan(), key);
        foreach (Entry? entry in proofs.Entries)
        {
            if (entry is not null && key.SequenceEqual(entry.Key))
            {
                return entry.Kernel;
            }
        }
        Kernel kernel = BoundsAnalysis.ProveAnew(query);
        // A lost race only forgets a proof.
        proofs.Entries[proofs.Next++ & (Kept - 1)] = new Entry(key.ToArray(), kernel);
        return kernel;
    }

    private static int KeyLength(in BoundsQuery query, int shapes)
    {
        int length = 1 + 3 * shapes + 4 * query.Symbols.Length;
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

    /// <summary>Every number that <see cref="BoundsAnalysis.ProveAnew"/> depends on.</summary>
    private static void WriteKey(in BoundsQuery query, ReadOnlySpan<int> shape, Span<long> key)
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

    private sealed class Proofs(Kernel kernel)
    {
        public bool HasNoLoads { get; } = KernelStructure.Of(kernel).Loads.IsEmpty;

        public System.Collections.Immutable.ImmutableArray<int> Shape { get; } = ShapeParameters.Of(kernel);

        public Entry?[] Entries { get; } = new Entry?[Kept];

        public int Next { get; set; }
    }

    private sealed record Entry(long[] Key, Kernel Kernel);
}
