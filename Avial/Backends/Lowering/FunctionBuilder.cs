using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>How far out of enclosing blocks a pure instruction may be moved.</summary>
internal enum Motion : byte
{
    /// <summary>Not at all: it is guarded where it stands.</summary>
    Stay,
    /// <summary>Out of loops over the box, which are never empty when they are reached: reads that are proved for the whole domain.</summary>
    OutOfBoxLoops,
    /// <summary>Out of any loop, but not out of an arm: work that may be dear.</summary>
    OutOfLoops,
    /// <summary>As far as its operands allow: index arithmetic.</summary>
    Anywhere,
}

/// <summary>
/// Builds one loops function: nested blocks, in which each pure instruction is placed in the outermost block that its operands and its
/// <see cref="Motion"/> allow, and is shared there.
/// </summary>
internal sealed partial class FunctionBuilder
{
    private enum ScopeKind : byte
    {
        Top,
        BoxLoop,
        Loop,
        Arm,
    }

    private sealed record Scope(Scope? Parent, ScopeKind Kind, BlockBuilder Builder)
    {
        public int Depth { get; } = Parent is null ? 0 : Parent.Depth + 1;
    }

    private readonly ValueNumbers _numbers = new();
    private readonly Dictionary<int, Scope> _homes = [];
    private readonly Dictionary<int, ulong> _constants = [];
    private readonly string _name;
    private Scope _scope;

    /// <summary>Starts a function of a node over a box of this rank; the suffix tells stages and pieces apart.</summary>
    public FunctionBuilder(GraphNode node, string suffix, int rank)
    {
        Node = node;
        _name = node.Name + suffix;
        _scope = new Scope(null, ScopeKind.Top, new BlockBuilder(_numbers));
        BoxLow = [.. Enumerable.Range(0, rank).Select(_ => Parameter(ScalarType.I64))];
        BoxHigh = [.. Enumerable.Range(0, rank).Select(_ => Parameter(ScalarType.I64))];
    }

    public GraphNode Node { get; }

    public ImmutableArray<Value> BoxLow { get; }

    public ImmutableArray<Value> BoxHigh { get; }

    /// <summary>The instructions of the block being built, for estimates.</summary>
    public IReadOnlyList<Instruction> CurrentInstructions => _scope.Builder.Instructions;

    /// <summary>How many blocks enclose the one that defines a value.</summary>
    public int DepthOf(Value value) => _homes[value.Id].Depth;

    public bool IsConstant(Value value, out ulong bits) => _constants.TryGetValue(value.Id, out bits);

    /// <summary>Adds an instruction with an effect, or with several results, where we stand.</summary>
    public void Add(Instruction instruction)
    {
        foreach (Value result in instruction.Results)
        {
            _homes[result.Id] = _scope;
        }
        _scope.Builder.Add(instruction);
    }

    public Value NewValue(ScalarType type) => _numbers.New(type);

    /// <summary>Adds a pure instruction, or returns the value of an equal one.</summary>
    public Value Pure(ScalarType type, Motion motion, ReadOnlySpan<Value> operands, Func<Value, Instruction> make)
    {
        int depth = 0;
        foreach (Value operand in operands)
        {
            depth = Math.Max(depth, _homes[operand.Id].Depth);
        }
        Scope target = _scope;
        while (target.Depth > depth && MayLeave(target.Kind, motion))
        {
            target = target.Parent!;
        }
        Value value = target.Builder.Pure(type, make);
        _homes.TryAdd(value.Id, target);
        return value;
    }

    /// <summary>A loop with carried values; the body gets the index and the carried values and returns the next ones.</summary>
    public Value[] For(
        Value from, Value to, Value[] seeds, Func<Value, Value[], Value[]> body, LoopKind kind = LoopKind.Serial, long step = 1, bool isOverBox = false)
    {
        Enter(isOverBox ? ScopeKind.BoxLoop : ScopeKind.Loop);
        Value index = Parameter(ScalarType.I64);
        Value[] carried = [.. seeds.Select(s => Parameter(s.Type))];
        Value[] next = body(index, carried);
        Block block = Leave([index, .. carried], next);
        if (kind == LoopKind.Simd && !IsStraightLine(block))
        {
            kind = LoopKind.Serial;
        }
        Value[] results = [.. seeds.Select(s => NewValue(s.Type))];
        Add(new ForInstruction([.. results], from, to, [.. seeds], block) { Kind = kind, Step = step });
        return results;
    }

