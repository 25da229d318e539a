using Avial.Execution;
using Avial.Geometry;

namespace Avial.Backends;

/// <summary>
/// What one launch of an operation works on, once everything is known. It may be kept and launched again with other memory and boxes in it, which allocates
/// nothing.
/// </summary>
internal sealed unsafe class LaunchContext
{
    /// <summary>The node's inputs.</summary>
    public required Storage[] Inputs { get; set; }

    /// <summary>The node's outputs, allocated.</summary>
    public required Storage[] Outputs { get; set; }

    /// <summary>The node's captured numbers, as bits.</summary>
    public required ulong[] Scalars { get; set; }

    /// <summary>The whole domain of each piece: what the order of elements, the numbers of traps and the places of results are counted in.</summary>
    public required Box[] Domains { get; set; }

    /// <summary>
    /// What this launch computes of each piece, a box of its domain that may be empty; null is all. Inputs and outputs need windows for this much only.
    /// </summary>
    public Box[]? Parts { get; set; }

    /// <summary>What of a sweep's part this launch computes; null is all.</summary>
    public Band? Within { get; set; }

    /// <summary>The temporaries' memory, made by the launcher.</summary>
    public ColumnMemory[] Temporaries { get; set; } = [];

    /// <summary>The number of parts that the last stage with a part temporary was cut into; 0 when its box was empty.</summary>
    public int PartCount { get; set; }

    /// <summary>The records that a merging stage reads, <see cref="PartCount"/> of them; set by the launcher.</summary>
    public byte* Records { get; set; }

    /// <summary>The record that it writes; set by the launcher.</summary>
    public byte* Record { get; set; }

    /// <summary>The array of a fold's leaves, for launches of <see cref="LeafStages"/>.</summary>
    public Storage? Leaves { get; set; }

    /// <summary>The values that the lines of a scan begin with, for launches of <see cref="CarriedScan"/>; null where the part begins the lines.</summary>
    public Storage? CarryIn { get; set; }

    /// <summary>Memory for the values that they leave; it may be <see cref="CarryIn"/>.</summary>
    public Storage? CarryOut { get; set; }

    /// <summary>The addresses of contributions, targets and the values' columns, for launches of <see cref="SharedScatter"/>.</summary>
    public nint[] Contributions { get; set; } = [];

    /// <summary>How many contributions these are.</summary>
    public long ContributionCount { get; set; }

    /// <summary>Cut every stage into this many parts if it can be (for tests); 0 leaves it to the launcher.</summary>
    public int ForcedParts { get; set; }

    public CancellationToken Cancellation { get; set; }

    /// <summary>What this launch computes of a piece.</summary>
    public Box PartOf(int piece) => Parts is { } parts ? parts[piece] : Domains[piece];
}
