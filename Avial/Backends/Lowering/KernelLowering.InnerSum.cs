using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// The canonical inner sum (rule 3). A chunk is the terms between two absolute multiples of 256, from +0 ascending, by fma where the term is
/// a product; a group is 64 chunks, added left to right; groups are added by the dyadic tree over their number, counted from the first.
/// <code>
/// for group in From >> 14 .. ((To - 1) >> 14) + 1
///     for chunk in the group, cut to From .. To
///         s = +0; for k in the chunk, cut to From .. To: s += term(k)
///         g += s
///     the only group: the result; else push g on the dyadic stack
/// </code>
/// </summary>
/// <remarks>Sums start at -0 where nothing has been added yet: -0 + x is x for every x, so the first addition is exact.</remarks>
internal sealed partial class KernelLowering
{
    private const int ChunkBits = 8;
    private const int GroupBits = 14;

    private Value Lower(InnerSumInstruction sum)
    {
        Value from = Of(sum.From);
        Value to = Of(sum.To);
        ScalarType type = AccumulatorType(sum.Result.Type);
        Value total = IsWorthUnrolling(sum.Body, from, to, out long first, out long count)
            && first >> ChunkBits == (first + Math.Max(count, 1) - 1) >> ChunkBits
            ? UnrolledChunk(sum, type, first, count)
            : WithRangeChecks(sum.Body, from, to, () => [LoweredSum(sum, type, from, to)])[0];
        return _function.Convert(total, sum.Result.Type);
    }

    /// <summary>Half accumulates in float.</summary>
    public static ScalarType AccumulatorType(ScalarType type) => type == ScalarType.F16 ? ScalarType.F32 : type;

    private Value UnrolledChunk(InnerSumInstruction sum, ScalarType type, long first, long count)
    {
        Value chunk = _function.Zero(type);
        for (long k = first; k < first + count; k++)
        {
            chunk = AddTerm(sum, type, _function.Constant(k), chunk);
        }
        return chunk;
    }

    private Value AddTerm(InnerSumInstruction sum, ScalarType type, Value k, Value chunk)
    {
        Define(sum.Body.Parameters[0], k);
        Value[] term = [.. Lower(sum.Body).Select(t => _function.Convert(t, type))];
        return sum.IsProduct ? _function.Fma(term[0], term[1], chunk) : _function.Binary(BinaryOp.Add, chunk, term[0], Motion.OutOfLoops);
    }

    private Value LoweredSum(InnerSumInstruction sum, ScalarType type, Value from, Value to)
    {
        Value nothing = NegativeZero(_function, type);
        if (IsInOneChunk(from, to))
        {
            return Chunk(sum, type, from, to);
        }
        Value last = _function.Add(to, -1);
        Value firstGroup = _function.ShiftRight(from, GroupBits);
        Value groupsEnd = _function.Add(_function.ShiftRight(last, GroupBits), 1);
        Value isEmpty = _function.Compare(CompareOp.LessOrEqual, to, from);
        Value isOneGroup = _function.Or(isEmpty, _function.Compare(CompareOp.Equal, _function.Add(firstGroup, 1), groupsEnd));

        var stack = new DyadicStack(_function, [type]);
        Value[] carried = _function.For(firstGroup, groupsEnd, [nothing, _function.Constant(0)], (group, state) =>
        {
            Value groupSum = Group(sum, type, group, from, to);
            return _function.If(isOneGroup,
                () => [groupSum, state[1]],
                () => [groupSum, stack.Push(state[1], [groupSum], AddColumns)]);
        });
        return _function.If(isOneGroup,
            () => [_function.Select(isEmpty, _function.Zero(type), carried[0])],
            () => stack.Result(carried[1], [_function.Zero(type)], AddColumns))[0];
    }

    private Value Group(InnerSumInstruction sum, ScalarType type, Value group, Value from, Value to)
    {
        Value first = _function.Max(_function.ShiftLeft(group, GroupBits - ChunkBits), _function.ShiftRight(from, ChunkBits));
        Value end = _function.Min(
            _function.ShiftLeft(_function.Add(group, 1), GroupBits - ChunkBits),
            _function.Add(_function.ShiftRight(_function.Add(to, -1), ChunkBits), 1));
        return _function.For(first, end, [NegativeZero(_function, type)], (chunk, groupSum) =>
        {
            Value start = _function.Max(_function.ShiftLeft(chunk, ChunkBits), from);
            Value stop = _function.Min(_function.ShiftLeft(_function.Add(chunk, 1), ChunkBits), to);
            return [_function.Binary(BinaryOp.Add, groupSum[0], Chunk(sum, type, start, stop))];
        })[0];
    }

    private Value Chunk(InnerSumInstruction sum, ScalarType type, Value start, Value stop) =>
        _function.For(start, stop, [_function.Zero(type)], (k, chunk) => [AddTerm(sum, type, k, chunk[0])])[0];

    private bool IsInOneChunk(Value from, Value to) =>
        _function.IsConstant(from, out ulong low) && _function.IsConstant(to, out ulong high)
        && (long)low >> ChunkBits == ((long)high - 1) >> ChunkBits;

    private Value[] AddColumns(Value[] left, Value[] right) => [_function.Binary(BinaryOp.Add, left[0], right[0])];

    /// <summary>The neutral start of a float sum: -0 + x is x.</summary>
    public static Value NegativeZero(FunctionBuilder function, ScalarType type) =>
        function.Constant(type, type == ScalarType.F64 ? 1ul << 63 : 1ul << 31);
}
