using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>
/// How every value of a region is distributed. What a loop carries keeps one distribution: of the first value, inside, and of the last; captures keep that of the
/// value outside.
/// </summary>
/// <param name="Parameters">By parameter.</param>
/// <param name="Outputs">By node, by output.</param>
/// <param name="Iterations">By node: how the domain of a reduction over all axes, or of a scatter, is shared out; null for other nodes, and where each owner of a scatter's target computes all.</param>
/// <param name="Bodies">By node: the distributions inside a loop; null for other nodes.</param>
internal sealed record DistributionMap(
    ImmutableArray<Distribution> Parameters,
    ImmutableArray<ImmutableArray<Distribution>> Outputs,
    ImmutableArray<Distribution?> Iterations,
    ImmutableArray<DistributionMap?> Bodies)
{
    /// <summary>
    /// By node the inputs whose places are to be found when the plan runs, as bits, where that is possible; others are brought with all that may be read. Default: none.
    /// </summary>
    public ImmutableArray<ulong> Inspected { get; init; }

    /// <summary>True when the places of an input are to be found when the plan runs.</summary>
    public bool IsInspected(int node, int input) => !Inspected.IsDefault && input < 64 && (Inspected[node] >> input & 1) != 0;

    public Distribution Of(GraphValue value) => value.IsParameter ? Parameters[value.Output] : Outputs[value.Node][value.Output];
}
