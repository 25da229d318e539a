using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// A sweep: the domain in lexicographic order, each axis in its direction, read and written in place. The output's memory already holds the start, so
/// what precedes is new and all else old.
/// </summary>
internal static class SweepLowering
{
    public static LoweredOperation Lower(GraphNode node, SweepOperation operation)
    {
        int rank = operation.Domain.Rank;
        var function = new FunctionBuilder(node, "", rank);
        var kernel = new KernelLowering(function, operation.Use, self: 0);
        var output = new OutputColumns(function, operation.Outputs);
        EmitAxis(function, operation, [], index => output.Store(index, kernel.Emit(index)));
        return new LoweredOperation([function.Finish(new DomainBox(0), CutKind.None)], []) { Note = "runs in order on one worker" };
    }

    private static void EmitAxis(FunctionBuilder function, SweepOperation operation, ImmutableArray<Value> outer, Action<ImmutableArray<Value>> body)
    {
        int axis = outer.Length;
        if (axis == operation.Domain.Rank)
        {
            body(outer);
            return;
        }
        Value low = function.BoxLow[axis];
        Value high = function.BoxHigh[axis];
        function.For(low, high, position =>
        {
            Value index = operation.Domain.Axes[axis].IsReversed
                ? function.Subtract(function.Add(low, function.Add(high, -1)), position)
                : position;
            EmitAxis(function, operation, outer.Add(index), body);
        }, isOverBox: true);
    }
}
