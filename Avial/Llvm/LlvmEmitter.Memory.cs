using Avial.IR;

namespace Avial.Llvm;

/// <content>Loads and stores.</content>
internal sealed partial class LlvmEmitter
{
    private void EmitLoad(BufferLoadInstruction load)
    {
        ScalarType type = BufferType(load.Buffer);
        string loaded = Define($"load {LlvmTypes.InMemory(type)}, ptr {Address(load.Buffer, load.Offset)}, align {type.Size()}{Access()}");
        Set(load.Result, type == ScalarType.Bool ? Define($"trunc i8 {loaded} to i1") : loaded);
    }

    private void EmitStore(BufferStoreInstruction store)
    {
        ScalarType type = BufferType(store.Buffer);
        string address = Address(store.Buffer, store.Offset);
        string stored = type == ScalarType.Bool ? Define($"zext i1 {Of(store.Stored)} to i8") : Of(store.Stored);
        Line($"store {LlvmTypes.InMemory(type)} {stored}, ptr {address}, align {type.Size()}{Access()}");
    }

    // Not inbounds: a buffer's address is that of element 0, which its window need not hold.
    private string Address(int buffer, Value offset) => Define($"getelementptr {LlvmTypes.InMemory(BufferType(buffer))}, ptr {_buffers[buffer]}, i64 {Of(offset)}");

    private string Access() => _accessGroup.Length == 0 ? "" : $", !llvm.access.group {_accessGroup}";
}
