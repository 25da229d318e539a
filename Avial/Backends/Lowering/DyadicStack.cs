using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Values combined by the fixed dyadic tree over their numbers 0, 1, …: node (level, m) is its left half combined with its right half, a
/// half without values is skipped. What is held is one node for each one bit of the count, as in a binary counter.
/// </summary>
internal sealed class DyadicStack
{
    private const int Levels = 64;

    private readonly FunctionBuilder _function;
    private readonly int[] _nodes;

    public DyadicStack(FunctionBuilder function, ReadOnlySpan<ScalarType> columns)
    {
        _function = function;
        _nodes = new int[columns.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            _nodes[column] = function.Local("nodes", columns[column], Levels);
        }
    }

    /// <summary>Adds value number <paramref name="count"/>; gives the next count.</summary>
    public Value Push(Value count, Value[] value, Func<Value[], Value[], Value[]> combine)
    {
        // A carry in the count is a combination: while the lowest bit left is set, that level's node is the left half.
        Value[] last = _function.While([count, _function.Constant(0), .. value],
            carried => _function.Compare(CompareOp.NotEqual, _function.Binary(BinaryOp.And, carried[0], _function.Constant(1)), _function.Constant(0)),
            carried =>
            {
                Value level = carried[1];
                return [_function.ShiftRight(carried[0], 1), _function.Add(level, 1), .. combine(Node(level), carried[2..])];
            });
        for (int column = 0; column < _nodes.Length; column++)
        {
            _function.Store(_nodes[column], last[1], last[2 + column]);
        }
        return _function.Add(count, 1);
    }

    /// <summary>The value of all; <paramref name="empty"/> when there are none.</summary>
    public Value[] Result(Value count, Value[] empty, Func<Value[], Value[], Value[]> combine)
    {
        // From the lowest level up: each node lies to the left of those before it.
        Value[] last = _function.While([count, _function.Constant(0), _function.Constant(false), .. empty],
            carried => _function.Compare(CompareOp.NotEqual, carried[0], _function.Constant(0)),
            carried =>
            {
                Value level = carried[1];
                Value hasValue = carried[2];
                Value[] value = carried[3..];
                Value isHeld = _function.Compare(CompareOp.NotEqual, _function.Binary(BinaryOp.And, carried[0], _function.Constant(1)), _function.Constant(0));
                Value[] next = _function.If(isHeld,
                    () => _function.If(hasValue, () => combine(Node(level), value), () => Node(level)),
                    () => value);
                return [_function.ShiftRight(carried[0], 1), _function.Add(level, 1), _function.Or(hasValue, isHeld), .. next];
            });
        return last[3..];
    }

    private Value[] Node(Value level) => [.. _nodes.Select(node => _function.LoadNow(node, level))];
}
