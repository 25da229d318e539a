using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.IR;

namespace Avial.Planning;

/// <summary>The scalar parameters of a kernel that decide where it reads: plans are keyed by their values, other numbers change freely.</summary>
internal static class ShapeParameters
{
    private static readonly ConditionalWeakTable<Kernel, StrongBox<ImmutableArray<int>>> s_known = [];

    /// <summary>Positions in <see cref="Kernel.Parameters"/>, ascending.</summary>
    public static ImmutableArray<int> Of(Kernel kernel) => s_known.GetValue(kernel, static k => new(Find(k))).Value;

    private static ImmutableArray<int> Find(Kernel kernel)
    {
        KernelStructure structure = KernelStructure.Of(kernel);
        if (kernel.Parameters.IsEmpty)
        {
            return [];
        }
        return [.. structure.Loads.SelectMany(site => PathConditions.Of(structure, site).Parameters).Distinct().Order()];
    }
}
