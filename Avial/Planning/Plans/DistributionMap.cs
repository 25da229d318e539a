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
    public Distribution Of(GraphValue value) => value.IsParameter ? Parameters[value.Output] : Outputs[value.Node][value.Output];
}
