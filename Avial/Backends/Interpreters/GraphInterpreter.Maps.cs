using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>Operations whose elements are independent.</summary>
internal sealed partial class GraphInterpreter
{
    private static void RunFill(NodeRun run)
    {
        ArrayValue output = run.Outputs[0];
        for (var walk = new BoxWalk(ComputedBox(output)); walk.Next();)
        {
            output.Write(walk.Index, run.Scalars);
        }
    }

    private static void RunMap(NodeRun run, MapOperation map)
    {
        Box computed = HullOfComputed(run.Outputs);
        CopyBases(run, map, computed);
        foreach (MapPiece piece in map.Pieces)
        {
            Box domain = run.BoxOf(piece.Domain);
            var walk = new BoxWalk(domain.Intersect(Shift(computed, map.Origin, 1)));
            KernelInterpreter kernel = run.InterpreterOf(piece.Use);
            ulong[] arguments = run.ArgumentsOf(piece.Use);
            ulong[] results = new ulong[piece.Use.Kernel.Body.Results.Length];
            ImmutableArray<ScalarType> types = piece.Use.Kernel.ResultTypes;
            long[] target = new long[domain.Rank];
            while (walk.Next())
            {
                long linear = BoxWalk.Position(domain, walk.Index);
                if (!kernel.TryRun(walk.Index, arguments, results, out KernelTrap trap))
                {
                    throw run.At(linear, trap);
                }
                NoteNaN(run, kernel, types, results, linear);
                for (int axis = 0; axis < target.Length; axis++)
                {
                    target[axis] = walk.Index[axis] - (map.Origin.IsDefaultOrEmpty ? 0 : map.Origin[axis]);
                }
                int column = 0;
                foreach (ArrayValue output in run.Outputs)
                {
                    output.Write(target, results.AsSpan(column, output.Columns));
                    column += output.Columns;
                }
            }
        }
    }

    /// <summary>Copies the bases where no piece computes: pieces are written over them afterwards.</summary>
    private static void CopyBases(NodeRun run, MapOperation map, Box computed)
    {
        if (map.Bases.IsDefaultOrEmpty)
        {
            return;
        }
        Box[] covered = [.. map.Pieces.Select(p => Shift(run.BoxOf(p.Domain), map.Origin, -1))];
        List<Box> shown = [computed];
        foreach (Box hole in covered)
        {
            shown = [.. shown.SelectMany(box => box.Subtract(hole))];
        }
        for (int output = 0; output < run.Outputs.Length; output++)
        {
            ArrayValue source = run.Inputs[map.Bases[output]];
            ulong[] element = new ulong[source.Columns];
            foreach (Box box in shown)
            {
                for (var walk = new BoxWalk(box.Intersect(ComputedBox(run.Outputs[output]))); walk.Next();)
                {
                    source.Read(walk.Index, element);
                    run.Outputs[output].Write(walk.Index, element);
                }
            }
        }
    }

    private static void RunView(NodeRun run, ViewOperation view)
    {
        (ArrayValue source, ArrayValue output) = (run.Inputs[0], run.Outputs[0]);
        long[] offsets = [.. view.Maps.Select((_, axis) => view.Offsets.IsDefaultOrEmpty ? 0 : view.Offsets[axis].Evaluate(run.IntegerOf))];
        long[] place = new long[view.Maps.Length];
        ulong[] element = new ulong[source.Columns];
        for (var walk = new BoxWalk(ComputedBox(output)); walk.Next();)
        {
            for (int axis = 0; axis < place.Length; axis++)
            {
                place[axis] = offsets[axis] + view.Maps[axis].Constant;
                foreach (AffineTerm term in view.Maps[axis].Terms)
                {
                    place[axis] += term.Coefficient * walk.Index[term.Atom.Id];
                }
                if (place[axis] < 0 || place[axis] >= source.Extent(axis))
                {
                    throw run.At(BoxWalk.Position(output.Type.Box, walk.Index), new KernelTrap(TrapKind.OutOfRange, SourceSpan.None, place[axis], source.Extent(axis)));
                }
            }
            source.Read(place, element);
            output.Write(walk.Index, element);
        }
    }

    private static void RunReshape(NodeRun run)
    {
        (ArrayValue source, ArrayValue output) = (run.Inputs[0], run.Outputs[0]);
        if (source.Type.Count != output.Type.Count)
        {
            throw new InternalErrorException($"{source.Type} cannot be reshaped to {output.Type}.");
        }
        long[] place = new long[source.Type.Rank];
        ulong[] element = new ulong[source.Columns];
        for (var walk = new BoxWalk(ComputedBox(output)); walk.Next();)
        {
            long position = BoxWalk.Position(output.Type.Box, walk.Index);
            for (int axis = place.Length - 1; axis >= 0; axis--)
            {
                (position, place[axis]) = Math.DivRem(position, source.Extent(axis));
            }
            source.Read(place, element);
            output.Write(walk.Index, element);
        }
    }

    private static Box ComputedBox(ArrayValue output) => output.Computed ?? output.Type.Box;

    private static Box HullOfComputed(ArrayValue[] outputs) => outputs.Select(ComputedBox).Aggregate((a, b) => a.Hull(b));

    private static Box Shift(Box box, ImmutableArray<long> origin, int sign) => origin.IsDefaultOrEmpty
        ? box
        : new Box([.. box.Low.Zip(origin, (low, o) => low + sign * o)], [.. box.High.Zip(origin, (high, o) => high + sign * o)]);

    private static void NoteNaN(NodeRun run, KernelInterpreter kernel, ImmutableArray<ScalarType> types, ulong[] results, long linear)
    {
        if (kernel.HasReadNaN || run.FirstNaN is not null)
        {
            return;
        }
        for (int column = 0; column < results.Length; column++)
        {
            if (ScalarBits.IsNaN(types[column], results[column]))
            {
                run.NoteNaN(linear, column);
                return;
            }
        }
    }
}
