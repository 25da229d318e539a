using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>What the generator knows of a value while it plans a body.</summary>
internal sealed class PlannedValue(GraphValue value, ArrayType type, Distribution owner)
{
    public GraphValue Value { get; } = value;

    public ArrayType Type { get; } = type;

    public Distribution Owner { get; } = owner;

    /// <summary>The buffer with the own parts, or -1 as long as the value is not made.</summary>
    public int Primary { get; set; } = -1;

    /// <summary>True when the body may write over the memory once nobody reads it any more.</summary>
    public bool IsMine { get; set; }

    /// <summary>The last node that reads the value or anything that shows its memory; int.MaxValue for results.</summary>
    public int LastUse { get; set; } = -1;

    /// <summary>The value whose memory this one shows, or itself.</summary>
    public PlannedValue Memory { get; set; } = null!;

    /// <summary>Needs beyond the own parts, kept in the own buffer: a halo.</summary>
    public GatheredNeeds HaloNeeds { get; } = new();

    public bool IsHaloBrought { get; set; }

    /// <summary>Other buffers that receive parts of the value.</summary>
    public List<PlannedCopyBuffer> Copies { get; } = [];
}

/// <summary>A buffer beside a value's own one, with what was brought for some consumers.</summary>
/// <param name="buffer">The buffer.</param>
/// <param name="isPrivate">See <see cref="IsPrivate"/>.</param>
/// <param name="step">For what changes with the step, the scope of a step in the middle; else null.</param>
/// <param name="isImported">See <see cref="IsImported"/>.</param>
internal sealed class PlannedCopyBuffer(int buffer, bool isPrivate, SymbolScope? step, bool isImported)
{
    public int Buffer { get; } = buffer;

    /// <summary>True when what it holds changes with the step.</summary>
    public bool IsMoving { get; } = step is not null;

    /// <summary>True when the body around brings it, before the loop.</summary>
    public bool IsImported { get; } = isImported;

    /// <summary>True when its consumer writes over it, so that nobody else may read it.</summary>
    public bool IsPrivate { get; } = isPrivate;

    public GatheredNeeds Needs { get; } = new(step);

    public bool IsBrought { get; set; } = isImported;
}
