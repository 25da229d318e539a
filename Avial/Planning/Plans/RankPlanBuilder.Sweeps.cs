using System.Runtime.InteropServices;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>Sweeps whose parts depend on one another: tiles, and the borders between them.</summary>
internal sealed partial class RankPlanBuilder
{
    private void AddSweep(PlannedSweep sweep)
    {
        NodeParts parts = _plan.PartsOf(sweep.Node);
        TileCuts? cuts = CutsOf(sweep, parts, _scope);
        Box? part = parts.Of(_rank, 0, _scope) is { IsEmpty: false } own ? own : null;
        List<TileSteps> tiles = TilesOf(sweep.Fresh, parts, cuts, part);
        int last = tiles.FindLastIndex(t => t.Part is not null);
        int begin = _steps.Count;
        var head = new SortedSet<int>();
        if (part is { } whole)
        {
            // Before the first tile whatever the sweep may not overtake has ended.
            head = _order.Find(CollectionsMarshal.AsSpan(Touched(sweep, whole)), begin);
        }
        // The border of the next tile travels while one is computed.
        var arrivals = new List<int>();
        for (int t = 0; t <= tiles.Count; t++)
        {
            List<int> awaited = arrivals;
            arrivals = t < tiles.Count ? AddReceives(sweep, tiles[t]) : [];
            if (t > 0)
            {
                head.UnionWith(awaited);
                AddTile(sweep, tiles[t - 1], part, cuts, t - 1 == last ? begin : null, ref head);
            }
        }
    }

    /// <summary>The planes between the tiles of a sweep; null where parts are computed whole. Allocates nothing.</summary>
    internal static TileCuts? CutsOf(PlannedSweep sweep, NodeParts parts, SymbolScope scope)
    {
        if (sweep.Tiles is not { } tiles)
        {
            return null;
        }
        Box space = parts.Owner.Space;
        Span<long> low = stackalloc long[space.Rank];
        Span<long> high = stackalloc long[space.Rank];
        parts.OfOwn(space.Low.AsSpan(), space.High.AsSpan(), 0, scope, isExact: true, low, high);
        return tiles.Over(low, high, parts.Owner);
    }

    private List<int> AddReceives(PlannedSweep sweep, TileSteps tile)
    {
        int first = _steps.Count;
        foreach ((int peer, List<Piece> pieces) in tile.Receives)
        {
            AddReceive(peer, sweep.Number, pieces, first);
        }
        return [.. Enumerable.Range(first, _steps.Count - first)];
    }

    private void AddTile(PlannedSweep sweep, TileSteps tile, Box? part, TileCuts? cuts, int? beginOfLast, ref SortedSet<int> head)
    {
        if (tile.Part is { } box)
        {
            Band? within = cuts is { } planes && !planes[tile.Number].IsStraight ? planes[tile.Number] : null;
            int step = _steps.Count;
            _steps.Add(new LaunchStep(sweep.Node, sweep.Inputs, [sweep.Output], [box]) { Within = within, After = [.. head] });
            if (beginOfLast is { } begin)
            {
                // It ends after all tiles before it, and stands for them.
                _order.ForgetWrites(sweep.Output, s => s >= begin && _steps[s] is LaunchStep);
                _order.Note(step, CollectionsMarshal.AsSpan(Touched(sweep, part!.Value)));
            }
            else
            {
                _order.Note(step, [new Touch(sweep.Output, box, IsWrite: true, within)]);
            }
            head = [step];
        }
        int first = _steps.Count;
        foreach ((int peer, List<Piece> pieces) in tile.Sends)
        {
            AddSend(peer, sweep.Number, pieces, first);
        }
    }

    private List<Touch> Touched(PlannedSweep sweep, Box part)
    {
        List<Touch> touches = Reads(sweep.Node, sweep.Inputs, [part]);
        touches.Add(new Touch(sweep.Output, null, IsWrite: false));
        touches.Add(new Touch(sweep.Output, part, IsWrite: true));
        return touches;
    }

    /// <summary>The tiles of this rank in order, with the borders that come and go.</summary>
    private List<TileSteps> TilesOf(Transfer fresh, NodeParts parts, TileCuts? cuts, Box? part)
    {
        var tiles = new SortedDictionary<long, TileSteps>();
        foreach (IncomingPiece piece in TransferPieces.Incoming(fresh, _rank, _scope, _buffers[fresh.From].Type, _buffers[fresh.To].Window))
        {
            foreach ((long tile, Box box) in Cut(cuts, piece.To, part!.Value))
            {
                Pieces(At(tiles, tile).Receives, piece.Owner.Value).Add(new Piece(fresh.To, box, piece.Columns));
            }
        }
        foreach ((int peer, IncomingPiece piece) in Outgoing(fresh))
        {
            foreach ((long tile, Box box) in Cut(cuts, piece.From, parts.Of(new RankId(peer), 0, _scope)!.Value))
            {
                Pieces(At(tiles, tile).Sends, peer).Add(new Piece(fresh.From, box, piece.Columns));
            }
        }
        if (part is { } own)
        {
            (long first, long last) = cuts?.Of(own) ?? default;
            for (long tile = first; tile <= last; tile++)
            {
                // A steep band may pass between the places of a narrow part.
                if (cuts is not { } planes || planes[tile].Cut(own).Any())
                {
                    At(tiles, tile).Part = cuts?[tile].Hull(own) ?? own;
                }
            }
        }
        return [.. tiles.Values];
    }

    /// <summary>What of a box goes to which tile of a reader; what lies before its first tile goes there.</summary>
    private static IEnumerable<(long Tile, Box Box)> Cut(TileCuts? cuts, Box box, Box reader)
    {
        if (cuts is not { } planes)
        {
            yield return (0, box);
            yield break;
        }
        (long first, long last) = planes.Of(box);
        (long firstRead, long lastRead) = planes.Of(reader);
        for (long tile = first; tile <= last; tile++)
        {
            foreach (Box cut in planes[tile].Cut(box))
            {
                yield return (Math.Clamp(tile, firstRead, lastRead), cut);
            }
        }
    }

    private static TileSteps At(SortedDictionary<long, TileSteps> tiles, long tile)
    {
        if (!tiles.TryGetValue(tile, out TileSteps? steps))
        {
            tiles.Add(tile, steps = new TileSteps(tile));
        }
        return steps;
    }

    /// <summary>What a rank does for one tile: messages that it waits for, the part that it computes, messages with the border.</summary>
    private sealed class TileSteps(long number)
    {
        public long Number => number;

        public SortedDictionary<int, List<Piece>> Receives { get; } = [];

        public Box? Part { get; set; }

        public SortedDictionary<int, List<Piece>> Sends { get; } = [];
    }
}
