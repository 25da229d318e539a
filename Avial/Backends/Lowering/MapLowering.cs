using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// A map: one stage per piece, a nest over the part of the piece's box that the call is given. Where the operation has a base, the output's memory
/// already holds it (in place or copied): stages write their pieces only.
/// <code>
/// for i in box.low0 .. box.high0
///     for j in box.low1 .. box.high1: out[i - origin0, j - origin1] = kernel(i, j)
/// </code>
/// With borders, the innermost loop is split into an edge, an interior that no border reaches, and an edge, row by row.
/// </summary>
internal static class MapLowering
{
    public static LoweredOperation Lower(GraphNode node, MapOperation operation) => new(
        [.. operation.Pieces.Select((piece, number) => (object)LowerPiece(node, operation, piece, number))], []);

    private static LoweredStage LowerPiece(GraphNode node, MapOperation operation, MapPiece piece, int number)
    {
        int rank = piece.Domain.Rank;
        var function = new FunctionBuilder(node, operation.Pieces.Length == 1 ? "" : $"_{number}", rank);
        var kernel = new KernelLowering(function, piece.Use);
        var outputs = new OutputColumns(function, operation.Outputs, operation.Origin);
        BoxNest.Emit(function, kernel, rank, (indices, isInterior) => outputs.Store(indices, kernel.Emit(indices, isInterior)));
        return function.Finish(new DomainBox(number), CutKind.Any) with { Work = KernelWork.Executed(piece.Use.Kernel.Body) };
    }
}

/// <summary>The columns of all outputs of an element-wise operation, in the kernel's order.</summary>
internal sealed class OutputColumns
{
    private readonly FunctionBuilder _function;
    private readonly ImmutableArray<long> _origin;
    private readonly List<int> _buffers = [];

    public OutputColumns(FunctionBuilder function, ImmutableArray<ArrayType> outputs, ImmutableArray<long> origin = default)
    {
        _function = function;
        _origin = origin.IsDefault ? [] : origin;
        for (int output = 0; output < outputs.Length; output++)
        {
            ImmutableArray<ScalarType> columns = outputs[output].Element.ColumnTypes;
            for (int column = 0; column < columns.Length; column++)
            {
                _buffers.Add(function.Buffer(new BufferBinding(BufferSource.Output, output, column), columns[column], isWritten: true));
            }
        }
    }

    public int Count => _buffers.Count;

    public int Buffer(int column) => _buffers[column];

    /// <summary>The offset of a domain index; outputs of one operation have one shape.</summary>
    public Value Offset(ImmutableArray<Value> indices) => _function.Offset(
        [.. indices.Select((index, axis) => AffineIndex.Of(index) + (axis < _origin.Length ? -_origin[axis] : 0))],
        axis => _function.Scalar(new ScalarBinding(ScalarSource.OutputExtent, 0, axis)));

    /// <summary>Stores an element's columns.</summary>
    public void Store(ImmutableArray<Value> indices, Value[] columns) => StoreAt(Offset(indices), columns);

    /// <summary>Stores an element's columns at an offset.</summary>
    public void StoreAt(Value offset, Value[] columns)
    {
        for (int column = 0; column < columns.Length; column++)
        {
            _function.Store(_buffers[column], offset, columns[column]);
        }
    }

    /// <summary>Reads an element's columns back, as they are now.</summary>
    public Value[] LoadAt(Value offset) => [.. _buffers.Select(buffer => _function.LoadNow(buffer, offset))];
}
