using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

/// <summary>A half-open range of indices, <c>Start ≤ i &lt; End</c>. A length converts to it, <c>1..n</c> too (int only; for long: <c>new(1, n)</c>).</summary>
/// <param name="Start">The first index.</param>
/// <param name="End">One past the last index.</param>
public readonly record struct Domain1D(Bound Start, Bound End)
{
    /// <summary>True when <c>Sweep</c> and <c>Scan</c> visit it from the high end.</summary>
    public bool IsReversed { get; init; }

    /// <summary>The number of indices; 0 when End is below Start. Refused (AVL0011) when a bound depends on the step of a loop.</summary>
    public long Length => Math.Max(0, End - Start);

    /// <summary>The same indices visited from the high end, by <c>Sweep</c> and <c>Scan</c>.</summary>
    public Domain1D Reversed => this with { IsReversed = !IsReversed };

    /// <summary>The indices at least <paramref name="margin"/> away from both ends; empty when the range is too short to have any.</summary>
    public Domain1D Interior(long margin)
    {
        Bound start = Start + new Bound(margin), end = End - new Bound(margin);
        if (!start.IsConstant || !end.IsConstant || start <= end || End < Start)
        {
            return this with { Start = start, End = end };
        }
        Bound nowhere = Math.Min(start, End);
        return this with { Start = nowhere, End = nowhere };
    }

    /// <summary>[0, length).</summary>
    public static implicit operator Domain1D(long length) => new(0, length);

    /// <summary>A range of int indices; an end counted from the end (<c>^1</c>) is refused (AVL0013).</summary>
    public static implicit operator Domain1D(Range range) =>
        range.Start.IsFromEnd || range.End.IsFromEnd ? throw Throw.RangeFromEnd(range) : new(range.Start.Value, range.End.Value);

    internal IndexBox Box => new([this]);

    /// <inheritdoc/>
    public override string ToString() => $"{Start}..{End}{(IsReversed ? " reversed" : "")}";
}
