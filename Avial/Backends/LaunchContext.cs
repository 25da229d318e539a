using Avial.Execution;
using Avial.Geometry;

namespace Avial.Backends;

/// <summary>What one launch of an operation works on, once everything is known.</summary>
internal sealed class LaunchContext
{
    /// <summary>The node's inputs.</summary>
    public required Storage[] Inputs { get; init; }

    /// <summary>The node's outputs, allocated.</summary>
    public required Storage[] Outputs { get; init; }

    /// <summary>The node's captured numbers, as bits.</summary>
    public required ulong[] Scalars { get; init; }

    /// <summary>The domain of each piece.</summary>
    public required Box[] Domains { get; init; }

    /// <summary>The temporaries' memory, made by the launcher.</summary>
    public ColumnMemory[] Temporaries { get; set; } = [];

    /// <summary>The number of parts of the last stage that had a part temporary; 0 when its box was empty.</summary>
    public int Parts { get; set; }

    /// <summary>Cut every stage into this many parts if it can be (for tests); 0 leaves it to the launcher.</summary>
    public int ForcedParts { get; init; }

    public CancellationToken Cancellation { get; init; }
}
