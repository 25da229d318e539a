using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Programs;

/// <summary>Maps and views.</summary>
internal sealed partial class ProgramGenerator
{
    /// <summary>One or two whole arrays from one pass, numbered from 0.</summary>
    private void AddMap(Scope scope)
    {
        ImmutableArray<long> extents = _random.Next(2) == 0 ? scope.TypeOf(Pick(scope)).Extents : AnyExtents(_random.Next(5));
        ImmutableArray<ArrayType> outputs = Many(1, _random.Next(4) == 0 ? 3 : 1, () => new ArrayType(AnyElement(), extents));
        Box domain = AnyBox(extents);
        var node = new NodeInputs();
        KernelUse use = Kernel(scope, node, domain, [.. outputs.SelectMany(o => o.Element.ColumnTypes)]);
        Add(scope, new MapOperation([new MapPiece(Domain(domain), use)], [], domain.Low) { Outputs = outputs }, node);
    }

    /// <summary>Pieces over one base for each output.</summary>
    private void AddMapOver(Scope scope)
    {
        GraphValue first = Pick(scope, t => t.Rank > 0 || _random.Next(8) == 0 || scope.Values.All(v => scope.TypeOf(v).Rank == 0));
        Box whole = scope.TypeOf(first).Box;
        ImmutableArray<GraphValue> bases = [first];
        if (_random.Next(4) == 0)
        {
            bases = bases.Add(Pick(scope, t => t.Extents.SequenceEqual(scope.TypeOf(first).Extents)));
        }
        ImmutableArray<ScalarType> results = [.. bases.SelectMany(b => scope.TypeOf(b).Element.ColumnTypes)];
        var node = new NodeInputs();
        ImmutableArray<MapPiece> pieces = scope.Step is not null && _random.Next(2) == 0
            ? [MovingPiece(scope, node, whole, results, first)]
            : [.. Pieces(whole).Select(box => new MapPiece(Domain(box), Kernel(scope, node, box, results, _random.Next(2) == 0 ? first : null)))];
        Add(scope, new MapOperation(pieces, [.. bases.Select(node.Position)], [.. new long[whole.Rank]]) { Outputs = [.. bases.Select(scope.TypeOf)] }, node);
    }

    /// <summary>Disjoint boxes inside a box.</summary>
    private List<Box> Pieces(Box whole)
    {
        var pieces = new List<Box> { Inside(whole) };
        while (_random.Next(3) == 0 && pieces.Count < 4)
        {
            Box[] rest = [whole];
            foreach (Box piece in pieces)
            {
                rest = [.. rest.SelectMany(r => r.Subtract(piece))];
            }
            if (rest.Length == 0 || rest.All(r => r.IsEmpty))
            {
                break;
            }
            pieces.Add(Inside(Any(rest)));
        }
        return pieces;
    }

    /// <summary>A piece whose bounds move with the step of the loop.</summary>
    private MapPiece MovingPiece(Scope scope, NodeInputs node, Box whole, ImmutableArray<ScalarType> results, GraphValue first)
    {
        int step = node.Position(scope.Step!.Value);
        var axes = new AxisRange[whole.Rank];
        Box hull = whole;
        for (int axis = 0; axis < axes.Length; axis++)
        {
            (LinearBound low, long least, _) = MovingBound(scope, step, whole.Length(axis));
            (LinearBound high, _, long most) = MovingBound(scope, step, whole.Length(axis));
            axes[axis] = new AxisRange(low, high);
            hull = hull.With(axis, least, Math.Max(least, most));
        }
        return new MapPiece(new IterationDomain([.. axes]), Kernel(scope, node, hull, results, _random.Next(2) == 0 ? first : null));
    }

    /// <summary>constant + coefficient × step, within 0 … extent for every step.</summary>
    private (LinearBound Bound, long Least, long Most) MovingBound(Scope scope, int step, long extent)
    {
        long last = Math.Max(0, scope.MostSteps - 1);
        long coefficient = _random.Next(-1, 3);
        (long least, long most) = (Math.Min(0, coefficient * last), Math.Max(0, coefficient * last));
        if (coefficient == 0 || most - least > extent)
        {
            long constant = _random.NextInt64(extent + 1);
            return (constant, constant, constant);
        }
        long at = _random.NextInt64(-least, extent - most + 1);
        return (new LinearBound(at, [new BoundTerm(step, coefficient)]), least + at, most + at);
    }

