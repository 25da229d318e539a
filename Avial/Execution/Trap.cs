using Avial.IR;

namespace Avial.Execution;

/// <summary>A trap that stopped an evaluation: the lowest (task order, linear index) wins.</summary>
/// <param name="Order">The recorded order of the task (<see cref="Graph.GraphNode.Order"/>).</param>
/// <param name="LinearIndex">The row-major index within the task's domain box.</param>
/// <param name="Site">What went wrong and where it was written.</param>
/// <param name="OffendingIndex">For OutOfRange: the index.</param>
/// <param name="Extent">For OutOfRange: the extent.</param>
internal readonly record struct Trap(int Order, long LinearIndex, TrapSite Site, long OffendingIndex, long Extent);

/// <summary>Carries a trap out of an interpreter or a launch; never reaches the user as it is.</summary>
internal sealed class TrapException(Trap trap) : Exception($"{trap.Site.Kind} at {trap.Site.Span}, element {trap.LinearIndex}")
{
    public Trap Trap { get; } = trap;

    /// <summary>The task that trapped, once known.</summary>
    public Graph.GraphNode? Node { get; set; }
}

/// <summary>
/// What a call of compiled code writes when it traps, one per call: <see cref="Site"/> is -1 until then. Blittable; code generators
/// write the fields at their offsets.
/// </summary>
internal struct TrapState
{
    /// <summary>The site's number, or -1.</summary>
    public long Site;

    /// <summary>The row-major index in the whole domain, from the index variables of the TrapIf and the scalars the launcher passes.</summary>
    public long Index0;
    public long Index1;
    public long Index2;
    public long Index3;

    /// <summary>The first detail (the offending index).</summary>
    public long Detail0;

    /// <summary>The second detail (the extent).</summary>
    public long Detail1;

    public static TrapState None => new() { Site = -1 };
}
