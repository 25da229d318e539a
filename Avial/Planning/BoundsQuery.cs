using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Planning;

/// <summary>
/// What is known of a rank-0 integer input before it is computed: the step number of a loop. <paramref name="IsCertain"/>: every value of the
/// range is taken; otherwise only the lowest is (a loop that may stop early).
/// </summary>
/// <param name="Input">The position in the node's inputs.</param>
/// <param name="Min">The lowest value.</param>
/// <param name="Max">The highest value, included.</param>
/// <param name="IsCertain">Whether all values occur.</param>
internal readonly record struct SymbolRange(int Input, long Min, long Max, bool IsCertain = true);

/// <summary>One kernel as it is used: what index analysis needs to know.</summary>
internal readonly ref struct BoundsQuery
{
    public required KernelUse Use { get; init; }

    public required IterationDomain Domain { get; init; }

    /// <summary>The types of the node's inputs.</summary>
    public required ReadOnlySpan<ArrayType> Inputs { get; init; }

    /// <summary>The node's captured numbers, as bits; empty when unknown.</summary>
    public ReadOnlySpan<ulong> Scalars { get; init; }

    /// <summary>What is known of rank-0 inputs.</summary>
    public ReadOnlySpan<SymbolRange> Symbols { get; init; }

    /// <summary>The recording call with the lambda's text, for messages.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>The name of an input (by position), for messages.</summary>
    public Func<int, string>? InputName { get; init; }

    /// <summary>The name of the task, for messages.</summary>
    public string? TaskName { get; init; }
}
