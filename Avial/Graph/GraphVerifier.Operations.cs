using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Graph;

/// <summary>What must hold of each operation.</summary>
internal sealed partial class GraphVerifier
{
    private void Operation()
    {
        switch (_node.Operation)
        {
            case SourceOperation:
                OutputCount(1);
                Nothing(_node.Inputs.IsEmpty && _node.Scalars.IsEmpty, "inputs or captured numbers");
                break;
            case SymbolOperation:
                Require(false, "symbols are parameters in a region");
                break;
            case FillOperation:
                Nothing(_node.Inputs.IsEmpty, "inputs");
                OutputCount(1);
                Require(_node.Operation.Outputs.Length != 1 || _node.Scalars.Length == _node.Operation.Outputs[0].Element.Columns.Length,
                    $"there are {_node.Scalars.Length} numbers for an element of {_node.Operation.Outputs.FirstOrDefault()}");
                break;
            case FileOperation file:
                OutputCount(1);
                Nothing(_node.Inputs.IsEmpty && _node.Scalars.IsEmpty, "inputs or captured numbers");
                Require(!string.IsNullOrEmpty(file.Path), "the path is empty");
                break;
            case MapOperation map:
                Map(map);
                break;
            case ReduceOperation reduce when HasOneOutput():
                Reduce(reduce, reduce.Outputs[0]);
                break;
            case ScanOperation scan when HasOneOutput():
                Scan(scan, scan.Outputs[0]);
                break;
            case ScatterOperation scatter when HasOneOutput():
                Scatter(scatter, scatter.Outputs[0]);
                break;
            case SweepOperation sweep when HasOneOutput():
                Sweep(sweep, sweep.Outputs[0]);
                break;
            case ViewOperation view when HasOneOutput():
                View(view, view.Outputs[0]);
                break;
            case ReshapeOperation when HasOneOutput():
                Reshape(_node.Operation.Outputs[0]);
                break;
            case LoopOperation loop:
                Loop(loop);
                break;
            case CallOperation call:
                Require(!call.Outputs.IsEmpty || call.IsEffect, "nothing needs it: it has no output and is no effect");
                break;
        }
    }

    private bool HasOneOutput() => Require(_node.Operation.Outputs.Length == 1, $"there are {_node.Operation.Outputs.Length} outputs, not 1");

    private void Map(MapOperation map)
    {
        if (!Require(!map.Outputs.IsEmpty, "there is no output") || !Require(!map.Pieces.IsEmpty, "there is no piece"))
        {
            return;
        }
        ArrayType first = map.Outputs[0];
        bool hasOrigin = !map.Origin.IsDefaultOrEmpty;
        Require(map.Outputs.All(o => o.Extents.SequenceEqual(first.Extents)), "the outputs' extents differ");
        Require(!hasOrigin || map.Origin.Length == first.Rank, $"the origin has {map.Origin.Length} axes, the output {first.Rank}");
        foreach (MapPiece piece in map.Pieces)
        {
            Domain(piece.Domain);
            Require(piece.Domain.Rank == first.Rank, $"the piece {piece.Domain} has rank {piece.Domain.Rank}, the output {first.Rank}");
            Use(piece.Use, piece.Domain, map.Outputs.SelectMany(o => o.Element.ColumnTypes));
        }
        if (map.Pieces.All(p => p.Domain.IsConstant && p.Domain.Rank == first.Rank) && (!hasOrigin || map.Origin.Length == first.Rank))
        {
            Cover(map, first);
        }
        if (map.Bases.IsDefaultOrEmpty)
        {
            return;
        }
        if (Require(map.Bases.Length == map.Outputs.Length, $"there are {map.Bases.Length} bases for {map.Outputs.Length} outputs"))
        {
            for (int k = 0; k < map.Bases.Length; k++)
            {
                SameType(Input(map.Bases[k], "the base"), map.Outputs[k], "the base");
            }
        }
    }

    /// <summary>Constant pieces are disjoint, lie inside and, where there is no base and no reader restricts them, cover everything.</summary>
    private void Cover(MapOperation map, ArrayType output)
    {
        Box[] boxes = [.. map.Pieces.Select(p => Shift(p.Domain.ToBox(), map.Origin))];
        for (int i = 0; i < boxes.Length; i++)
        {
            Inside(map.Pieces[i].Domain, boxes[i], output.Box);
            for (int j = 0; j < i; j++)
            {
                Require(boxes[i].Intersect(boxes[j]).IsEmpty, $"the pieces {map.Pieces[j].Domain} and {map.Pieces[i].Domain} overlap");
            }
        }
        if (map.Bases.IsDefaultOrEmpty && !_isRestricted)
        {
            Require(boxes.Sum(b => b.IsEmpty ? 0 : b.Count) == output.Count, $"the pieces do not cover {output}, and there is no base");
        }
    }

