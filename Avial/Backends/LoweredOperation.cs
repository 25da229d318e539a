using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends;

/// <summary>What a buffer of a stage is bound to.</summary>
internal enum BufferSource : byte
{
    /// <summary>A column of a node input: (position, column).</summary>
    Input,
    /// <summary>A column of a node output: (output, column).</summary>
    Output,
    /// <summary>A temporary of the operation: (number, 0).</summary>
    Temporary,
    /// <summary>The records that ranks have left, one after another: (0, 0).</summary>
    Records,
    /// <summary>The record that they are merged into: (0, 0).</summary>
    Record,
    /// <summary>The array of a fold's leaves: (0, column).</summary>
    Leaves,
    /// <summary>The values that the lines of a scan begin with: (0, column).</summary>
    CarryIn,
    /// <summary>The values that they leave: (0, column).</summary>
    CarryOut,
    /// <summary>Contributions to a scatter that ranks share: targets at (0, 0), then the values' columns.</summary>
    Contributions,
}

internal readonly record struct BufferBinding(BufferSource Source, int Position, int Column);

/// <summary>What a scalar slot of a stage is bound to.</summary>
internal enum ScalarSource : byte
{
    /// <summary>The node's captured number: (position).</summary>
    Captured,
    /// <summary>A rank-0 input's column: (position, column), read when the stage starts.</summary>
    Input,
    /// <summary>An input's extent: (position, axis).</summary>
    InputExtent,
    /// <summary>An output's extent: (output, axis).</summary>
    OutputExtent,
    /// <summary>How many elements apart neighbours along an axis of an input's memory are: (position, axis).</summary>
    InputPitch,
    /// <summary>The same for an output: (output, axis).</summary>
    OutputPitch,
    /// <summary>The lowest index along an axis that there is memory of an input for: (position, axis).</summary>
    InputCorner,
    /// <summary>The same for an output: (output, axis).</summary>
    OutputCorner,
    /// <summary>How many indices along an axis there is memory of an output for: (output, axis).</summary>
    OutputLength,
    /// <summary>How many elements apart neighbours along an axis of the array of a fold's leaves are: (0, axis).</summary>
    LeafPitch,
    /// <summary>The same for the values that the lines of a scan begin with: (0, axis).</summary>
    CarryInPitch,
    /// <summary>The same for the values that they leave: (0, axis).</summary>
    CarryOutPitch,
    /// <summary>The low bound of the part of the domain that the launch computes: (piece, axis).</summary>
    PartLow,
    /// <summary>The high bound of the part of the domain that the launch computes: (piece, axis).</summary>
    PartHigh,
    /// <summary>As <see cref="DomainLeaves"/>, of the part of the domain that the launch computes: (piece, axis).</summary>
    PartLeaves,
    /// <summary>What n·p is at least at the points that the launch computes of a sweep's part.</summary>
    BandLow,
    /// <summary>What n·p stays below.</summary>
    BandHigh,
    /// <summary>The low bound of the node's domain: (piece, axis).</summary>
    DomainLow,
    /// <summary>The high bound of the node's domain: (piece, axis).</summary>
    DomainHigh,
    /// <summary>A constant: (position holds it).</summary>
    Constant,
    /// <summary>How many parts the launcher cut the stage before this one into (the last stage with a part temporary); 0 when its box was empty.</summary>
    PartCount,
    /// <summary>
    /// How many leaves of <see cref="ScalarBinding.Length"/> indices, between absolute multiples of it, the axis of the domain touches: (piece, axis).
    /// With length 1 that is the axis's length. 0 when the axis is empty.
    /// </summary>
    DomainLeaves,
    /// <summary>How many contributions there are (<see cref="BufferSource.Contributions"/>).</summary>
    ContributionCount,
}

/// <summary>The source of a scalar slot; what Position, Axis and Length mean is said there.</summary>
internal readonly record struct ScalarBinding(ScalarSource Source, long Position, int Axis = 0, int Length = 1);

/// <summary>How the launcher may cut a stage's box into parts.</summary>
internal enum CutKind : byte
{
    /// <summary>Exactly one call, even when the box is empty.</summary>
    None,
    /// <summary>Any cut along any axis: elements are independent. No call when the box is empty.</summary>
    Any,
    /// <summary>As Any, but cuts of <see cref="LoweredStage.SnapAxis"/> are at absolute multiples of <see cref="LoweredStage.Snap"/>.</summary>
    Snapped,
    /// <summary>As Any, but only along the axes named in <see cref="LoweredStage.CutAxes"/>.</summary>
    Axes,
}

