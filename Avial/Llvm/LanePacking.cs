using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Llvm;

/// <summary>The same thing in each lane.</summary>
internal abstract record Lanes(ScalarType Type);

/// <summary>One value in all lanes.</summary>
internal sealed record SplatLanes(Value Value) : Lanes(Value.Type);

/// <summary>Constants.</summary>
internal sealed record ConstantLanes(ScalarType Type, ImmutableArray<ulong> Bits) : Lanes(Type);

/// <summary>A 64-bit integer that grows from lane to lane.</summary>
internal sealed record RisingLanes(Value First, long Step) : Lanes(ScalarType.I64);

/// <summary>What the loop carries from one iteration to the next.</summary>
internal sealed record CarriedLanes(int Group, ScalarType Type) : Lanes(Type);

/// <summary>Elements of a buffer that lie side by side.</summary>
internal sealed record LoadedLanes(int Buffer, Value Offset, ScalarType Type) : Lanes(Type);

/// <summary>One operation in each lane: <paramref name="First"/> is that of the first.</summary>
internal sealed record OperatedLanes(Instruction First, ImmutableArray<Lanes> Operands, ScalarType Type) : Lanes(Type);

/// <summary>
/// A loop that writes its lanes out (<c>s0 += x[k]; s1 += x[k + 1]; …</c>) as a loop over vectors. Lanes do the same operations in the same order as before: no bit changes.
/// </summary>
internal sealed class LanePacking
{
    private const int FewestLanes = 4;

    private readonly ForInstruction _loop;
    private readonly int _lanes;
    private readonly Dictionary<int, Instruction> _definitions = [];
    private readonly Func<Value, Instruction?> _definition;
    private readonly Dictionary<int, int> _carried = [];
    private readonly Dictionary<string, Lanes?> _packed = new(StringComparer.Ordinal);

    private LanePacking(ForInstruction loop, int lanes, Func<Value, Instruction?> outer)
    {
        _loop = loop;
        _lanes = lanes;
        foreach (Instruction instruction in loop.Body.Instructions)
        {
            foreach (Value result in instruction.Results)
            {
                _definitions[result.Id] = instruction;
            }
        }
        _definition = v => _definitions.GetValueOrDefault(v.Id) ?? (outer(v) is ConstantInstruction or BinaryInstruction ? outer(v) : null);
        for (int i = 0; i < loop.Seeds.Length; i++)
        {
            _carried[loop.Body.Parameters[i + 1].Id] = i;
        }
    }

    /// <summary>How many lanes there are.</summary>
    public int Width => _lanes;

    /// <summary>What each group of carried values becomes; group g holds the values g × lanes and those after it.</summary>
    public ImmutableArray<Lanes> Next { get; private set; } = [];

    /// <summary>
    /// True when any grouping of the iterations gives the same bits and starting more than once from the seeds too: each group only takes the least or greatest of itself and
    /// something else.
    /// </summary>
    public bool MayRegroup => Next.Select((n, g) => (Lanes: n, Group: g)).All(n => n.Lanes is OperatedLanes { First: BinaryInstruction { Op: BinaryOp.Min or BinaryOp.Max } } extreme
        && extreme.Operands is [CarriedLanes own, var other] && own.Group == n.Group && !Carries(other));

    /// <summary>What the loop's body defines.</summary>
    public IEnumerable<Value> ValuesInside => _loop.Body.Instructions.Where(i => i is not ConstantInstruction).SelectMany(i => i.Results);

    /// <summary>The instruction of the loop's body that defines a value; null for values from outside.</summary>
    public Instruction? DefinitionInside(Value value) => _definitions.GetValueOrDefault(value.Id);

    /// <summary>The packing of a loop; null where it has no lanes, or they do not do the same.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="outer">The instructions that define values outside the loop.</param>
    public static LanePacking? Of(ForInstruction loop, Func<Value, Instruction?> outer)
    {
        if (loop.Seeds.Length < FewestLanes || !loop.Body.Instructions.All(MayPack))
        {
            return null;
        }
        for (int lanes = loop.Seeds.Length; lanes >= FewestLanes; lanes--)
        {
            if (loop.Seeds.Length % lanes == 0 && int.IsPow2(lanes) && new LanePacking(loop, lanes, outer) is var packing && packing.TryPack())
            {
                return packing;
            }
        }
        return null;
    }

    private bool TryPack()
    {
        var next = ImmutableArray.CreateBuilder<Lanes>();
        for (int first = 0; first < _loop.Seeds.Length; first += _lanes)
        {
            if (Pack([.. _loop.Body.Results.AsSpan().Slice(first, _lanes)]) is not { } packed)
            {
                return false;
            }
            next.Add(packed);
        }
        Next = next.ToImmutable();
        return true;
    }

    private static bool Carries(Lanes lanes) => lanes is CarriedLanes || lanes is OperatedLanes operated && operated.Operands.Any(Carries);

