using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning;

/// <summary>
/// The part of each value of a region that its results need. Computed from the recorded graph before any optimisation: it also says which
/// elements may trap.
/// </summary>
/// <param name="Parameters">By parameter: the needed box, or null for nothing.</param>
/// <param name="Outputs">By node, by output: the needed box, or null for nothing.</param>
/// <param name="Bodies">By node: the demand inside a live loop's body, the same for every step; null for other nodes.</param>
internal sealed record DemandMap(
    ImmutableArray<Box?> Parameters,
    ImmutableArray<ImmutableArray<Box?>> Outputs,
    ImmutableArray<DemandMap?> Bodies)
{
    /// <summary>The needed box of a value; null when nothing of it is needed.</summary>
    public Box? Of(GraphValue value) => value.IsParameter ? Parameters[value.Output] : Outputs[value.Node][value.Output];

    public bool IsDemanded(GraphValue value) => Of(value) is not null;

    /// <summary>True when a node has to run: some output is needed, or it has an effect (whose outputs then count as needed).</summary>
    public bool IsLive(int node) => Outputs[node].Any(box => box is not null);

    /// <summary>The same for the oracle.</summary>
    public RegionDemand ToRegionDemand() => new(Outputs, [.. Bodies.Select(b => b?.ToRegionDemand())]);

    /// <summary>The demand when all of every result is needed.</summary>
    /// <param name="region">The graph.</param>
    /// <param name="scalars">Its table of captured numbers; empty when they are not known.</param>
    public static DemandMap Of(Region region, ReadOnlySpan<ulong> scalars) =>
        Of(region, scalars, [.. region.Results.Select(r => (Box?)region.TypeOf(r).Box)]);

    /// <summary>The demand when the given box of each result is needed (null: nothing).</summary>
    public static DemandMap Of(Region region, ReadOnlySpan<ulong> scalars, ImmutableArray<Box?> results) =>
        DemandAnalysis.Find(region, scalars.ToArray(), results, new Dictionary<GraphValue, StepRange>());
}

/// <summary>The values that the step number of an enclosing loop takes.</summary>
internal readonly record struct StepRange(long Min, long Max, bool IsCertain);