/// <summary>
/// One launch: a loops function over a box, with its buffers and scalars bound. Each part writes its partial result where
/// <see cref="PartTemporary"/> says: the launcher passes a buffer advanced by the part's number.
/// </summary>
internal sealed record LoweredStage(
    LoopsFunction Function,
    ImmutableArray<BufferBinding> Buffers,
    ImmutableArray<ScalarBinding> Scalars,
    StageBox Box,
    CutKind Cut)
{
    public long Snap { get; init; } = 1;

    /// <summary>The axis of the box that <see cref="Snap"/> applies to; -1 is the last.</summary>
    public int SnapAxis { get; init; } = -1;

    /// <summary>
    /// An axis of the box that the launcher walks in order, one launch per index with all others cut freely (the fronts of a sweep), or -1.
    /// </summary>
    public int SequentialAxis { get; init; } = -1;

    /// <summary>A rough count of the instructions that one point of the box costs, for choosing how finely to cut.</summary>
    public long Work { get; init; } = 1;

    public ImmutableArray<int> CutAxes { get; init; } = [];

    /// <summary>The temporary that has one record per part (partial results), or -1; its buffer address is advanced by part × record bytes.</summary>
    public int PartTemporary { get; init; } = -1;

    /// <summary>The most parts the stage may be cut into; 0 = no limit.</summary>
    public int MostParts { get; init; }

    /// <summary>The same code with its temporaries elsewhere.</summary>
    public LoweredStage Rebound(BufferSource temporaries) => this with
    {
        Buffers = [.. Buffers.Select(b => b.Source == BufferSource.Temporary ? new BufferBinding(temporaries, 0, b.Position) : b)],
        PartTemporary = -1,
    };
}

/// <summary>The box a stage runs over.</summary>
internal abstract record StageBox;

/// <summary>What the launch computes of the domain of a piece of the node (piece 0 for operations with one domain).</summary>
internal sealed record DomainBox(int Piece) : StageBox;

/// <summary>The bounds, along some axes in order, of what the launch computes of a piece's domain (the axes that a reduction keeps).</summary>
internal sealed record AxesBox(int Piece, ImmutableArray<int> Axes) : StageBox;

/// <summary>[0, bound) per axis, from scalar bindings (the number of leaves along an axis, the number of parts …).</summary>
internal sealed record CountBox(ImmutableArray<ScalarBinding> Counts) : StageBox;

/// <summary>
/// The wavefronts of what the launch computes of a piece's domain, cut into tiles. Places p (0 … length - 1 per axis) are skewed to q[a] = p[a] + Σ Skews[a][b] p[b] over
/// b &lt; a, and q is cut into tiles of these sizes. Axis 0 of the box counts fronts, the sum of a tile's coordinates; axis a ≥ 1 counts tiles along q[a].
/// </summary>
internal sealed record TileBox(int Piece, ImmutableArray<int> Sizes, ImmutableArray<ImmutableArray<int>> Skews) : StageBox
{
    /// <summary>The normal of the bands in which parts are computed, where it is skewed as the tiles of its last axis are: those begin where a band does. Empty: none is.</summary>
    public ImmutableArray<int> Slant { get; init; } = [];

    /// <summary>For each axis true when it is walked towards low indices.</summary>
    public ImmutableArray<bool> IsReversed { get; init; } = [];

    /// <summary>How many fronts there are, then how many tiles along each other axis; all 0 for an empty part.</summary>
    public void Count(Geometry.Box part, Geometry.Band? within, Span<long> tiles)
    {
        tiles.Clear();
        if (part.IsEmpty)
        {
            return;
        }
        int slanted = within is null ? -1 : Slant.Length - 1;
        while (slanted >= 0 && Slant[slanted] == 0)
        {
            slanted--;
        }
        long fronts = 1;
        for (int axis = 0; axis < tiles.Length; axis++)
        {
            long highest = part.Length(axis) - 1;
            for (int outer = 0; outer < axis; outer++)
            {
                highest += Skews[axis][outer] * (part.Length(outer) - 1);
            }
            if (axis == slanted && within is { } band)
            {
                long first = FirstOf(part);
                highest = Math.Min(highest, band.High - first - 1) - Math.Max(0, band.Low - first);
            }
            if (highest < 0)
            {
                tiles.Clear();
                return;
            }
            tiles[axis] = highest / Sizes[axis] + 1;
            fronts += tiles[axis] - 1;
        }
        tiles[0] = fronts;
    }

    // n·p at the first place of a part.
    private long FirstOf(Geometry.Box part)
    {
        long first = 0;
        for (int axis = 0; axis < Slant.Length; axis++)
        {
            first += Slant[axis] * (IsReversed[axis] ? part.High[axis] - 1 : part.Low[axis]);
        }
        return first;
    }
}

/// <summary>Memory that lives while the operation runs.</summary>
/// <param name="RecordBytes">The bytes of one record.</param>
/// <param name="Count">How many records: the product of the bindings; PartCount stands for the parts of the stage that writes it.</param>
internal sealed record TemporaryMemory(int RecordBytes, ImmutableArray<ScalarBinding> Count);

/// <summary>
/// An operation as stages run one after another, each cut into parts over the workers. Native steps that are not loops (a stable
/// sort for scatter) are <see cref="RuntimeStage"/>s.
/// </summary>
internal sealed record LoweredOperation(ImmutableArray<object> Stages, ImmutableArray<TemporaryMemory> Temporaries)
{
    /// <summary>What explanations say about how it runs (why a sweep is sequential); may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>How ranks share a reduction over all axes whose partial results are one record each; null for other operations.</summary>
    public CombineStages? Combine { get; init; }

    /// <summary>How ranks share a reduction over all axes that is a tree over leaves; null for other operations.</summary>
    public LeafStages? Leaves { get; init; }

    /// <summary>How ranks share a scan along its axis; null for other operations.</summary>
    public CarriedScan? Carried { get; init; }

    /// <summary>How ranks share a scatter; null for other operations, and for scatters in which a combination may stop an element.</summary>
    public SharedScatter? Scattered { get; init; }
}

/// <summary>A step of the runtime's own between stages.</summary>
internal sealed record RuntimeStage(string Name, Action<LaunchContext> Run);
