using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning.Inspecting;

/// <summary>An input that a node reads at places which data decides, and what finds these places.</summary>
/// <param name="Input">The input.</param>
/// <param name="Slices">For each piece of the node the kernel that marks the places; null where the piece has no such reads.</param>
/// <param name="Operands">The inputs that these kernels and the node's domains read.</param>
/// <param name="Through">Those of them that are read, on the way, at places which data decides.</param>
/// <param name="Scalars">The positions of the captured numbers that the kernels use.</param>
internal sealed record InspectedRead(int Input, ImmutableArray<KernelUse?> Slices, ImmutableArray<int> Operands, ImmutableArray<int> Through, ImmutableArray<int> Scalars)
{
    /// <summary>True for an access whose places an inspection finds.</summary>
    public static bool IsOf(NeedFormula formula) => formula.IsIndirect.Contains(true);
}