    /// <summary>A slice, a transpose, a stride, a reversal, a diagonal, a row, a broadcast: all of them are affine maps of the axes.</summary>
    private void AddView(Scope scope)
    {
        GraphValue source = Pick(scope, t => t.Rank > 0 || scope.Values.All(v => scope.TypeOf(v).Rank == 0));
        ArrayType type = scope.TypeOf(source);
        int rank = Math.Clamp(type.Rank + _random.Next(3) switch { 0 => _random.Next(-1, 2), _ => 0 }, 0, 4);
        ImmutableArray<long> extents = Many(rank, rank, () => _random.Next(4) == 0 || type.Rank == 0 ? AnyExtent(rank) : Any(type.Extents));
        if (type.Count == 0)
        {
            rank = Math.Max(1, rank);
            extents = [0, .. extents.Skip(1)];
        }
        else if (extents.Aggregate(1L, (a, b) => a * b) > MostElements)
        {
            extents = [.. extents.Select(_ => 2L)];
        }
        List<GraphValue> inputs = [source];
        int shift = _random.Next(rank == 0 ? 1 : rank);
        int turn = _random.Next(2) == 0 ? 1 : -1;
        var maps = new AffineIndex[type.Rank];
        var offsets = new LinearBound[type.Rank];
        for (int axis = 0; axis < maps.Length; axis++)
        {
            int own = rank == 0 ? 0 : _random.Next(6) == 0 ? _random.Next(rank) : (((shift + turn * axis) % rank) + rank) % rank;
            (maps[axis], offsets[axis]) = Shown(scope, inputs, type.Extents[axis], own, extents);
        }
        Add(scope, new ViewOperation([.. maps], [.. offsets]) { Outputs = [new ArrayType(type.Element, extents)] }, [.. inputs], []);
    }

    /// <summary>Where an axis of the source is shown: at a multiple of an axis of the output, or at one place.</summary>
    private (AffineIndex Map, LinearBound Offset) Shown(Scope scope, List<GraphValue> inputs, long extent, int own, ImmutableArray<long> extents)
    {
        long length = extents.Length == 0 ? 1 : extents[own];
        long coefficient = extents.Length == 0 || _random.Next(8) == 0 ? 0 : Any<long>([1, 1, 1, -1, 2, -2, 3]);
        if (length > 0 && Math.Abs(coefficient) * (length - 1) >= extent)
        {
            coefficient = length <= extent ? Math.Sign(coefficient) : 0;
        }
        AffineIndex map = coefficient == 0 ? AffineIndex.Zero : AffineIndex.Of(new Value(own, ScalarType.I64)) * coefficient;
        long lowest = Math.Min(0, coefficient * Math.Max(0, length - 1));
        long highest = Math.Max(0, coefficient * Math.Max(0, length - 1));
        long room = Math.Max(0, extent - 1 - highest + lowest);
        if (scope.Step is { } step && _random.Next(2) == 0 && scope.MostSteps - 1 <= room)
        {
            if (!inputs.Contains(step))
            {
                inputs.Add(step);
            }
            return (map + -lowest, new LinearBound(_random.NextInt64(room - scope.MostSteps + 2), [new BoundTerm(inputs.IndexOf(step), 1)]));
        }
        long at = _random.NextInt64(room + 1);
        return _random.Next(2) == 0 ? (map + (at - lowest), 0) : (map + -lowest, at);
    }

    private void AddReshape(Scope scope)
    {
        GraphValue source = Pick(scope);
        ArrayType type = scope.TypeOf(source);
        var extents = new List<long>();
        long left = type.Count;
        while (extents.Count < 3 && left > 1 && _random.Next(4) != 0)
        {
            long[] divisors = [.. Enumerable.Range(1, (int)left).Select(d => (long)d).Where(d => left % d == 0)];
            extents.Add(Any(divisors));
            left /= extents[^1];
        }
        if (left != 1 || extents.Count == 0 || _random.Next(4) == 0)
        {
            extents.Insert(_random.Next(extents.Count + 1), left);
        }
        Add(scope, new ReshapeOperation { Outputs = [new ArrayType(type.Element, [.. extents])] }, [source], []);
    }
}
