using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.IR;

/// <summary>Hands out value numbers for one kernel or loops function.</summary>
internal sealed class ValueNumbers
{
    private int _next;

    public ValueNumbers(int first = 0) => _next = first;

    public int Next => _next;

    public Value New(ScalarType type) => new(_next++, type);
}

/// <summary>
/// Builds one block. Pure, trap-free instructions already in this block or an enclosing one are reused (value numbering),
/// so that common subexpressions are computed once; loads of the same place too.
/// </summary>
internal sealed class BlockBuilder
{
    private readonly ImmutableArray<Instruction>.Builder _instructions = ImmutableArray.CreateBuilder<Instruction>();
    private readonly Dictionary<Instruction, Value> _known = [];
    private readonly BlockBuilder? _parent;

    public BlockBuilder(ValueNumbers numbers, BlockBuilder? parent = null)
    {
        Numbers = numbers;
        _parent = parent;
    }

    public ValueNumbers Numbers { get; }

    /// <summary>The builder of the enclosing block, or null.</summary>
    public BlockBuilder? Parent => _parent;

    public BlockBuilder Nested() => new(Numbers, this);

    public Block Finish(ImmutableArray<Value> parameters, params ImmutableArray<Value> results) =>
        new(parameters, _instructions.ToImmutable(), results);

    /// <summary>True while nothing was added.</summary>
    public bool IsEmpty => _instructions.Count == 0;

    /// <summary>The instructions so far.</summary>
    public IReadOnlyList<Instruction> Instructions => _instructions;

    public void Add(Instruction instruction) => _instructions.Add(instruction);

    /// <summary>Takes over what a nested builder holds, to be executed always.</summary>
    public void Append(BlockBuilder nested)
    {
        _instructions.AddRange(nested._instructions);
        foreach (var (key, value) in nested._known)
        {
            _known.TryAdd(key, value);
        }
    }

    /// <summary>Adds a pure instruction made with a fresh result, or returns the value of an equal one.</summary>
    public Value Pure(ScalarType type, Func<Value, Instruction> make)
    {
        Instruction key = make(new Value(-1, type)) with { Span = SourceSpan.None };
        for (BlockBuilder? builder = this; builder is not null; builder = builder._parent)
        {
            if (builder._known.TryGetValue(key, out Value known))
            {
                return known;
            }
        }
        Value result = Numbers.New(type);
        _instructions.Add(make(result));
        _known[key] = result;
        return result;
    }

    public Value Constant(ScalarType type, ulong bits) => Pure(type, r => new ConstantInstruction(r, bits));

    public Value Constant(long value) => Constant(ScalarType.I64, (ulong)value);

    public Value Constant(bool value) => Constant(ScalarType.Bool, value ? 1u : 0u);

    public Value Unary(UnaryOp op, Value a) => Pure(a.Type, r => new UnaryInstruction(r, op, a));

    public Value Binary(BinaryOp op, Value a, Value b, SourceSpan span = default) =>
        Pure(a.Type, r => new BinaryInstruction(r, op, a, b) { Span = span });

    public Value Compare(CompareOp op, Value a, Value b) => Pure(ScalarType.Bool, r => new CompareInstruction(r, op, a, b));

    public Value Select(Value condition, Value ifTrue, Value ifFalse) =>
        ifTrue == ifFalse ? ifTrue : Pure(ifTrue.Type, r => new SelectInstruction(r, condition, ifTrue, ifFalse));

    public Value Convert(Value a, ScalarType to, ConvertMode mode = ConvertMode.Unchecked, SourceSpan span = default) =>
        a.Type == to ? a : Pure(to, r => new ConvertInstruction(r, mode, a) { Span = span });

    public Value Fma(Value a, Value b, Value c) => Pure(a.Type, r => new FmaInstruction(r, a, b, c));

    /// <summary>The i64 value of an affine index, as arithmetic.</summary>
    public Value Index(AffineIndex index)
    {
        Value? sum = null;
        foreach (AffineTerm term in index.Terms)
        {
            Value product = term.Coefficient == 1 ? term.Atom : Binary(BinaryOp.Multiply, term.Atom, Constant(term.Coefficient));
            sum = sum is { } s ? Binary(BinaryOp.Add, s, product) : product;
        }
        if (sum is not { } total)
        {
            return Constant(index.Constant);
        }
        return index.Constant == 0 ? total : Binary(BinaryOp.Add, total, Constant(index.Constant));
    }
}
