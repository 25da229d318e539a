using Avial.Diagnostics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <content>Scalar instructions and running state.</content>
internal sealed unsafe partial class LoopsCall
{
    private readonly Dictionary<int, BinnedSum32> _sums32 = [];
    private readonly Dictionary<int, BinnedSum64> _sums64 = [];

    private ulong Evaluate(SingleResultInstruction instruction)
    {
        TrapKind trap = default;
        ulong result = 0;
        bool isDefined = instruction switch
        {
            ConstantInstruction i => Is(i.Bits, out result),
            UnaryInstruction i => ScalarArithmetic.TryUnary(i.Op, i.Operand.Type, Get(i.Operand), out result, out trap),
            BinaryInstruction i => ScalarArithmetic.TryBinary(i.Op, i.Left.Type, Get(i.Left), Get(i.Right), out result, out trap),
            CompareInstruction i => Is(ScalarArithmetic.Compare(i.Op, i.Left.Type, Get(i.Left), Get(i.Right)), out result),
            ConvertInstruction i => ScalarArithmetic.TryConvert(i.Mode, i.Operand.Type, i.Result.Type, Get(i.Operand), out result, out trap),
            SelectInstruction i => Is(Get(IsTrue(i.Condition) ? i.IfTrue : i.IfFalse), out result),
            FmaInstruction i => Is(ScalarArithmetic.Fma(i.Result.Type, Get(i.A), Get(i.B), Get(i.C)), out result),
            OverflowInstruction i => Is(Overflows(i), out result),
            ConvertFitsInstruction i => Is(ScalarArithmetic.TryConvert(ConvertMode.Checked, i.Operand.Type, i.To, Get(i.Operand), out _, out _), out result),
            RandomInstruction i => Is(Draw(i), out result),
            _ => throw new InternalErrorException($"{instruction.GetType().Name} does not occur in loops."),
        };
        return isDefined ? result : throw new InternalErrorException($"{instruction} met operands that lowering should have trapped ({trap}).");
    }

    private static bool Is(ulong bits, out ulong result)
    {
        result = bits;
        return true;
    }

    private static bool Is(bool value, out ulong result) => Is(value ? 1u : 0u, out result);

    private bool Overflows(OverflowInstruction overflow)
    {
        BinaryOp op = overflow.Op switch
        {
            BinaryOp.Add => BinaryOp.AddChecked,
            BinaryOp.Subtract => BinaryOp.SubtractChecked,
            BinaryOp.Multiply => BinaryOp.MultiplyChecked,
            _ => throw new InternalErrorException($"There is no overflow test of {overflow.Op}."),
        };
        return !ScalarArithmetic.TryBinary(op, overflow.Left.Type, Get(overflow.Left), Get(overflow.Right), out _, out _);
    }

    private void Call(MathInstruction call)
    {
        ulong[] arguments = [.. call.Arguments.Select(Get)];
        bool isDefined = ScalarCalls.TryCall(call.Function, arguments, out ulong result, out TrapKind trap);
        Set(call.Defined[0], result);
        if (call.Defined.Length == 2)
        {
            Set(call.Defined[1], isDefined ? 0u : 1u);
        }
        else if (!isDefined)
        {
            throw new InternalErrorException($"{call.Function} failed ({trap}) without a trap to say so.");
        }
    }

    private ulong Draw(RandomInstruction random)
    {
        (ulong seed, ulong stream, long index) = (Get(random.Seed), Get(random.Stream), GetIndex(random.Index));
        return (random.Kind, random.Result.Type) switch
        {
            (RandomKind.Uniform, ScalarType.F16) => ScalarBits.Of(Philox.Uniform16(seed, stream, index)),
            (RandomKind.Normal, ScalarType.F16) => ScalarBits.Of(Philox.Normal16(seed, stream, index)),
            (RandomKind.Uniform, ScalarType.F32) => ScalarBits.Of(Philox.Uniform32(seed, stream, index)),
            (RandomKind.Uniform, ScalarType.F64) => ScalarBits.Of(Philox.Uniform64(seed, stream, index)),
            (RandomKind.Normal, ScalarType.F32) => ScalarBits.Of(Philox.Normal32(seed, stream, index)),
            (RandomKind.Normal, ScalarType.F64) => ScalarBits.Of(Philox.Normal64(seed, stream, index)),
            (RandomKind.Bits, ScalarType.U8) => (byte)Philox.Bits32(seed, stream, index),
            (RandomKind.Bits, ScalarType.U16) => (ushort)Philox.Bits32(seed, stream, index),
            (RandomKind.Bits, ScalarType.U32) => Philox.Bits32(seed, stream, index),
            (RandomKind.Bits, ScalarType.U64) => Philox.Bits64(seed, stream, index),
            _ => throw new InternalErrorException($"There are no {random.Kind} random numbers of type {random.Result.Type.Text()}."),
        };
    }

    private void Accumulate(Instruction instruction)
    {
        switch (instruction)
        {
            case AccumulatorInstruction { Type: ScalarType.F64 } i:
                _sums64[i.Slot] = default;
                break;
            case AccumulatorInstruction i:
                _sums32[i.Slot] = default;
                break;
            case AccumulateInstruction i when _sums64.TryGetValue(i.Slot, out BinnedSum64 sum):
                sum.Add(ScalarBits.To<double>(Get(i.Added)));
                _sums64[i.Slot] = sum;
                break;
            case AccumulateInstruction i:
                BinnedSum32 narrow = _sums32[i.Slot];
                narrow.Add(ScalarBits.To<float>(Get(i.Added)));
                _sums32[i.Slot] = narrow;
                break;
            case AccumulatorResultInstruction i:
                Set(i.Result, _sums64.TryGetValue(i.Slot, out BinnedSum64 wide) ? ScalarBits.Of(wide.Result()) : ScalarBits.Of(_sums32[i.Slot].Result()));
                break;
            case AccumulatorStoreInstruction i when _sums64.TryGetValue(i.Slot, out BinnedSum64 sum):
                *(BinnedSum64*)Address(i.Buffer, i.Offset) = sum;
                break;
            case AccumulatorStoreInstruction i:
                *(BinnedSum32*)Address(i.Buffer, i.Offset) = _sums32[i.Slot];
                break;
            case AccumulatorMergeInstruction i when _sums64.TryGetValue(i.Slot, out BinnedSum64 sum):
                sum.Merge(in *(BinnedSum64*)Address(i.Buffer, i.Offset));
                _sums64[i.Slot] = sum;
                break;
            case AccumulatorMergeInstruction i:
                BinnedSum32 merged = _sums32[i.Slot];
                merged.Merge(in *(BinnedSum32*)Address(i.Buffer, i.Offset));
                _sums32[i.Slot] = merged;
                break;
        }
    }
}
