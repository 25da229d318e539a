using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans.Moving;

namespace Avial.Planning.Plans;

/// <summary>A box of one buffer, in the buffer's own indices: what a message or copy carries. <paramref name="Columns"/>: bit c for column c; bit 63 stands for all from 63 on.</summary>
internal readonly record struct Piece(int Buffer, Box Box, ulong Columns = Piece.AllColumns)
{
    public const ulong AllColumns = ColumnMask.All;

    public bool Has(int column) => ColumnMask.Has(Columns, column);

    /// <summary>The bytes of the piece in a message; <paramref name="type"/> is its buffer's.</summary>
    public long BytesOf(ArrayType type) => checked(Box.Count * ColumnMask.SizeOf(Columns, type.Element));
}

/// <summary>
/// One step of a rank's plan. <see cref="After"/> names the steps (by position in the body) that must have ended before this one starts; steps that neither
/// waits for may run at the same time or in any order. A receive ends when its message has arrived and lies in its pieces; a send when its pieces may be written again.
/// </summary>
internal abstract record RankStep
{
    public ImmutableArray<int> After { get; init; } = [];
}

/// <summary>Makes a buffer's memory, with undefined contents.</summary>
internal sealed record AllocateStep(int Buffer) : RankStep;

/// <summary>Gives a buffer's memory back.</summary>
internal sealed record FreeStep(int Buffer) : RankStep;

/// <summary>
/// Computes parts of a node's outputs. For each node input the buffer it is read from (-1: not read); for each output the buffer written. Where an output's buffer is also
/// that of the input it starts from (a map's base, a scatter's target, a sweep's start), it is written in place; otherwise what lies outside the parts was copied before.
/// <paramref name="Parts"/>: for each piece of the node, the box of its domain to compute (empty: nothing).
/// </summary>
internal sealed record LaunchStep(int Node, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs, ImmutableArray<Box> Parts) : RankStep
{
    /// <summary>Of a sweep's only part, what lies in this band is computed; null: all.</summary>
    public Band? Within { get; init; }
}

/// <summary>
/// A reduction over all axes: this rank reduces <paramref name="Part"/> of the domain to a record, all ranks merge theirs (every rank takes part, with an empty part too) and each
/// writes the result; where the order is a tree over leaves, the record is the part's leaves. With <paramref name="IsLocal"/> the part is the whole domain and nothing is exchanged.
/// </summary>
internal sealed record CombineStep(int Node, ImmutableArray<int> Inputs, int Output, Box Part, bool IsLocal, int Tag) : RankStep;

/// <summary>
/// A part of a scan that is cut along its axis, between multiples of 256: each line begins with the value of its elements before the part, which the owner of these sends,
/// and what it ends with goes to the owner of the next ones, before and after in the scan's direction. None where the part begins, or ends, its lines.
/// </summary>
internal sealed record ScanStep(int Node, ImmutableArray<int> Inputs, int Output, Box Part, RankId? CarryFrom, RankId? CarryTo, int Tag) : RankStep;

/// <summary>
/// A scatter that ranks share, or whose target is in parts: this rank computes the contributions of <paramref name="Part"/> and combines those of all ranks with what it owns of
/// <paramref name="Target"/>, in ascending source index. Every rank takes part, with an empty part or target too, unless <paramref name="Exchange"/> says that each computes all contributions.
/// Where contributions travel, their places travel with them as seldom as <paramref name="Lasting"/> says; in between only values do, in the order that was found.
/// </summary>
internal sealed record ScatterStep(
    int Node, ImmutableArray<int> Inputs, int Output, Box Part, Distribution Target, ScatterExchange Exchange, Lasting Lasting, int Tag) : RankStep;

/// <summary>
/// Finds where this rank reads input <paramref name="Input"/> of a node at places which data decides while it computes <paramref name="Parts"/>, and tells those who own them as
/// <paramref name="Owner"/> says; all ranks do so together. <paramref name="Inputs"/>: the buffers of the node inputs that decide (-1: not read). What is found under
/// <paramref name="Number"/> holds until this step comes again and is done in earnest, as seldom as <paramref name="Lasting"/> says.
/// </summary>
internal sealed record InspectStep(
    int Number, int Node, int Input, ImmutableArray<int> Inputs, ImmutableArray<Box> Parts, Distribution Owner, Lasting Lasting, int Tag) : RankStep;

/// <summary>
/// Brings what an inspection has found from the own parts of buffer <paramref name="From"/> into <paramref name="To"/>: one message from each rank that has some of it. Places
/// that this rank owns are there already where both are one buffer, and copied else.
/// </summary>
internal sealed record GatherStep(int Inspection, int From, int To, ulong Columns, int Tag) : RankStep;

/// <summary>Copies boxes between two buffers of this rank; the target's box is as long on each axis (periodic places differ by a multiple of the extent).</summary>
internal sealed record CopyStep(ImmutableArray<(Piece From, Piece To)> Pieces) : RankStep;

/// <summary>Starts one packed message: the pieces in order.</summary>
internal sealed record SendStep(RankId To, int Tag, ImmutableArray<Piece> Pieces) : RankStep;

/// <summary>Starts to receive one packed message into pieces of the same lengths and columns, in the same order.</summary>
internal sealed record ReceiveStep(RankId From, int Tag, ImmutableArray<Piece> Pieces) : RankStep;

/// <summary>The elements of a buffer, row-major, seen with other extents: no copy, the new buffer shares the memory of the old one.</summary>
internal sealed record ReshapeStep(int Node, int From, int To) : RankStep;

/// <summary>Reads the box of a file's array that the buffer's window holds.</summary>
internal sealed record ReadFileStep(int Node, int Output) : RankStep;

/// <summary>Runs a user's code on this rank, on whole arrays.</summary>
internal sealed record CallStep(int Node, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs) : RankStep;

/// <summary>
/// Runs a loop. The carried buffers <paramref name="Initial"/> of this body go over to the loop, which gives the memory of the last state to <paramref name="Outputs"/> (the number of steps
/// done last, in a buffer made before). <paramref name="Imports"/>: buffers of the loop's body that are buffers of this body (captures and what was brought for them).
/// </summary>
internal sealed record LoopStep(int Node, ImmutableArray<int> Initial, ImmutableArray<int> Outputs, ImmutableArray<(int Inner, int Outer)> Imports, LoopBodies Bodies) : RankStep;

/// <summary>The plan of a loop's body for each step: one for all steps unless boxes move with the step.</summary>
internal abstract class LoopBodies
{
    /// <summary>False when the body is the same at every step.</summary>
    public abstract bool IsMoving { get; }

    /// <summary>The body at step <paramref name="step"/>, valid until the next call.</summary>
    public abstract RankBody At(long step);

    /// <summary>The same bodies for those who run them one after another and keep none; null where there is but one.</summary>
    public virtual MovingBody? Follow() => null;
}
