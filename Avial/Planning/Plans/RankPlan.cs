using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>How a buffer of a body comes to its memory.</summary>
internal enum BufferOrigin : byte
{
    /// <summary>By an allocate step (or by a step that shares or hands over memory).</summary>
    Step,
    /// <summary>It is there when the body starts: a parameter, an import of a loop's body.</summary>
    Given,
}

/// <summary>Memory of one rank for an array: the window's elements, row-major. Periodic windows may hold places outside the array, which stand for those inside.</summary>
internal sealed record RankBuffer(int Number, string Name, ArrayType Type, Box Window, BufferOrigin Origin)
{
    /// <summary>The bytes of the window.</summary>
    public long Bytes => checked(Window.Count * Type.Element.PackedSize);
}

/// <summary>
/// The steps of one rank for a region: the whole program or a loop's body. <see cref="Parameters"/> and <see cref="Results"/> say in which buffers values come and go, the distributions which part of
/// them this rank holds (its own part; what else lies in the window is not promised). In a loop's body the results of the carried values become its parameters.
/// </summary>
/// <param name="Region">The graph.</param>
/// <param name="Buffers">The buffers, by number.</param>
/// <param name="Steps">The steps in an order that respects <see cref="RankStep.After"/>.</param>
/// <param name="Parameters">For each parameter of the region its buffer, or -1 when this rank does not need it.</param>
/// <param name="Results">For each result of the region its buffer.</param>
/// <param name="ParameterOwners">How each parameter is distributed.</param>
/// <param name="ResultOwners">How each result is distributed.</param>
internal sealed record RankBody(
    Region Region,
    ImmutableArray<RankBuffer> Buffers,
    ImmutableArray<RankStep> Steps,
    ImmutableArray<int> Parameters,
    ImmutableArray<int> Results,
    ImmutableArray<Distribution> ParameterOwners,
    ImmutableArray<Distribution> ResultOwners);

/// <summary>The concrete plan of one rank: what the executor runs, the verifier checks, and text forms print.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Ranks">How many there are.</param>
/// <param name="Body">The steps.</param>
internal sealed record RankPlan(RankId Rank, int Ranks, RankBody Body)
{
    public override string ToString() => RankPlanPrinter.Print(this);
}
