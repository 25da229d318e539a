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
    /// <summary>A chunk is 2^8 terms.</summary>
    public const int ChunkBits = 8;

    /// <summary>A group is 2^14 terms, 64 chunks.</summary>
    public const int GroupBits = 14;

    private Value Lower(InnerSumInstruction sum)
    {
        Value from = Of(sum.From);
        Value to = Of(sum.To);
        ScalarType type = AccumulatorType(sum.Result.Type);
        Value total = IsUnrolled(sum, from, to, out long first, out long count)
            ? UnrolledChunk(sum, type, first, count)
            : WithRangeChecks(sum.Body, from, to, () => LoweredSums(sum, type, from, to, [_values]))[0];
        return _function.Convert(total, sum.Result.Type);
    }

    private bool IsUnrolled(InnerSumInstruction sum, Value from, Value to, out long first, out long count) =>
        IsWorthUnrolling(sum.Body, from, to, out first, out count)
        && first >> ChunkBits == (first + Math.Max(count, 1) - 1) >> ChunkBits;

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

    /// <summary>The sums of several elements with the same range, run side by side: each keeps its own order.</summary>
    private Value[] LoweredSums(InnerSumInstruction sum, ScalarType type, Value from, Value to, Dictionary<int, Value>[] elements)
    {
        if (IsInOneChunk(from, to))
        {
            return Chunk(sum, type, from, to, elements);
        }
        Value last = _function.Add(to, -1);
        Value firstGroup = _function.ShiftRight(from, GroupBits);
        Value groupsEnd = _function.Add(_function.ShiftRight(last, GroupBits), 1);
        Value isEmpty = _function.Compare(CompareOp.LessOrEqual, to, from);
        Value isOneGroup = _function.Or(isEmpty, _function.Compare(CompareOp.Equal, _function.Add(firstGroup, 1), groupsEnd));

        Value[] zeros = [.. elements.Select(_ => _function.Zero(type))];
        var stack = new DyadicStack(_function, [.. elements.Select(_ => type)]);
        Value[] carried = _function.For(firstGroup, groupsEnd, [.. Nothing(type, elements), _function.Constant(0)], (group, state) =>
        {
            Value[] groupSums = Group(sum, type, group, from, to, elements);
            Value count = _function.If(isOneGroup, () => [state[^1]], () => [stack.Push(state[^1], groupSums, AddEach)])[0];
            return [.. groupSums, count];
        });
        return _function.If(isOneGroup,
            () => [.. carried[..^1].Select(total => _function.Select(isEmpty, _function.Zero(type), total))],
            () => stack.Result(carried[^1], zeros, AddEach));
    }

    private Value[] Group(InnerSumInstruction sum, ScalarType type, Value group, Value from, Value to, Dictionary<int, Value>[] elements)
    {
        Value first = _function.Max(_function.ShiftLeft(group, GroupBits - ChunkBits), _function.ShiftRight(from, ChunkBits));
        Value end = _function.Min(
            _function.ShiftLeft(_function.Add(group, 1), GroupBits - ChunkBits),
            _function.Add(_function.ShiftRight(_function.Add(to, -1), ChunkBits), 1));
        return _function.For(first, end, Nothing(type, elements), (chunk, groupSums) =>
        {
            (Value start, Value stop) = TermsOf(_function, chunk, from, to);
            return AddEach(groupSums, Chunk(sum, type, start, stop, elements));
        });
    }

    /// <summary>The terms of a chunk that lie in a range.</summary>
    public static (Value Start, Value Stop) TermsOf(FunctionBuilder function, Value chunk, Value from, Value to) =>
        (function.Max(function.ShiftLeft(chunk, ChunkBits), from), function.Min(function.ShiftLeft(function.Add(chunk, 1), ChunkBits), to));

    private Value[] Chunk(InnerSumInstruction sum, ScalarType type, Value start, Value stop, Dictionary<int, Value>[] elements)
    {
        Dictionary<int, Value> current = _values;
        Value[] chunks = _function.For(start, stop, [.. elements.Select(_ => _function.Zero(type))], (k, sums) =>
        {
            Value[] next = new Value[sums.Length];
            for (int element = 0; element < next.Length; element++)
            {
                _values = elements[element];
                next[element] = AddTerm(sum, type, k, sums[element]);
            }
            return next;
        });
        _values = current;
        return chunks;
    }

    private bool IsInOneChunk(Value from, Value to) =>
        _function.IsConstant(from, out ulong low) && _function.IsConstant(to, out ulong high)
        && (long)low >> ChunkBits == ((long)high - 1) >> ChunkBits;

    private Value[] Nothing(ScalarType type, Dictionary<int, Value>[] elements) => [.. elements.Select(_ => NegativeZero(_function, type))];

    private Value[] AddEach(Value[] left, Value[] right) => [.. left.Zip(right, (l, r) => _function.Binary(BinaryOp.Add, l, r))];

    /// <summary>The neutral start of a float sum: -0 + x is x.</summary>
    public static Value NegativeZero(FunctionBuilder function, ScalarType type) =>
        function.Constant(type, type == ScalarType.F64 ? 1ul << 63 : 1ul << 31);
}
