using System.Collections.Immutable;
using System.Reflection.Emit;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <summary>
/// Emits the IL of one loops function. A value lives in a local of its .NET type, or on the evaluation stack when its one use allows;
/// constants are written where they are used.
/// </summary>
internal sealed partial class FunctionEmitter
{
    private readonly LoopsFunction _function;
    private readonly ILGenerator _il;
    private readonly EmissionPlan _plan;
    private readonly LocalBuilder?[] _locals;
    private readonly LocalBuilder[] _buffers;

    // The counters of loops that are being unrolled.
    private readonly Dictionary<int, long> _unrolled = [];

    public FunctionEmitter(LoopsFunction function, ILGenerator il)
    {
        _function = function;
        _il = il;
        _plan = new EmissionPlan(function);
        _locals = new LocalBuilder?[_plan.ValueCount];
        _buffers = new LocalBuilder[function.Buffers.Length + function.Locals.Length];
    }

    public void Emit()
    {
        LoadBuffers();
        LoadSlots(_function.Scalars, OpCodes.Ldarg_1);
        LoadSlots(_function.BoxLow, OpCodes.Ldarg_2);
        LoadSlots(_function.BoxHigh, OpCodes.Ldarg_3);
        EmitBlock(_function.Body);
        _il.Emit(OpCodes.Ret);
        EmitTraps();
    }

    private void LoadBuffers()
    {
        for (int buffer = 0; buffer < _buffers.Length; buffer++)
        {
            _buffers[buffer] = _il.DeclareLocal(typeof(byte*));
            if (buffer < _function.Buffers.Length)
            {
                _il.Emit(OpCodes.Ldarg_0);
                PushSlotAddress(buffer, IntPtr.Size);
                _il.Emit(OpCodes.Ldind_I);
            }
            else
            {
                LocalBuffer memory = _function.Locals[buffer - _function.Buffers.Length];
                _il.Emit(OpCodes.Ldc_I4, checked(memory.Length * memory.Type.Size()));
                _il.Emit(OpCodes.Conv_U);
                _il.Emit(OpCodes.Localloc);
            }
            _il.Emit(OpCodes.Stloc, _buffers[buffer]);
        }
    }

    private ScalarType BufferType(int buffer) =>
        buffer < _function.Buffers.Length ? _function.Buffers[buffer].Type : _function.Locals[buffer - _function.Buffers.Length].Type;

    private void LoadSlots(ImmutableArray<Value> values, OpCode slots)
    {
        for (int slot = 0; slot < values.Length; slot++)
        {
            if (!_plan.IsUsed(values[slot]))
            {
                continue;
            }
            _il.Emit(slots);
            PushSlotAddress(slot, sizeof(long));
            EmitLoad(values[slot].Type);
            _il.Emit(OpCodes.Stloc, Local(values[slot]));
        }
    }

    private void PushSlotAddress(int slot, int size)
    {
        if (slot > 0)
        {
            _il.Emit(OpCodes.Ldc_I4, slot * size);
            _il.Emit(OpCodes.Add);
        }
    }

    private LocalBuilder Local(Value value) => _locals[value.Id] ??= _il.DeclareLocal(value.Type.ClrType());

    /// <summary>Pushes a value: a constant, the tree it is the root of, or its local.</summary>
    private void Push(Value value)
    {
        if (_unrolled.TryGetValue(value.Id, out long counter))
        {
            _il.Emit(OpCodes.Ldc_I8, counter);
        }
        else if (_plan.IsConstant(value, out ulong bits))
        {
            PushConstant(value.Type, bits);
        }
        else if (_plan.IsInline(value))
        {
            EmitExpression(_plan.Definition(value)!);
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, _locals[value.Id] ?? throw new InternalErrorException($"{value} is used before it is defined."));
        }
    }

    private void EmitBlock(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            switch (instruction)
            {
                case ConstantInstruction:
                case var _ when _plan.IsDead(instruction):
                    break;
                case IfInstruction branch:
                    EmitIf(branch);
                    break;
                case ForInstruction loop:
                    EmitFor(loop);
                    break;
                case WhileInstruction loop:
                    EmitWhile(loop);
                    break;
                case TrapIfInstruction trap:
                    EmitTrapIf(trap);
                    break;
                case BufferStoreInstruction store:
                    PushAddress(store);
                    Push(store.Stored);
                    EmitStore(BufferType(store.Buffer));
                    break;
                case AccumulatorInstruction or AccumulateInstruction or AccumulatorStoreInstruction or AccumulatorMergeInstruction:
                    EmitAccumulator(instruction);
                    break;
                case MathInstruction { Defined.Length: 2 } call:
                    EmitGuardedCall(call);
                    break;
                default:
                    EmitDefinition(instruction);
                    break;
            }
        }
    }

    private void EmitDefinition(Instruction instruction)
    {
        if (instruction.Results is not [Value result])
        {
            throw new InternalErrorException($"Managed code for {instruction.GetType().Name} is not known.");
        }
        if (_plan.IsInline(result))
        {
            return;
        }
        EmitExpression(instruction);
        _il.Emit(OpCodes.Stloc, Local(result));
    }

    /// <summary>Pushes the result of a single-result instruction.</summary>
    private void EmitExpression(Instruction instruction)
    {
        switch (instruction)
        {
            case UnaryInstruction i:
                EmitUnary(i);
                break;
            case BinaryInstruction i:
                EmitBinary(i);
                break;
            case CompareInstruction i:
                EmitCompare(i);
                break;
            case ConvertInstruction i:
                Push(i.Operand);
                EmitConvert(i.Operand.Type, i.Result.Type, i.Mode);
                break;
            case SelectInstruction i:
                EmitSelect(i);
                break;
            case OverflowInstruction i:
                EmitOverflow(i);
                break;
            case ConvertFitsInstruction i:
                EmitConvertFits(i);
                break;
            case FmaInstruction i:
                EmitFma(i);
                break;
            case MathInstruction i:
                EmitCall(i);
                break;
            case RandomInstruction i:
                EmitRandom(i);
                break;
            case BufferLoadInstruction i:
                PushAddress(i);
                EmitLoad(BufferType(i.Buffer));
                break;
            case AccumulatorResultInstruction i:
                EmitAccumulatorResult(i);
                break;
            default:
                throw new InternalErrorException($"Managed code for {instruction.GetType().Name} is not known.");
        }
    }
}
