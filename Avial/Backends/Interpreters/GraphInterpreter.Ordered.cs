using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Interpreters;

/// <summary>Operations that visit their domain in an order: scans, scatters, sweeps.</summary>
internal sealed partial class GraphInterpreter
{
    private const int ScanLeafShift = 8; // 256 absolute indices

    private static void RunScan(NodeRun run, ScanOperation scan)
    {
        ArrayValue output = run.Outputs[0];
        Box domain = run.BoxOf(scan.Domain);
        bool isReversed = scan.Domain.Axes[scan.Axis].IsReversed;
        Box wanted = Shift(ComputedBox(output), domain.Low, 1).Intersect(domain);
        if (wanted.IsEmpty)
        {
            return;
        }
        // Everything from the scan's start up to the last wanted index.
        Box needed = isReversed
            ? wanted.With(scan.Axis, wanted.Low[scan.Axis], domain.High[scan.Axis])
            : wanted.With(scan.Axis, domain.Low[scan.Axis], wanted.High[scan.Axis]);
        ElementList elements = ElementList.Of(run, scan.Use, domain, needed, AccumulatedTypes(scan.Use.Kernel, scan.Combiner));
        Box starts = needed.With(scan.Axis, 0, 1);
        for (var walk = new BoxWalk(starts); walk.Next();)
        {
            ScanLine(run, scan, elements, walk.Index.ToArray(), isReversed, domain);
        }
    }

    /// <summary>
    /// Rule 4: leaves between multiples of 256 absolute indices, each running from its first element on; a leaf's offset is the value of all leaves
    /// before it, combined from left to right; a result is its leaf's offset combined with its running value.
    /// </summary>
    private static void ScanLine(NodeRun run, ScanOperation scan, ElementList elements, long[] place, bool isReversed, Box domain)
    {
        ArrayValue output = run.Outputs[0];
        var combine = new ElementCombiner(scan.Combiner, elements.Types);
        long[] target = new long[place.Length];
        ulong[]? offset = null;
        ulong[]? running = null;
        (long from, long to, int step) = (elements.Box.Low[scan.Axis], elements.Box.High[scan.Axis], 1);
        if (isReversed)
        {
            (from, to, step) = (to - 1, from - 1, -1);
        }
        for (long i = from; i != to; i += step)
        {
            if (i != from && i >> ScanLeafShift != (i - step) >> ScanLeafShift)
            {
                offset = Combine(offset, running!);
                running = null;
            }
            place[scan.Axis] = i;
            ulong[]? before = running;
            running = Combine(running, elements[place].ToArray());
            ulong[] result = scan.IsExclusive
                ? before is null ? offset ?? combine.Identity() : Combine(offset, before)
                : Combine(offset, running);
            for (int axis = 0; axis < place.Length; axis++)
            {
                target[axis] = place[axis] - domain.Low[axis];
            }
            for (int column = 0; column < output.Columns; column++)
            {
                output.Write(column, target, Convert(elements.Types[column], output.Type.Element.ColumnTypes[column], result[column]));
            }
        }

        ulong[] Combine(ulong[]? left, ulong[] right)
        {
            if (left is null)
            {
                return right;
            }
            ulong[] both = new ulong[right.Length];
            return combine.TryCombine(left, right, both, out KernelTrap trap) ? both : throw run.At(BoxWalk.Position(domain, place), trap);
        }
    }

    /// <summary>Rule 5: contributions in ascending source index.</summary>
    private static void RunScatter(NodeRun run, ScatterOperation scatter)
    {
        ArrayValue output = run.Outputs[0];
        CopyWhole(run.Inputs[scatter.Into], output);
        Box domain = run.BoxOf(scatter.Domain);
        KernelInterpreter kernel = run.InterpreterOf(scatter.Use);
        ulong[] arguments = run.ArgumentsOf(scatter.Use);
        ulong[] results = new ulong[output.Type.Rank + output.Columns];
        ulong[] element = new ulong[output.Columns];
        ImmutableArray<ScalarType> types = scatter.Use.Kernel.ResultTypes;
        var combine = new ElementCombiner(scatter.Combiner, output.Type.Element.ColumnTypes);
        long[] target = new long[output.Type.Rank];
        for (var walk = new BoxWalk(domain); walk.Next();)
        {
            long linear = BoxWalk.Position(domain, walk.Index);
            if (!kernel.TryRun(walk.Index, arguments, results, out KernelTrap trap))
            {
                throw run.At(linear, trap);
            }
            NoteNaN(run, kernel, types, results, linear);
            for (int axis = 0; axis < target.Length; axis++)
            {
                target[axis] = unchecked((long)results[axis]);
                if (target[axis] < 0 || target[axis] >= output.Extent(axis))
                {
                    throw run.At(linear, new KernelTrap(TrapKind.OutOfRange, SourceSpan.None, target[axis], output.Extent(axis)));
                }
            }
            output.ReadBack(target, element);
            if (!combine.TryCombine(element, results.AsSpan(target.Length), element, out trap))
            {
                throw run.At(linear, trap);
            }
            output.Write(target, element);
        }
    }

    /// <summary>In place, in order: what precedes is new, all else old.</summary>
    private static void RunSweep(NodeRun run, SweepOperation sweep)
    {
        var self = new ArrayValue(run.Outputs[0].Storage);
        CopyWhole(run.Inputs[sweep.Start], self);
        Box domain = run.BoxOf(sweep.Domain);
        KernelInterpreter kernel = run.InterpreterOf(sweep.Use, self);
        ulong[] arguments = run.ArgumentsOf(sweep.Use);
        ulong[] results = new ulong[self.Columns];
        ImmutableArray<ScalarType> types = sweep.Use.Kernel.ResultTypes;
        for (var walk = new BoxWalk(domain, [.. sweep.Domain.Axes.Select(a => a.IsReversed)]); walk.Next();)
        {
            long linear = BoxWalk.Position(domain, walk.Index);
            if (!kernel.TryRun(walk.Index, arguments, results, out KernelTrap trap))
            {
                throw run.At(linear, trap);
            }
            NoteNaN(run, kernel, types, results, linear);
            self.Write(walk.Index, results);
        }
    }

    private static void CopyWhole(ArrayValue source, ArrayValue target)
    {
        ulong[] element = new ulong[source.Columns];
        for (var walk = new BoxWalk(source.Type.Box); walk.Next();)
        {
            source.Read(walk.Index, element);
            target.Write(walk.Index, element);
        }
    }
}