    private Lanes? Pack(ImmutableArray<Value> values)
    {
        string key = string.Join(' ', values.Select(v => v.Id));
        if (!_packed.TryGetValue(key, out Lanes? known))
        {
            known = Find(values);
            _packed.Add(key, known);
        }
        return known;
    }

    private Lanes? Find(ImmutableArray<Value> values)
    {
        Value first = values[0];
        if (values.Any(v => v.Type != first.Type))
        {
            return null;
        }
        if (values.All(v => v == first))
        {
            return _carried.ContainsKey(first.Id) ? null : new SplatLanes(first);
        }
        if (_carried.TryGetValue(first.Id, out int position))
        {
            bool isGroup = position % _lanes == 0 && Enumerable.Range(0, _lanes).All(l => _carried.TryGetValue(values[l].Id, out int p) && p == position + l);
            return isGroup ? new CarriedLanes(position / _lanes, first.Type) : null;
        }
        if (values.Any(v => _carried.ContainsKey(v.Id)))
        {
            return null;
        }
        if (values.All(v => _definition(v) is ConstantInstruction))
        {
            return new ConstantLanes(first.Type, [.. values.Select(v => ((ConstantInstruction)_definition(v)!).Bits)]);
        }
        if (first.Type == ScalarType.I64 && StepOf(values) is { } step)
        {
            return new RisingLanes(first, step);
        }
        if (values.Any(v => !_definitions.ContainsKey(v.Id)))
        {
            return null;
        }
        Instruction[] instructions = [.. values.Select(v => _definitions[v.Id])];
        return instructions[0] is BufferLoadInstruction load ? PackLoads(load, instructions) : PackOperations(instructions, first.Type);
    }

    private LoadedLanes? PackLoads(BufferLoadInstruction first, Instruction[] instructions)
    {
        if (first.Result.Type == ScalarType.Bool || !instructions.All(i => i is BufferLoadInstruction load && load.Buffer == first.Buffer))
        {
            return null;
        }
        return StepOf([.. instructions.Select(i => ((BufferLoadInstruction)i).Offset)]) == 1 ? new LoadedLanes(first.Buffer, first.Offset, first.Result.Type) : null;
    }

    private OperatedLanes? PackOperations(Instruction[] instructions, ScalarType type)
    {
        Instruction first = instructions[0];
        if (!instructions.All(i => IsSame(first, i)))
        {
            return null;
        }
        ImmutableArray<Value>[] operands = [.. instructions.Select(i => i.Operands())];
        var packed = ImmutableArray.CreateBuilder<Lanes>();
        for (int operand = 0; operand < operands[0].Length; operand++)
        {
            if (Pack([.. operands.Select(o => o[operand])]) is not { } lanes)
            {
                return null;
            }
            packed.Add(lanes);
        }
        return new OperatedLanes(first, packed.ToImmutable(), type);
    }

    // By how much the values grow from lane to lane, where that is a constant.
    private long? StepOf(ImmutableArray<Value> values)
    {
        LinearForm[] forms = [.. values.Select(v => LinearForm.Of(v, _definition))];
        long? step = forms[1].Minus(forms[0]);
        for (int lane = 2; lane < forms.Length && step is not null; lane++)
        {
            step = forms[lane].Minus(forms[lane - 1]) == step ? step : null;
        }
        return step;
    }

    private static bool IsSame(Instruction a, Instruction b) => (a, b) switch
    {
        (UnaryInstruction x, UnaryInstruction y) => x.Op == y.Op,
        (BinaryInstruction x, BinaryInstruction y) => x.Op == y.Op,
        (CompareInstruction x, CompareInstruction y) => x.Op == y.Op && x.Left.Type == y.Left.Type,
        (ConvertInstruction x, ConvertInstruction y) => x.Operand.Type == y.Operand.Type && x.Result.Type == y.Result.Type,
        (SelectInstruction, SelectInstruction) or (FmaInstruction, FmaInstruction) => true,
        (MathInstruction x, MathInstruction y) => x.Function.Equals(y.Function),
        _ => false,
    };

    // What is done lane by lane without a call, and what only addresses need.
    private static bool MayPack(Instruction instruction) => instruction switch
    {
        ConstantInstruction or BufferLoadInstruction or SelectInstruction or CompareInstruction => true,
        UnaryInstruction or FmaInstruction => instruction.Results[0].Type != ScalarType.F16,
        BinaryInstruction i => i.Result.Type != ScalarType.F16 && i.Op is not (BinaryOp.Divide or BinaryOp.Remainder or BinaryOp.ShiftLeft or BinaryOp.ShiftRight)
            || i.Op == BinaryOp.Divide && i.Result.Type is ScalarType.F32 or ScalarType.F64,
        ConvertInstruction i => i.Operand.Type != ScalarType.F16 && i.Result.Type != ScalarType.F16 && (!i.Operand.Type.IsFloat() || i.Result.Type.IsFloat()),
        MathInstruction i => i.Defined.Length == 1 && InlineMath.IsLaneByLane(i.Function),
        _ => false,
    };
}
