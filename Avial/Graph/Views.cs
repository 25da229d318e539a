using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Records views: slices, transposes, reversals, reshapes. They move nothing; readers read through them.</summary>
internal static class Views
{
    public static NodeOutput Slice(NodeOutput array, ReadOnlySpan<Domain1D> ranges)
    {
        ArrayType type = array.Type;
        List<NodeOutput> inputs = [array];
        var maps = new AffineIndex[type.Rank];
        var offsets = new LinearBound[type.Rank];
        var extents = new long[type.Rank];
        bool isCertain = true;
        for (int axis = 0; axis < type.Rank; axis++)
        {
            Domain1D range = ranges[axis];
            Bound length = range.End - range.Start;
            if (!length.IsConstant)
            {
                throw Throw.SymbolicExtent(range.ToString(), array.Node.Span);
            }
            if (length.Constant < 0)
            {
                throw Throw.NegativeExtent(axis, range.ToString(), array.Node.Span);
            }
            if (range.Start.IsConstant && length.Constant > 0 && (range.Start.Constant < 0 || range.End.Constant > type.Extents[axis]))
            {
                throw Throw.SliceOutside(axis, range.ToString(), type, array.Node.Name);
            }
            isCertain &= StepBounds.IsInside(array, axis, range.Start, length.Constant, range.ToString());
            extents[axis] = length.Constant;
            offsets[axis] = IndexBox.ToLinear(range.Start, inputs);
            maps[axis] = range.IsReversed ? Index(axis) * -1 + (length.Constant - 1) : Index(axis);
        }
        return Make(inputs, type.Element, extents, maps, offsets, isCertain);
    }

    public static NodeOutput Permute(NodeOutput array, ReadOnlySpan<int> axes)
    {
        ArrayType type = array.Type;
        var maps = new AffineIndex[type.Rank];
        var extents = new long[type.Rank];
        for (int axis = 0; axis < type.Rank; axis++)
        {
            if (axes[axis] < 0 || axes[axis] >= type.Rank || axes[..axis].Contains(axes[axis]))
            {
                throw Throw.WrongAxis(axes[axis], type.Rank, array.Node.Span);
            }
            extents[axis] = type.Extents[axes[axis]];
            maps[axes[axis]] = Index(axis);
        }
        return Make([array], type.Element, extents, maps, new LinearBound[type.Rank]);
    }

    /// <summary>The slice at one index of an axis, one dimension less.</summary>
    public static NodeOutput Select(NodeOutput array, int axis, Bound index)
    {
        ArrayType type = array.Type;
        CheckAxis(array, axis);
        if (index.IsConstant && (index.Constant < 0 || index.Constant >= type.Extents[axis]))
        {
            throw Throw.SliceOutside(axis, index.ToString(), type, array.Node.Name);
        }
        bool isCertain = StepBounds.IsInside(array, axis, index, 1, index.ToString());
        List<NodeOutput> inputs = [array];
        var maps = new AffineIndex[type.Rank];
        var offsets = new LinearBound[type.Rank];
        for (int a = 0; a < type.Rank; a++)
        {
            maps[a] = a == axis ? AffineIndex.Zero : Index(a < axis ? a : a - 1);
        }
        offsets[axis] = IndexBox.ToLinear(index, inputs);
        return Make(inputs, type.Element, [.. type.Extents.RemoveAt(axis)], maps, offsets, isCertain);
    }

    public static NodeOutput Diagonal(NodeOutput array)
    {
        ArrayType type = array.Type;
        long length = type.Extents.Min();
        return Make([array], type.Element, [length], [.. Enumerable.Repeat(Index(0), type.Rank)], new LinearBound[type.Rank]);
    }

    public static NodeOutput Strided(NodeOutput array, int axis, long step)
    {
        CheckAxis(array, axis);
        if (step < 1)
        {
            throw Throw.WrongStride(step, array.Node.Span);
        }
        ArrayType type = array.Type;
        long length = (type.Extents[axis] + step - 1) / step;
        AffineIndex[] maps = [.. Enumerable.Range(0, type.Rank).Select(a => a == axis ? Index(a) * step : Index(a))];
        return Make([array], type.Element, [.. type.Extents.SetItem(axis, length)], maps, new LinearBound[type.Rank]);
    }

    public static NodeOutput Reversed(NodeOutput array, int axis)
    {
        CheckAxis(array, axis);
        ArrayType type = array.Type;
        AffineIndex[] maps = [.. Enumerable.Range(0, type.Rank).Select(a => a == axis ? Index(a) * -1 + (type.Extents[a] - 1) : Index(a))];
        return Make([array], type.Element, [.. type.Extents], maps, new LinearBound[type.Rank]);
    }

    public static NodeOutput Reshape(NodeOutput array, ReadOnlySpan<long> extents)
    {
        var type = new ArrayType(array.Type.Element, [.. extents]);
        foreach (long extent in extents)
        {
            if (extent < 0)
            {
                throw Throw.NegativeExtent(0, type.Shape, array.Node.Span);
            }
        }
        if (type.Count != array.Type.Count)
        {
            throw Throw.WrongReshape(array.Type, type, array.Node.Span);
        }
        return new NodeOutput(new Node(OperationTable.Intern(new ReshapeOperation { Outputs = [type] }), [array], [], array.Node.Span), 0);
    }

    private static AffineIndex Index(int axis) => AffineIndex.Of(new Value(axis, ScalarType.I64));

    private static void CheckAxis(NodeOutput array, int axis)
    {
        if (axis < 0 || axis >= array.Type.Rank)
        {
            throw Throw.WrongAxis(axis, array.Type.Rank, array.Node.Span);
        }
    }

    /// <summary>The node of a view. One that some step may move outside the array (<paramref name="isCertain"/> false) is a copy that checks its reads instead.</summary>
    private static NodeOutput Make(List<NodeOutput> inputs, ElementLayout element, long[] extents, AffineIndex[] maps, LinearBound[] offsets, bool isCertain = true)
    {
        var view = new ViewOperation([.. maps], [.. offsets]) { Outputs = [new ArrayType(element, [.. extents])] };
        Operation operation = isCertain ? view : CopyKernels.OfView(view, inputs[0].Node.Span);
        return new NodeOutput(new Node(OperationTable.Intern(operation), [.. inputs], [], inputs[0].Node.Span), 0);
    }
}
