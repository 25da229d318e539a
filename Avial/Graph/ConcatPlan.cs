using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>Where the parts of a concatenation lie along its axis.</summary>
internal static class ConcatPlan
{
    /// <summary>The start of each part and, last, the extent of all.</summary>
    public static long[] Starts<T>(IReadOnlyList<NdArray<T>> parts, int axis, SourceSpan span) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw Throw.ConcatOfNothing(span);
        }
        NodeOutput first = Recorder.Whole(parts[0]);
        if (axis < 0 || axis >= first.Type.Rank)
        {
            throw Throw.WrongAxis(axis, first.Type.Rank, span);
        }
        var starts = new long[parts.Count + 1];
        for (int p = 0; p < parts.Count; p++)
        {
            NodeOutput part = Recorder.Whole(parts[p]);
            if (!part.Type.Extents.RemoveAt(axis).AsSpan().SequenceEqual(first.Type.Extents.RemoveAt(axis).AsSpan()))
            {
                throw Throw.ConcatShapes(first.Type, first.Node.Name, part.Type, part.Node.Name, axis, span);
            }
            starts[p + 1] = starts[p] + part.Type.Extents[axis];
        }
        return starts;
    }
}