    private static Box Shift(Box box, ImmutableArray<long> origin) => origin.IsDefaultOrEmpty ? box
        : new Box([.. box.Low.Zip(origin, (low, o) => low - o)], [.. box.High.Zip(origin, (high, o) => high - o)]);

    private void Reduce(ReduceOperation reduce, ArrayType output)
    {
        Domain(reduce.Domain);
        bool areAxes = Require(reduce.Axes.All(a => a >= 0 && a < reduce.Domain.Rank) && reduce.Axes.Distinct().Count() == reduce.Axes.Length,
            $"the axes ({string.Join(", ", reduce.Axes)}) are not axes of {reduce.Domain}");
        if (areAxes)
        {
            Lengths([.. reduce.Domain.Axes.Where((_, axis) => !reduce.Axes.Contains(axis))], output);
        }
        bool isArgument = reduce.Combiner.Kind is CombinerKind.ArgMin or CombinerKind.ArgMax;
        ImmutableArray<ScalarType> columns = output.Element.ColumnTypes;
        if (!isArgument)
        {
            Use(reduce.Use, reduce.Domain, columns);
            Combiner(reduce.Combiner, columns, CombinerKind.Last);
            return;
        }
        int indices = reduce.Axes.Length;
        if (Require(columns.Length == indices + 1 && columns.Take(indices).All(c => c == ScalarType.I64),
            $"{reduce.Combiner} over {indices} axes gives that many i64 and a value, not {output.Element}"))
        {
            Use(reduce.Use, reduce.Domain, [columns[^1]]);
            Require(columns[^1] != ScalarType.Bool, $"{reduce.Combiner} is not defined for i1");
        }
    }

    private void Scan(ScanOperation scan, ArrayType output)
    {
        Domain(scan.Domain);
        Require(scan.Axis >= 0 && scan.Axis < scan.Domain.Rank, $"axis {scan.Axis} is no axis of {scan.Domain}");
        Lengths(scan.Domain.Axes, output);
        Use(scan.Use, scan.Domain, output.Element.ColumnTypes);
        Combiner(scan.Combiner, output.Element.ColumnTypes, CombinerKind.Mean, CombinerKind.Last, CombinerKind.ArgMin, CombinerKind.ArgMax);
    }

    private void Scatter(ScatterOperation scatter, ArrayType output)
    {
        Domain(scatter.Domain);
        SameType(Input(scatter.Into, "the target"), output, "the target");
        Use(scatter.Use, scatter.Domain, [.. Enumerable.Repeat(ScalarType.I64, output.Rank), .. output.Element.ColumnTypes]);
        Combiner(scatter.Combiner, output.Element.ColumnTypes, CombinerKind.Mean, CombinerKind.ArgMin, CombinerKind.ArgMax);
    }

    private void Sweep(SweepOperation sweep, ArrayType output)
    {
        Domain(sweep.Domain);
        SameType(Input(sweep.Start, "the start"), output, "the start");
        if (Require(sweep.Domain.Rank == output.Rank, $"the domain {sweep.Domain} has rank {sweep.Domain.Rank}, the output {output.Rank}") && sweep.Domain.IsConstant)
        {
            Inside(sweep.Domain, sweep.Domain.ToBox(), output.Box);
        }
        Use(sweep.Use, sweep.Domain, output.Element.ColumnTypes);
        if (Require(!sweep.Use.Operands.IsEmpty, "the kernel has no operand for the array itself"))
        {
            SameType(Input(sweep.Use.Operands[0], "the array itself"), output, "the array itself");
        }
    }

    private void View(ViewOperation view, ArrayType output)
    {
        if (Input(0, "the array shown") is not { } source)
        {
            return;
        }
        Require(GraphEquality.HaveSameElements(source.Element, output.Element), $"a view of {source} has elements {output.Element}");
        bool areMaps = Require(view.Maps.Length == source.Rank, $"there are {view.Maps.Length} maps for the {source.Rank} axes of {source}");
        areMaps &= Require(view.Maps.SelectMany(m => m.Terms).All(t => t.Atom.Id >= 0 && t.Atom.Id < output.Rank && t.Atom.Type == ScalarType.I64),
            $"the maps ({string.Join(", ", view.Maps)}) name axes that {output} does not have");
        Require(view.Offsets.IsDefaultOrEmpty || view.Offsets.Length == view.Maps.Length, $"there are {view.Offsets.Length} offsets for {view.Maps.Length} maps");
        foreach (LinearBound offset in view.Offsets.IsDefault ? [] : view.Offsets)
        {
            Bound(offset);
        }
        if (!areMaps || output.Count == 0)
        {
            return;
        }
        for (int axis = 0; axis < source.Rank; axis++)
        {
            LinearBound offset = view.Offsets.IsDefaultOrEmpty || axis >= view.Offsets.Length ? 0 : view.Offsets[axis];
            AffineIndex map = view.Maps[axis];
            long lowest = map.Constant + offset.Constant + map.Terms.Sum(t => Math.Min(0, t.Coefficient * (output.Extents[t.Atom.Id] - 1)));
            long highest = map.Constant + offset.Constant + map.Terms.Sum(t => Math.Max(0, t.Coefficient * (output.Extents[t.Atom.Id] - 1)));
            Require(!offset.IsConstant || lowest >= 0 && highest < source.Extents[axis],
                $"axis {axis} of {source} is shown at {lowest}..{highest + 1}");
        }
    }