    /// <summary>A loop without carried values.</summary>
    public void For(Value from, Value to, Action<Value> body, LoopKind kind = LoopKind.Serial, long step = 1, bool isOverBox = false) =>
        For(from, to, [], (index, _) =>
        {
            body(index);
            return [];
        }, kind, step, isOverBox);

    /// <summary>A loop over the call's part of an axis of the box.</summary>
    public Value[] ForBox(int axis, Value[] seeds, Func<Value, Value[], Value[]> body) =>
        For(BoxLow[axis], BoxHigh[axis], seeds, body, LoopKind.Threads, isOverBox: true);

    /// <summary>While the condition holds; both blocks get the carried values.</summary>
    public Value[] While(Value[] seeds, Func<Value[], Value> condition, Func<Value[], Value[]> body)
    {
        Enter(ScopeKind.Loop);
        Value[] tested = [.. seeds.Select(s => Parameter(s.Type))];
        Block conditionBlock = Leave([.. tested], [condition(tested)]);
        Enter(ScopeKind.Loop);
        Value[] carried = [.. seeds.Select(s => Parameter(s.Type))];
        Block bodyBlock = Leave([.. carried], body(carried));
        Value[] results = [.. seeds.Select(s => NewValue(s.Type))];
        Add(new WhileInstruction([.. results], [.. seeds], conditionBlock, bodyBlock, long.MaxValue));
        return results;
    }

    /// <summary>Lazy arms; arms that turn out empty become selects.</summary>
    public Value[] If(Value condition, Func<Value[]> then, Func<Value[]> otherwise)
    {
        if (IsConstant(condition, out ulong known))
        {
            return known != 0 ? then() : otherwise();
        }
        Enter(ScopeKind.Arm);
        Block thenBlock = Leave([], then());
        Enter(ScopeKind.Arm);
        Block elseBlock = Leave([], otherwise());
        if (thenBlock.Instructions.IsEmpty && elseBlock.Instructions.IsEmpty)
        {
            return [.. thenBlock.Results.Zip(elseBlock.Results, (a, b) => Select(condition, a, b))];
        }
        Value[] results = [.. thenBlock.Results.Select(r => NewValue(r.Type))];
        Add(new IfInstruction([.. results], condition, thenBlock, elseBlock));
        return results;
    }

    /// <summary>An arm for its effects.</summary>
    public void If(Value condition, Action then) => If(condition, then, () => { });

    /// <summary>Arms for their effects.</summary>
    public void If(Value condition, Action then, Action otherwise) => If(condition, () =>
    {
        then();
        return [];
    }, () =>
    {
        otherwise();
        return [];
    });

    private Value Parameter(ScalarType type)
    {
        Value value = NewValue(type);
        _homes[value.Id] = _scope;
        return value;
    }

    private void Enter(ScopeKind kind) => _scope = new Scope(_scope, kind, _scope.Builder.Nested());

    private Block Leave(ImmutableArray<Value> parameters, Value[] results)
    {
        Block block = _scope.Builder.Finish(parameters, [.. results]);
        _scope = _scope.Parent ?? throw new InternalErrorException("A block of a loops function was closed twice.");
        return block;
    }

    private static bool MayLeave(ScopeKind kind, Motion motion) => motion switch
    {
        Motion.Stay => false,
        Motion.OutOfBoxLoops => kind == ScopeKind.BoxLoop,
        Motion.OutOfLoops => kind != ScopeKind.Arm,
        _ => true,
    };

    private static bool IsStraightLine(Block block) => block.Instructions.All(i =>
        i is not (IfInstruction or ForInstruction or WhileInstruction or TrapIfInstruction or AccumulateInstruction or MathInstruction { Defined.Length: > 1 }));
}
