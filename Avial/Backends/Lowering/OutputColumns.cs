using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>The columns of all outputs of an element-wise operation, in the kernel's order.</summary>
internal sealed class OutputColumns
{
    private readonly FunctionBuilder _function;
    private readonly ImmutableArray<long> _origin;
    private readonly List<int> _buffers = [];

    public OutputColumns(FunctionBuilder function, ImmutableArray<ArrayType> outputs, ImmutableArray<long> origin = default, bool isWritten = true)
    {
        _function = function;
        _origin = origin.IsDefault ? [] : origin;
        for (int output = 0; output < outputs.Length; output++)
        {
            ImmutableArray<ScalarType> columns = outputs[output].Element.ColumnTypes;
            for (int column = 0; column < columns.Length; column++)
            {
                _buffers.Add(function.Buffer(new BufferBinding(BufferSource.Output, output, column), columns[column], isWritten));
            }
        }
    }

    public int Count => _buffers.Count;

    public int Buffer(int column) => _buffers[column];

    /// <summary>The offset of a domain index; outputs of one operation have one shape.</summary>
    public Value Offset(ImmutableArray<Value> indices) => _function.Offset(
        [.. indices.Select((index, axis) => AffineIndex.Of(index) + (axis < _origin.Length ? -_origin[axis] : 0))],
        axis => _function.Scalar(new ScalarBinding(ScalarSource.OutputPitch, 0, axis)));

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