    private void Reshape(ArrayType output)
    {
        if (Input(0, "the array reshaped") is { } source)
        {
            Require(GraphEquality.HaveSameElements(source.Element, output.Element) && source.Count == output.Count, $"{source} cannot be reshaped to {output}");
        }
    }

    private void Loop(LoopOperation loop)
    {
        Region body = loop.Body;
        Require(!_node.Scalars.IsEmpty, "the number of steps is missing from its captured numbers");
        Require(loop.Every >= 1, $"it is tested every {loop.Every} steps");
        if (Require(loop.Carried >= 0 && loop.Carried <= _node.Inputs.Length, $"{loop.Carried} values are carried, of {_node.Inputs.Length} inputs"))
        {
            ArrayType[] inputs = [.. _node.Inputs.Select(_region.TypeOf)];
            var step = new ArrayType(ElementLayout.Of(typeof(long)), []);
            Types(body.Parameters, [.. inputs[..loop.Carried], step, .. inputs[loop.Carried..]], "parameters of the body");
            Types(loop.Outputs, [.. inputs[..loop.Carried], step], "outputs");
            if (body.Results.All(r => new GraphVerifier(body, 0, _isRestricted, "", [], _verified).IsDefined(r, body.Nodes.Length)))
            {
                ArrayType[] until = loop.HasUntil ? [new ArrayType(ElementLayout.Of(typeof(bool)), [])] : [];
                Types([.. body.Results.Select(body.TypeOf)], [.. inputs[..loop.Carried], .. until], "results of the body");
            }
        }
        string path = $"{Place()} body ";
        new GraphVerifier(body, _node.Scalars.Length, _isRestricted, path, _problems, _verified).Verify();
    }

    private void Types(ImmutableArray<ArrayType> found, ArrayType[] expected, string what) =>
        Require(found.Length == expected.Length && found.Zip(expected).All(p => GraphEquality.AreEqual(p.First, p.Second)),
            $"the {what} are ({string.Join(", ", found)}), not ({string.Join(", ", (object[])expected)})");

    /// <summary>The output has an axis of the same length for each of these.</summary>
    private void Lengths(ImmutableArray<AxisRange> axes, ArrayType output)
    {
        if (Require(axes.Length == output.Rank, $"the output {output} has rank {output.Rank}, not {axes.Length}"))
        {
            for (int axis = 0; axis < axes.Length; axis++)
            {
                AxisRange range = axes[axis];
                Require(!range.IsConstant || Math.Max(0, range.High.Constant - range.Low.Constant) == output.Extents[axis],
                    $"axis {axis} of the output {output} is not as long as {range}");
            }
        }
    }

    /// <summary>The combiner is defined for elements of these columns, and is none of those refused here.</summary>
    private void Combiner(Combiner combiner, ImmutableArray<ScalarType> columns, params ReadOnlySpan<CombinerKind> refused)
    {
        Require(!refused.Contains(combiner.Kind), $"{combiner} cannot be used here");
        Require((combiner.Kind == CombinerKind.Fold) == (combiner.Fold is not null), "a kernel goes with a fold alone");
        if (combiner.Fold is { } fold)
        {
            Kernel(fold);
            Require(fold.Rank == 0 && fold.Operands.IsEmpty, "the kernel of a fold reads no array and has no index");
            Require(fold.ResultTypes.SequenceEqual(columns) && fold.Body.Parameters.Select(p => p.Type).SequenceEqual(columns.Concat(columns)),
                $"the kernel of a fold does not make ({Text(columns)}) of two of them");
            Require(combiner.Identity.IsDefault || combiner.Identity.Length == columns.Length, $"the identity has {combiner.Identity.Length} columns, not {columns.Length}");
            return;
        }
        bool fits = combiner.Kind switch
        {
            CombinerKind.Any or CombinerKind.All => columns is [ScalarType.Bool],
            CombinerKind.Mean => columns is [var mean] && mean.IsFloat(),
            CombinerKind.Last => true,
            _ => columns is [var type] && type != ScalarType.Bool,
        };
        Require(fits, $"{combiner} is not defined for ({Text(columns)})");
    }
}
