using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Passes;

/// <summary>
/// Copies blocks of one kernel into builders of another, with fresh value numbers. Index variables of the copied kernel may stand for affine sums
/// of the target's values; what becomes of its parameters, extents and loads is decided by the derived class.
/// </summary>
internal abstract class KernelCopier
{
    private readonly Dictionary<int, Value> _values = [];
    private readonly Dictionary<int, AffineIndex> _affine = [];

    /// <summary>From now on this value of the copied kernel is that one.</summary>
    protected void Bind(Value from, Value to) => _values[from.Id] = to;

    /// <summary>From now on this value of the copied kernel is an affine sum.</summary>
    protected void Bind(Value from, AffineIndex to) => _affine[from.Id] = to;

    /// <summary>Copies the instructions of a block to the end of a builder.</summary>
    protected void CopyInstructions(Block block, BlockBuilder into)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            Copy(instruction, into);
        }
    }

    /// <summary>The target's value for a value of the copied kernel.</summary>
    protected Value Map(Value value, BlockBuilder at)
    {
        if (_values.TryGetValue(value.Id, out Value known))
        {
            return known;
        }
        return _affine.TryGetValue(value.Id, out AffineIndex? index) ? at.Index(index)
            : throw new InternalErrorException($"Value {value} of a kernel is used before it is defined.");
    }

    /// <summary>The target's form of an affine index.</summary>
    protected AffineIndex Map(AffineIndex index) => index.Substitute(atom => _affine.TryGetValue(atom.Id, out AffineIndex? affine) ? affine
        : _values.TryGetValue(atom.Id, out Value known) ? AffineIndex.Of(known)
        : throw new InternalErrorException($"Atom {atom} of a kernel is used before it is defined."));

    /// <summary>A load of the copied kernel: gives the value in the target.</summary>
    protected abstract Value Load(LoadInstruction load, BlockBuilder at);

    /// <summary>An extent of the copied kernel.</summary>
    protected abstract Value Extent(ExtentInstruction extent, BlockBuilder at);

    private void Copy(Instruction instruction, BlockBuilder at)
    {
        switch (instruction)
        {
            case ConstantInstruction constant:
                Bind(constant.Result, at.Constant(constant.Result.Type, constant.Bits));
                break;
            case UnaryInstruction unary:
                Value operand = Map(unary.Operand, at);
                Define(unary, at, r => new UnaryInstruction(r, unary.Op, operand) { Span = unary.Span });
                break;
            case BinaryInstruction binary:
                Value left = Map(binary.Left, at);
                Value right = Map(binary.Right, at);
                Define(binary, at, r => new BinaryInstruction(r, binary.Op, left, right) { Span = binary.Span });
                break;
            case CompareInstruction compare:
                Value a = Map(compare.Left, at);
                Value b = Map(compare.Right, at);
                Define(compare, at, r => new CompareInstruction(r, compare.Op, a, b));
                break;
            case ConvertInstruction convert:
                Value converted = Map(convert.Operand, at);
                Define(convert, at, r => new ConvertInstruction(r, convert.Mode, converted) { Span = convert.Span });
                break;
            case SelectInstruction select:
                Bind(select.Result, at.Select(Map(select.Condition, at), Map(select.IfTrue, at), Map(select.IfFalse, at)));
                break;
            case FmaInstruction fma:
                Bind(fma.Result, at.Fma(Map(fma.A, at), Map(fma.B, at), Map(fma.C, at)));
                break;
            case RandomInstruction random:
                Value seed = Map(random.Seed, at);
                Value stream = Map(random.Stream, at);
                Value index = Map(random.Index, at);
                Define(random, at, r => new RandomInstruction(r, random.Kind, seed, stream, index));
                break;
            case MathInstruction math:
                ImmutableArray<Value> arguments = [.. math.Arguments.Select(v => Map(v, at))];
                Bind(math.Defined[0], at.Pure(math.Defined[0].Type, r => new MathInstruction([r], math.Function, arguments) { Span = math.Span }));
                break;
            case LoadInstruction load:
                Bind(load.Result, Load(load, at));
                break;
            case ExtentInstruction extent:
                Bind(extent.Result, Extent(extent, at));
                break;
            case TrapIfInstruction trap:
                at.Add(trap with { Condition = Map(trap.Condition, at), Operands = MapAll(trap.Operands, at), Details = MapAll(trap.Details, at) });
                break;
            default:
                CopyStructured(instruction, at);
                break;
        }
    }

    private void CopyStructured(Instruction instruction, BlockBuilder at)
    {
        switch (instruction)
        {
            case IfInstruction branch:
                Value condition = Map(branch.Condition, at);
                Block then = CopyBlock(branch.Then, at);
                Block otherwise = CopyBlock(branch.Else, at);
                at.Add(new IfInstruction(Fresh(branch.Defined, at), condition, then, otherwise) { Span = branch.Span });
                break;
            case ForInstruction loop:
                Value from = Map(loop.From, at);
                Value to = Map(loop.To, at);
                ImmutableArray<Value> seeds = MapAll(loop.Seeds, at);
                Block body = CopyBlock(loop.Body, at);
                at.Add(new ForInstruction(Fresh(loop.Defined, at), from, to, seeds, body) { Kind = loop.Kind, Step = loop.Step, Span = loop.Span });
                break;
            case InnerSumInstruction sum:
                Value low = Map(sum.From, at);
                Value high = Map(sum.To, at);
                Block term = CopyBlock(sum.Body, at);
                at.Add(new InnerSumInstruction(Fresh([sum.Result], at)[0], low, high, term) { Span = sum.Span });
                break;
            case WhileInstruction loop:
                ImmutableArray<Value> start = MapAll(loop.Seeds, at);
                Block test = CopyBlock(loop.Condition, at);
                Block step = CopyBlock(loop.Body, at);
                at.Add(new WhileInstruction(Fresh(loop.Defined, at), start, test, step, loop.Cap) { Span = loop.Span });
                break;
            default:
                throw new InternalErrorException($"{instruction.GetType().Name} does not occur in kernels.");
        }
    }

    private Block CopyBlock(Block block, BlockBuilder parent)
    {
        BlockBuilder inner = parent.Nested();
        ImmutableArray<Value> parameters = Fresh(block.Parameters, inner);
        CopyInstructions(block, inner);
        ImmutableArray<Value> results = MapAll(block.Results, inner);
        return inner.Finish(parameters, results);
    }

    private void Define(SingleResultInstruction old, BlockBuilder at, Func<Value, Instruction> make) => Bind(old.Result, at.Pure(old.Result.Type, make));

    private ImmutableArray<Value> Fresh(ImmutableArray<Value> old, BlockBuilder at)
    {
        var fresh = ImmutableArray.CreateBuilder<Value>(old.Length);
        foreach (Value value in old)
        {
            Value created = at.Numbers.New(value.Type);
            Bind(value, created);
            fresh.Add(created);
        }
        return fresh.MoveToImmutable();
    }

    private ImmutableArray<Value> MapAll(ImmutableArray<Value> values, BlockBuilder at) => [.. values.Select(v => Map(v, at))];
}
