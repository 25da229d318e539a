namespace Avial.Planning.Plans.Moving;

/// <summary>
/// What lies between the planes of one tile of a sweep, which stand on an axis, within all that is cut there: planes beyond that cut nothing, wherever they are. Nothing moves
/// along other axes.
/// </summary>
internal sealed class MovingTile(PlannedSweep sweep, NodeParts parts, int axis, long tile, IReadOnlyList<MovingBox> cut) : MovingBox(parts.RankOf(0))
{
    public override bool TryEvaluate(SymbolScope scope, ReadOnlySpan<long> numbers, Span<long> low, Span<long> high)
    {
        (long least, long most) = (long.MaxValue, long.MinValue);
        for (int b = 0; b < cut.Count; b++)
        {
            (long first, long end) = (numbers[cut[b].Offset + axis], numbers[cut[b].Offset + Rank + axis]);
            if (first < end)
            {
                (least, most) = (Math.Min(least, first), Math.Max(most, end));
            }
        }
        low.Clear();
        high.Clear();
        if (least > most)
        {
            return false;
        }
        (long from, long to) = RankPlanBuilder.CutsOf(sweep, parts, scope)!.Value.OnAxis(axis, tile);
        (low[axis], high[axis]) = (Math.Clamp(from, least, most), Math.Clamp(to, least, most));
        return true;
    }
}
