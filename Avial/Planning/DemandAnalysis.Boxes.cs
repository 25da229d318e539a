using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

internal sealed partial class DemandAnalysis
{
    private void VisitMap(GraphNode node, MapOperation map, Box needed)
    {
        Box part = Shift(needed, map.Origin, 1);
        List<Box> shown = [needed];
        foreach (MapPiece piece in map.Pieces)
        {
            AddUse(node, piece.Use, piece.Domain, part);
            if (piece.Domain.IsConstant)
            {
                Box hole = Shift(piece.Domain.ToBox(), map.Origin, -1);
                shown = [.. shown.SelectMany(box => box.Subtract(hole))];
            }
        }
        if (map.Bases.IsDefaultOrEmpty)
        {
            return;
        }
        // Where pieces with fixed bounds cover, the base does not show.
        foreach (int position in map.Bases)
        {
            foreach (Box box in shown)
            {
                Add(node.Inputs[position], box);
            }
        }
    }

    private void VisitView(GraphNode node, ViewOperation view, Box needed)
    {
        Box source = _region.TypeOf(node.Inputs[0]).Box;
        Box box = source;
        for (int axis = 0; axis < view.Maps.Length; axis++)
        {
            Interval range = Interval.Of(view.Maps[axis].Constant);
            foreach (AffineTerm term in view.Maps[axis].Terms)
            {
                range += new Interval(needed.Low[term.Atom.Id], needed.High[term.Atom.Id] - 1) * Interval.Of(term.Coefficient);
            }
            range += view.Offsets.IsDefaultOrEmpty ? Interval.Of(0) : OffsetOf(node, view.Offsets[axis]);
            Interval inside = range.Intersect(new(0, source.High[axis] - 1));
            box = inside.IsEmpty ? box.With(axis, 0, 0) : box.With(axis, (long)inside.Min, (long)inside.Max + 1);
        }
        Add(node.Inputs[0], box);
    }

    private Interval OffsetOf(GraphNode node, LinearBound offset)
    {
        Interval range = Interval.Of(offset.Constant);
        foreach (BoundTerm term in offset.Terms)
        {
            AddWhole(node.Inputs[term.Input]);
            Interval value = _steps.TryGetValue(node.Inputs[term.Input], out StepRange step) ? new(step.Min, step.Max) : Interval.Long;
            range += value * Interval.Of(term.Coefficient);
        }
        return range;
    }

    /// <summary>The box of the source that holds the row-major positions of a box of the result.</summary>
    private static Box Reshaped(ImmutableArray<long> result, ImmutableArray<long> source, Box needed)
    {
        long first = Position(result, needed.Low, 0);
        long last = Position(result, needed.High, -1);
        var low = new long[source.Length];
        var high = new long[source.Length];
        for (int axis = source.Length - 1; axis >= 0; axis--)
        {
            (first, low[axis]) = Math.DivRem(first, source[axis]);
            (last, high[axis]) = Math.DivRem(last, source[axis]);
        }
        bool isWhole = false;
        for (int axis = 0; axis < source.Length; axis++)
        {
            // Below the first axis on which the ends differ, the positions between them run through everything.
            (low[axis], high[axis], isWhole) = isWhole ? (0, source[axis], true) : (low[axis], high[axis] + 1, low[axis] != high[axis]);
        }
        return new([.. low], [.. high]);
    }

    private static long Position(ImmutableArray<long> extents, ImmutableArray<long> place, long shift)
    {
        long position = 0;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            position = position * extents[axis] + place[axis] + shift;
        }
        return position;
    }

    private static Box Shift(Box box, ImmutableArray<long> by, int sign) => by.IsDefaultOrEmpty
        ? box
        : new Box([.. box.Low.Zip(by, (low, s) => low + sign * s)], [.. box.High.Zip(by, (high, s) => high + sign * s)]);
}
