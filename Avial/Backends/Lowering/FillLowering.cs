using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>A fill: the node's scalars, one per column, everywhere.</summary>
internal static class FillLowering
{
    public static LoweredOperation Lower(GraphNode node, FillOperation operation)
    {
        ArrayType output = operation.Outputs[0];
        var function = new FunctionBuilder(node, "", output.Rank);
        var columns = new OutputColumns(function, operation.Outputs);
        ImmutableArray<ScalarType> types = output.Element.ColumnTypes;
        Value[] values = [.. types.Select((type, column) => function.Scalar(new ScalarBinding(ScalarSource.Captured, column), type))];
        EmitAxis(function, output.Rank, [], indices => columns.Store(indices, values));
        return new LoweredOperation([function.Finish(new DomainBox(0), CutKind.Any)], []);
    }

    private static void EmitAxis(FunctionBuilder function, int rank, ImmutableArray<Value> outer, Action<ImmutableArray<Value>> body)
    {
        int axis = outer.Length;
        if (axis == rank)
        {
            body(outer);
            return;
        }
        function.For(function.BoxLow[axis], function.BoxHigh[axis], index => EmitAxis(function, rank, outer.Add(index), body),
            axis == rank - 1 ? LoopKind.Simd : LoopKind.Threads, isOverBox: true);
    }
}
