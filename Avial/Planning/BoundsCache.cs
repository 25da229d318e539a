using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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
        Span<long> key = stackalloc long[AnalysisKey.LengthOf(query, proofs.Shape)];
        AnalysisKey.Write(query, proofs.Shape, key);
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

    private sealed class Proofs(Kernel kernel)
    {
        public bool HasNoLoads { get; } = KernelStructure.Of(kernel).Loads.IsEmpty;

        public ImmutableArray<int> Shape { get; } = ShapeParameters.Of(kernel);

        public Entry?[] Entries { get; } = new Entry?[Kept];

        public int Next { get; set; }
    }

    private sealed record Entry(long[] Key, Kernel Kernel);
}
