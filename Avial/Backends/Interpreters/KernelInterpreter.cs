using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>
/// The meaning of a kernel: evaluates it at one index, instruction by instruction, each operation rounded to its own type. It believes no proof:
/// every read is checked. One thread at a time may use an instance.
/// </summary>
internal sealed partial class KernelInterpreter
{
    private readonly Kernel _kernel;
    private readonly IKernelOperands _operands;
    private readonly ulong[] _values; // by value id
    private readonly long[] _place = new long[8]; // the index of the read at hand
    private KernelTrap _trap;

    public KernelInterpreter(Kernel kernel, IKernelOperands operands)
    {
        _kernel = kernel;
        _operands = operands;
        _values = new ulong[HighestId(kernel.Body) + 1];
    }

    /// <summary>True when a NaN came in by a parameter or a read of the last run.</summary>
    public bool HasReadNaN { get; private set; }

    /// <summary>
    /// Evaluates the kernel at an index, with its scalar parameters; <paramref name="results"/> gets one slot per result. False when it traps: then
    /// <paramref name="trap"/> says why.
    /// </summary>
    public bool TryRun(ReadOnlySpan<long> index, ReadOnlySpan<ulong> parameters, Span<ulong> results, out KernelTrap trap)
    {
        ReadOnlySpan<Value> indices = _kernel.Indices;
        ReadOnlySpan<Value> scalars = _kernel.Parameters;
        if (index.Length != indices.Length || parameters.Length != scalars.Length)
        {
            throw new InternalErrorException(
                $"A kernel with {indices.Length} indices and {scalars.Length} parameters was given {index.Length} and {parameters.Length}.");
        }
        HasReadNaN = false;
        for (int axis = 0; axis < index.Length; axis++)
        {
            Set(indices[axis], index[axis]);
        }
        for (int i = 0; i < parameters.Length; i++)
        {
            Set(scalars[i], parameters[i]);
            HasReadNaN |= ScalarBits.IsNaN(scalars[i].Type, parameters[i]);
        }
        if (!TryRun(_kernel.Body))
        {
            trap = _trap;
            return false;
        }
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Get(_kernel.Body.Results[i]);
        }
        trap = default;
        return true;
    }

    private bool TryRun(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            if (!TryRun(instruction))
            {
                return false;
            }
        }
        return true;
    }

    private bool TryRun(Instruction instruction)
    {
        ulong result;
        TrapKind trap;
        switch (instruction)
        {
            case ConstantInstruction constant:
                Set(constant.Result, constant.Bits);
                return true;
            case BinaryInstruction binary:
                if (!ScalarArithmetic.TryBinary(binary.Op, binary.Result.Type, Get(binary.Left), Get(binary.Right), out result, out trap))
                {
                    return Stop(trap, instruction);
                }
                Set(binary.Result, result);
                return true;
            case UnaryInstruction unary:
                if (!ScalarArithmetic.TryUnary(unary.Op, unary.Result.Type, Get(unary.Operand), out result, out trap))
                {
                    return Stop(trap, instruction);
                }
                Set(unary.Result, result);
                return true;
            case CompareInstruction compare:
                Set(compare.Result, ScalarArithmetic.Compare(compare.Op, compare.Left.Type, Get(compare.Left), Get(compare.Right)));
                return true;
            case ConvertInstruction convert:
                if (!ScalarArithmetic.TryConvert(convert.Mode, convert.Operand.Type, convert.Result.Type, Get(convert.Operand), out result, out trap))
                {
                    return Stop(trap, instruction);
                }
                Set(convert.Result, result);
                return true;
            case SelectInstruction select:
                Set(select.Result, Get(IsTrue(select.Condition) ? select.IfTrue : select.IfFalse));
                return true;
            case FmaInstruction fma:
                Set(fma.Result, ScalarArithmetic.Fma(fma.Result.Type, Get(fma.A), Get(fma.B), Get(fma.C)));
                return true;
            case LoadInstruction load:
                return TryLoad(load);
            case ExtentInstruction extent:
                Set(extent.Result, _operands.Extent(extent.Operand, extent.Axis));
                return true;
            case MathInstruction math:
                return TryCall(math);
            case RandomInstruction random:
                Set(random.Result, Draw(random));
                return true;
            case IfInstruction choice:
                return TryIf(choice);
            case ForInstruction loop:
                return TryFor(loop);
            case WhileInstruction loop:
                return TryWhile(loop);
            case InnerSumInstruction sum:
                return TrySum(sum);
            case TrapIfInstruction trapIf:
                return !IsTrue(trapIf.Condition) || StopIf(trapIf);
            default:
                throw new InternalErrorException($"{instruction.GetType().Name} does not occur in kernels.");
        }
    }

    private bool TryCall(MathInstruction math)
    {
        Span<ulong> arguments = stackalloc ulong[math.Arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Get(math.Arguments[i]);
        }
        if (!ScalarCalls.TryCall(math.Function, arguments, out ulong result, out TrapKind trap))
        {
            return Stop(trap, math);
        }
        Set(math.Defined[0], result);
        return true;
    }

    private ulong Draw(RandomInstruction random)
    {
        (ulong seed, ulong stream, long index) = (Get(random.Seed), Get(random.Stream), unchecked((long)Get(random.Index)));
        return (random.Kind, random.Result.Type) switch
        {
            (RandomKind.Uniform, ScalarType.F16) => ScalarBits.Of(Philox.Uniform16(seed, stream, index)),
            (RandomKind.Uniform, ScalarType.F32) => ScalarBits.Of(Philox.Uniform32(seed, stream, index)),
            (RandomKind.Uniform, ScalarType.F64) => ScalarBits.Of(Philox.Uniform64(seed, stream, index)),
            (RandomKind.Normal, ScalarType.F16) => ScalarBits.Of(Philox.Normal16(seed, stream, index)),
            (RandomKind.Normal, ScalarType.F32) => ScalarBits.Of(Philox.Normal32(seed, stream, index)),
            (RandomKind.Normal, ScalarType.F64) => ScalarBits.Of(Philox.Normal64(seed, stream, index)),
            (RandomKind.Bits, ScalarType.U8) => ScalarBits.Of(unchecked((byte)Philox.Bits32(seed, stream, index))),
            (RandomKind.Bits, ScalarType.U16) => ScalarBits.Of(unchecked((ushort)Philox.Bits32(seed, stream, index))),
            (RandomKind.Bits, ScalarType.U32) => Philox.Bits32(seed, stream, index),
            (RandomKind.Bits, ScalarType.U64) => Philox.Bits64(seed, stream, index),
            _ => throw new InternalErrorException($"There are no {random.Kind} random numbers of type {random.Result.Type.Text()}."),
        };
    }

    private bool StopIf(TrapIfInstruction trapIf)
    {
        ImmutableArray<Value> details = trapIf.Details;
        _trap = new KernelTrap(trapIf.Kind, trapIf.Span,
            details.Length > 0 ? GetInteger(details[0]) : 0, details.Length > 1 ? GetInteger(details[1]) : 0);
        return false;
    }

    private bool Stop(TrapKind kind, Instruction instruction)
    {
        _trap = new KernelTrap(kind, instruction.Span);
        return false;
    }

    private ulong Get(Value value) => _values[value.Id];

    private long GetInteger(Value value) => unchecked((long)_values[value.Id]);

    private bool IsTrue(Value value) => _values[value.Id] != 0;

    private void Set(Value value, ulong bits) => _values[value.Id] = bits;

    private void Set(Value value, long integer) => _values[value.Id] = unchecked((ulong)integer);

    private void Set(Value value, bool truth) => _values[value.Id] = truth ? 1u : 0u;

    private static int HighestId(Block block)
    {
        int highest = -1;
        foreach (Value parameter in block.Parameters)
        {
            highest = Math.Max(highest, parameter.Id);
        }
        foreach (Instruction instruction in block.Instructions)
        {
            foreach (Value result in instruction.Results)
            {
                highest = Math.Max(highest, result.Id);
            }
            foreach (Block nested in instruction.Blocks())
            {
                highest = Math.Max(highest, HighestId(nested));
            }
        }
        return highest;
    }
}
