using System.Reflection.Emit;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Managed;

/// <content>Running state: structs in locals, worked on by direct calls.</content>
internal sealed partial class FunctionEmitter
{
    private readonly Dictionary<int, LocalBuilder> _accumulators = [];

    private void EmitAccumulator(Instruction instruction)
    {
        switch (instruction)
        {
            case AccumulatorInstruction { Kind: AccumulatorKind.Binned } i:
                Type type = i.Type == ScalarType.F64 ? typeof(BinnedSum64) : typeof(BinnedSum32);
                if (!_accumulators.TryGetValue(i.Slot, out LocalBuilder? state))
                {
                    state = _il.DeclareLocal(type);
                    _accumulators.Add(i.Slot, state);
                }
                _il.Emit(OpCodes.Ldloca, state);
                _il.Emit(OpCodes.Initobj, type);
                break;
            case AccumulateInstruction i:
                PushAccumulator(i.Slot);
                Push(i.Added);
                EmitConvert(i.Added.Type, StateType(i.Slot), ConvertMode.Unchecked);
                CallAccumulator(i.Slot, nameof(BinnedSum64.AddTo));
                break;
            case AccumulatorStoreInstruction i:
                PushAddress(i);
                _il.Emit(OpCodes.Ldloc, Accumulator(i.Slot));
                _il.Emit(OpCodes.Stobj, Accumulator(i.Slot).LocalType);
                break;
            case AccumulatorMergeInstruction i:
                PushAccumulator(i.Slot);
                PushAddress(i);
                CallAccumulator(i.Slot, nameof(BinnedSum64.MergeInto));
                break;
            default:
                throw new InternalErrorException($"Managed code for {instruction} is not known.");
        }
    }

    private void EmitAccumulatorResult(AccumulatorResultInstruction result)
    {
        PushAccumulator(result.Slot);
        CallAccumulator(result.Slot, nameof(BinnedSum64.ResultOf));
        EmitConvert(StateType(result.Slot), result.Result.Type, ConvertMode.Unchecked);
    }

    private LocalBuilder Accumulator(int slot) =>
        _accumulators.TryGetValue(slot, out LocalBuilder? state) ? state : throw new InternalErrorException($"Accumulator {slot} is not declared.");

    private ScalarType StateType(int slot) => Accumulator(slot).LocalType == typeof(BinnedSum64) ? ScalarType.F64 : ScalarType.F32;

    private void PushAccumulator(int slot)
    {
        _il.Emit(OpCodes.Ldloca, Accumulator(slot));
        _il.Emit(OpCodes.Conv_U);
    }

    private void CallAccumulator(int slot, string method) => _il.Emit(OpCodes.Call, Accumulator(slot).LocalType.GetMethod(method)!);
}
