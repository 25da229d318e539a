using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// The wavefronts of a sweep.
/// <code>
/// for front (one launch each), for tiles t1 … of the front (parallel)
///     t0 = front - t1 - …
///     for p0 in the tile's rows, for q1 in the tile: p1 = q1 - skew · p0 …      (in the sweep's order inside the tile)
/// </code>
/// </summary>
internal static partial class SweepLowering
{
    // By rank: some four thousand elements a tile, which stay in the first-level cache; long rows.
    private static readonly ImmutableArray<int>[] s_tileSizes = [[], [], [64, 64], [16, 16, 16], [8, 8, 8, 8]];

    private static LoweredStage InTiles(GraphNode node, SweepOperation operation, ImmutableArray<ImmutableArray<int>> skews, InPlaceInputs inPlace, ImmutableArray<int> slant)
    {
        int rank = operation.Domain.Rank;
        ImmutableArray<int> sizes = s_tileSizes[rank];
        var function = new FunctionBuilder(node, "", rank);
        var kernel = new KernelLowering(function, operation.Use, self: 0, inPlace);
        var output = new OutputColumns(function, operation.Outputs);
        SlantedBand? band = slant.IsDefaultOrEmpty ? null : new SlantedBand(function, slant);
        EmitTiles(function, operation, [], tile => EmitPlaces(function, operation, skews, sizes, band, tile, [], index => output.Store(index, kernel.Emit(index))));
        bool isAlong = band?.IsAlong(skews, operation.Domain) ?? false;
        var box = new TileBox(0, sizes, skews) { Slant = isAlong ? slant : [], IsReversed = [.. operation.Domain.Axes.Select(a => a.IsReversed)] };
        return function.Finish(box, CutKind.Axes) with
        {
            SequentialAxis = 0,
            CutAxes = [.. Enumerable.Range(1, rank - 1)],
            Work = sizes.Aggregate(1L, (product, size) => product * size) * KernelWork.Executed(operation.Use.Kernel.Body),
        };
    }

    private static void EmitTiles(FunctionBuilder function, SweepOperation operation, ImmutableArray<Value> outer, Action<ImmutableArray<Value>> body)
    {
        int axis = outer.Length;
        if (axis < operation.Domain.Rank)
        {
            function.For(function.BoxLow[axis], function.BoxHigh[axis], t => EmitTiles(function, operation, outer.Add(t), body), LoopKind.Threads);
            return;
        }
        // The first of the front is what the others leave; outside the domain its rows are none.
        Value first = outer[1..].Aggregate(outer[0], function.Subtract);
        body(outer.SetItem(0, first));
    }

    private static void EmitPlaces(
        FunctionBuilder function, SweepOperation operation, ImmutableArray<ImmutableArray<int>> skews, ImmutableArray<int> sizes, SlantedBand? band,
        ImmutableArray<Value> tile, ImmutableArray<Value> places, Action<ImmutableArray<Value>> body)
    {
        int axis = places.Length;
        if (axis == operation.Domain.Rank)
        {
            body([.. places.Select((place, a) => IndexOf(function, operation, place, a))]);
            return;
        }
        Value length = function.Scalar(new ScalarBinding(ScalarSource.PartLeaves, 0, axis));
        Value start = function.Multiply(tile[axis], sizes[axis]);
        for (int outer = 0; outer < axis; outer++)
        {
            start = function.Subtract(start, function.Multiply(places[outer], skews[axis][outer]));
        }
        if (band is not null && band.Narrows(axis) && band.IsAlong(skews, operation.Domain))
        {
            start = function.Add(start, band.Begin(operation.Domain));
        }
        Value low = function.Max(start, function.Constant(0));
        Value high = function.Min(function.Add(start, sizes[axis]), length);
        if (band?.Narrows(axis) ?? false)
        {
            (low, high) = band.OfPlaces(places, operation.Domain, low, high);
        }
        function.For(low, high, place => EmitPlaces(function, operation, skews, sizes, band, tile, places.Add(place), body));
    }

    private static Value IndexOf(FunctionBuilder function, SweepOperation operation, Value place, int axis) => operation.Domain.Axes[axis].IsReversed
        ? function.Subtract(function.Add(function.Scalar(new ScalarBinding(ScalarSource.PartHigh, 0, axis)), -1), place)
        : function.Add(function.Scalar(new ScalarBinding(ScalarSource.PartLow, 0, axis)), place);
}
