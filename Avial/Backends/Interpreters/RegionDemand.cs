using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Backends.Interpreters;

/// <summary>
/// The part of each value of a region that is needed. A trap outside it is not raised; a read outside it is a mistake of the analysis, which the
/// interpreter reports as an internal error.
/// </summary>
/// <param name="Outputs">By node, by output: the box in index space of the output; null when nothing of it is needed.</param>
/// <param name="Bodies">By node: the demand inside the body of a loop, the same for every step; null to compute all of it, and for other nodes.</param>
internal sealed record RegionDemand(ImmutableArray<ImmutableArray<Box?>> Outputs, ImmutableArray<RegionDemand?> Bodies);
