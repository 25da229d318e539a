using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <content>
/// Running state: structs of the layout of <see cref="Numerics.BinnedSum64"/> and <see cref="Numerics.BinnedSum32"/> in local memory. A deposit that needs no further look is done
/// in place, everything else by .NET.
/// </content>
internal sealed partial class LlvmEmitter
{
    private readonly Dictionary<int, (string Address, ScalarType Type)> _accumulators = [];

    private void EmitAccumulator(Instruction instruction)
    {
        switch (instruction)
        {
            case AccumulatorInstruction { Kind: AccumulatorKind.Binned } i:
                ScalarType type = i.Type == ScalarType.F64 ? ScalarType.F64 : ScalarType.F32;
                if (!_accumulators.ContainsKey(i.Slot))
                {
                    string memory = NewName();
                    Allocate(memory, "[8 x i64]", 64);
                    _accumulators.Add(i.Slot, (memory, type));
                }
                _declarations.Add("void @llvm.memset.p0.i64(ptr, i8, i64, i1)");
                Line($"call void @llvm.memset.p0.i64(ptr align 64 {Accumulator(i.Slot).Address}, i8 0, i64 64, i1 false)");
                break;
            case AccumulateInstruction i:
                {
                    (string address, ScalarType state) = Accumulator(i.Slot);
                    string added = Convert(Of(i.Added), i.Added.Type, state);
                    string function = state == ScalarType.F64 ? LlvmLibraryFunction.Add64 : LlvmLibraryFunction.Add32;
                    _library.UnionWith(LlvmLibraryFunction.WithNeeds(function));
                    Line($"call void @{function}(ptr {address}, {LlvmTypes.Of(state)} {added})");
                    break;
                }
            case AccumulatorResultInstruction i:
                {
                    (string address, ScalarType state) = Accumulator(i.Slot);
                    string name = LlvmTypes.Of(state);
                    string function = External(RuntimeFunctions.OfBinned(state, "result"), $"{name} @{{0}}(ptr) #2");
                    Set(i.Result, Convert(Define($"call {name} @{function}(ptr {address})"), state, i.Result.Type));
                    break;
                }
            case AccumulatorStoreInstruction i:
                {
                    (string address, ScalarType state) = Accumulator(i.Slot);
                    _declarations.Add("void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)");
                    Line($"call void @llvm.memcpy.p0.p0.i64(ptr align 8 {Address(i.Buffer, i.Offset)}, ptr align 64 {address}, i64 {(state == ScalarType.F64 ? 64 : 40)}, i1 false)");
                    break;
                }
            case AccumulatorMergeInstruction i:
                {
                    (string address, ScalarType state) = Accumulator(i.Slot);
                    string function = External(RuntimeFunctions.OfBinned(state, "merge"), "void @{0}(ptr, ptr) #2");
                    Line($"call void @{function}(ptr {address}, ptr {Address(i.Buffer, i.Offset)})");
                    break;
                }
            default:
                throw new InternalErrorException($"LLVM code for {instruction} is not known.");
        }
    }

    private (string Address, ScalarType Type) Accumulator(int slot) =>
        _accumulators.TryGetValue(slot, out (string, ScalarType) state) ? state : throw new InternalErrorException($"Accumulator {slot} is not declared.");

    private string External(string name, string declaration)
    {
        _externals.Add(name);
        _declarations.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, declaration, Quoted(name)));
        return Quoted(name);
    }
}
