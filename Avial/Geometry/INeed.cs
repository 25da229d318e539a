namespace Avial.Geometry;

/// <summary>
/// What of one array is needed to compute a part of an iteration space. Monotone: of a larger part, no less is needed, so that what the
/// hull of many parts needs holds what each of them needs.
/// </summary>
internal interface INeed
{
    /// <summary>Writes the needed box; false when the part needs nothing.</summary>
    bool TryEvaluate(scoped ReadOnlySpan<long> partLow, scoped ReadOnlySpan<long> partHigh, scoped Span<long> low, scoped Span<long> high);
}
