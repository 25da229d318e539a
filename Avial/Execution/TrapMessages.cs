using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Execution;

/// <summary>What a trap says to the user: the task, the element, the expression.</summary>
internal static class TrapMessages
{
    public static AvialException Describe(TrapException exception, Region? region = null)
    {
        Trap trap = exception.Trap;
        GraphNode? node = exception.Node ?? region?.Nodes.FirstOrDefault(n => n.Order == trap.Order);
        string name = node?.Name ?? "a task";
        string place = node is null ? $"element {trap.LinearIndex}" : Index(node, trap.LinearIndex);
        SourceSpan span = trap.Site.Span != default && trap.Site.Span != SourceSpan.None ? trap.Site.Span : node?.Span ?? SourceSpan.None;
        return trap.Site.Kind switch
        {
            TrapKind.DivideByZero => Throw.DivideByZero(name, place, span),
            TrapKind.Overflow => Throw.Overflow(name, place, span),
            TrapKind.OutOfRange => Throw.ReadOutside(name, place, trap.OffendingIndex, trap.Extent, node?.Operation is ScatterOperation, span),
            TrapKind.EmptyRange => Throw.EmptyReduction(name, span),
            TrapKind.LoopCap => Throw.EndlessWhile(name, place, span),
            _ => Throw.MathDomain(name, place, span),
        };
    }

    /// <summary>The index of an element of a node's domain: <c>[3, 7]</c>.</summary>
    public static string Index(GraphNode node, long linear)
    {
        IterationDomain? domain = node.Operation switch
        {
            MapOperation { Pieces.Length: 1 } map => map.Pieces[0].Domain,
            ReduceOperation reduce => reduce.Domain,
            ScanOperation scan => scan.Domain,
            ScatterOperation scatter => scatter.Domain,
            SweepOperation sweep => sweep.Domain,
            _ => null,
        };
        if (domain is null || !domain.IsConstant || domain.Rank == 0)
        {
            return domain is { Rank: 0 } ? "its value" : $"element {linear}";
        }
        Box box = domain.ToBox();
        var index = new long[box.Rank];
        for (int axis = box.Rank - 1; axis >= 0; axis--)
        {
            long length = Math.Max(1, box.Length(axis));
            index[axis] = box.Low[axis] + linear % length;
            linear /= length;
        }
        return $"[{string.Join(", ", index)}]";
    }
}
