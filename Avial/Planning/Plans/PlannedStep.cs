using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>One step of the plan of all ranks, by formula; a rank's concrete steps are made from it.</summary>
internal abstract record PlannedStep;

internal sealed record PlannedAllocate(int Buffer) : PlannedStep;

internal sealed record PlannedFree(int Buffer) : PlannedStep;

/// <summary>From whom a transfer takes: for sweeps, whose new values come from the parts before and old ones from those after.</summary>
internal enum TransferSource : byte
{
    All,
    /// <summary>Only ranks whose parts come first in the order of the sweep.</summary>
    Before,
    /// <summary>Only ranks whose parts come later in the order of the sweep.</summary>
    After,
}

/// <summary>Brings what ranks need of a value, and do not hold, into a buffer: the value's own one, beside the own part, or another.</summary>
/// <param name="Value">The value.</param>
/// <param name="Owner">How it is distributed.</param>
/// <param name="From">The buffer with the own parts.</param>
/// <param name="To">The buffer that receives.</param>
/// <param name="Needs">What is needed.</param>
internal sealed record Transfer(GraphValue Value, Distribution Owner, int From, int To, ImmutableArray<Need> Needs)
{
    public TransferSource Source { get; init; }

    /// <summary>What all of an audience are brought of it apart, in rounds, in place of some needs.</summary>
    public SharedBoxes? Shared { get; init; }

    /// <summary>For a sweep by axis: true when it walks towards low indices.</summary>
    public ImmutableArray<bool> IsReversed { get; init; } = [];
}

/// <summary>One packed message between each pair of ranks that have something for one another; <paramref name="Number"/> is its tag, unique in the plan.</summary>
internal sealed record PlannedExchange(int Number, ImmutableArray<Transfer> Transfers) : PlannedStep
{
    /// <summary>The tag of what is handed on in rounds, as many ranks need the same; -1 where they do not. See <see cref="SharedExchange"/>.</summary>
    public int SharedNumber { get; init; } = -1;
}

/// <summary>
/// Finds where each rank reads an input of a node at places which data decides, and who has them.
/// </summary>
internal sealed record PlannedInspect(int Number, int Node, int Input, ImmutableArray<int> Inputs, Distribution Owner, Lasting Lasting, int Tag) : PlannedStep;

/// <summary>Brings what an inspection has found of a value.</summary>
internal sealed record PlannedGather(int Number, GraphValue Value, int From, int To, ImmutableArray<Need> Needs, int Tag) : PlannedStep;

/// <summary>Computes a node; <paramref name="IsOverlapping"/>: what needs nothing of the exchange before is computed while messages travel.</summary>
internal sealed record PlannedLaunch(int Node, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs, bool IsOverlapping) : PlannedStep;

/// <summary>
/// A sweep whose parts depend on one another: each rank computes its part tile by tile, a tile as soon as the tiles that it reads are there, and hands on each tile's border at once.
/// Without <paramref name="Tiles"/> parts are computed whole, one after another.
/// </summary>
/// <param name="Node">The sweep.</param>
/// <param name="Inputs">The buffers of its inputs.</param>
/// <param name="Output">The buffer of its array.</param>
/// <param name="Fresh">What parts read of the new values of parts before them.</param>
/// <param name="Number">The tag of the messages with borders.</param>
/// <param name="Tiles">The tiles.</param>
internal sealed record PlannedSweep(int Node, ImmutableArray<int> Inputs, int Output, Transfer Fresh, int Number, SweepTiles? Tiles) : PlannedStep;

internal sealed record PlannedCombine(int Node, ImmutableArray<int> Inputs, int Output, bool IsLocal, int Tag) : PlannedStep;

/// <summary>A scan whose lines run over several ranks.</summary>
internal sealed record PlannedScan(int Node, ImmutableArray<int> Inputs, int Output, int Tag) : PlannedStep;

/// <summary>A scatter that ranks share, or whose target is in parts; <paramref name="Lasting"/>: how long the places of its contributions are known to others.</summary>
internal sealed record PlannedScatter(int Node, ImmutableArray<int> Inputs, int Output, ScatterExchange Exchange, Lasting Lasting, int Tag) : PlannedStep;

/// <summary>Copies the own part of what an output starts from, outside the parts that are computed.</summary>
internal sealed record PlannedCopyOutside(int Node, int Output, int From, int To) : PlannedStep;

/// <summary>Copies a needed box within the rank.</summary>
internal sealed record PlannedCopy(int From, int To, Need Need) : PlannedStep;

internal sealed record PlannedReshape(int Node, int From, int To) : PlannedStep;

internal sealed record PlannedRead(int Node, int Output) : PlannedStep;

internal sealed record PlannedCall(int Node, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs) : PlannedStep;

internal sealed record PlannedLoop(int Node, ImmutableArray<int> Initial, ImmutableArray<int> Outputs, ImmutableArray<(int Inner, int Outer)> Imports, BodyPlan Body) : PlannedStep;
