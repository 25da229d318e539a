using System.Collections.Immutable;
using System.Text;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <summary>
/// Writes a loops function as LLVM IR text: <c>void @kernel(ptr buffers, ptr scalars, ptr low, ptr high, ptr trap)</c>, as <see cref="Backends.CompiledFunction.Run"/> calls it.
/// Values are numbered in the order in which they are written, so that functions of one structure give one text.
/// </summary>
/// <remarks>
/// Arithmetic carries no fast-math flags: what the loops say is what happens. Buffers are not <c>noalias</c>, since an output may have taken over the memory of an input
/// whose elements it replaces one by one; that iterations of a vectorisable loop do not depend on one another is said with access groups instead.
/// </remarks>
internal sealed partial class LlvmEmitter
{
    /// <summary>The name of the function that is defined.</summary>
    public const string EntryPoint = "kernel";

    private readonly LoopsFunction _function;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _entry = new();
    private readonly Dictionary<int, string> _values = [];
    private readonly Dictionary<int, ulong> _constants = [];
    private readonly SortedSet<string> _declarations = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _library = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _externals = new(StringComparer.Ordinal);
    private readonly List<string> _metadata = [];
    private readonly string[] _buffers;
    private int _next;
    private string _block = "entry";
    private string _accessGroup = "";

    private LlvmEmitter(LoopsFunction function)
    {
        _function = function;
        _buffers = new string[function.Buffers.Length + function.Locals.Length];
    }

    /// <summary>The module.</summary>
    public static LlvmModule Emit(LoopsFunction function)
    {
        var emitter = new LlvmEmitter(function);
        emitter.EmitFunction();
        return new LlvmModule(emitter.Module(), [.. emitter._externals]);
    }

    private void EmitFunction()
    {
        ReadBuffers();
        ReadSlots(_function.Scalars, "%scalars");
        ReadSlots(_function.BoxLow, "%low");
        ReadSlots(_function.BoxHigh, "%high");
        EmitBlock(_function.Body);
        Line("ret void");
        EmitTraps();
        AllocateSlots();
    }

    private string Module()
    {
        var module = new StringBuilder();
        foreach (string name in _library)
        {
            LlvmLibraryFunction part = LlvmLibraryFunction.Of(name);
            module.Append(part.Text).Append('\n');
            _declarations.UnionWith(part.Declarations);
            _externals.UnionWith(part.Externals);
        }
        foreach (string declaration in _declarations)
        {
            module.Append("declare ").Append(declaration).Append('\n');
        }
        module.Append("define void @").Append(EntryPoint)
            .Append("(ptr noalias readonly %buffers, ptr noalias readonly %scalars, ptr noalias readonly %low, ptr noalias readonly %high, ptr noalias %trap) #0 {\nentry:\n")
            .Append(_entry).Append(_text).Append("}\n")
            .Append("attributes #0 = { nounwind }\n")
            .Append("attributes #1 = { nounwind willreturn memory(none) }\n")
            .Append("attributes #2 = { nounwind willreturn memory(argmem: readwrite) }\n")
            .Append("attributes #3 = { nounwind willreturn cold noinline memory(argmem: readwrite) }\n")
            .Append("attributes #4 = { alwaysinline nounwind willreturn memory(none) }\n");
        for (int number = 0; number < _metadata.Count; number++)
        {
            module.Append('!').Append(number).Append(" = ").Append(_metadata[number]).Append('\n');
        }
        return module.ToString();
    }

    private void ReadBuffers()
    {
        for (int buffer = 0; buffer < _buffers.Length; buffer++)
        {
            string name = NewName();
            _buffers[buffer] = name;
            if (buffer < _function.Buffers.Length)
            {
                string slot = Slot("%buffers", buffer);
                Line($"{name} = load ptr, ptr {slot}, align 8, !invariant.load !{EmptyNode()}");
            }
            else
            {
                LocalBuffer memory = _function.Locals[buffer - _function.Buffers.Length];
                Allocate(name, $"[{memory.Length} x {LlvmTypes.InMemory(memory.Type)}]", 64);
            }
        }
    }

    private void ReadSlots(ImmutableArray<Value> values, string slots)
    {
        for (int slot = 0; slot < values.Length; slot++)
        {
            string address = Slot(slots, slot);
            ScalarType type = values[slot].Type;
            string loaded = NewName();
            Line($"{loaded} = load {LlvmTypes.InMemory(type)}, ptr {address}, align 8, !invariant.load !{EmptyNode()}");
            _values[values[slot].Id] = type == ScalarType.Bool ? Define($"trunc i8 {loaded} to i1") : loaded;
        }
    }

    private string Slot(string slots, int number) => number == 0 ? slots : Define($"getelementptr i64, ptr {slots}, i64 {number}");

    private ScalarType BufferType(int buffer) =>
        buffer < _function.Buffers.Length ? _function.Buffers[buffer].Type : _function.Locals[buffer - _function.Buffers.Length].Type;

    private void EmitBlock(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            EmitInstruction(instruction);
        }
    }

    private void EmitInstruction(Instruction instruction)
    {
        foreach (Value result in instruction.Results)
        {
            _definitions[result.Id] = instruction;
        }
        switch (instruction)
        {
            case ConstantInstruction i:
                _constants[i.Result.Id] = i.Bits;
                break;
            case UnaryInstruction i:
                Set(i.Result, Unary(i));
                break;
            case BinaryInstruction i:
                Set(i.Result, Binary(i));
                break;
            case CompareInstruction i:
                Set(i.Result, Compare(i));
                break;
            case ConvertInstruction i:
                Set(i.Result, Convert(Of(i.Operand), i.Operand.Type, i.Result.Type));
                break;
            case SelectInstruction i:
                Set(i.Result, Define($"select i1 {Of(i.Condition)}, {Typed(i.IfTrue)}, {Typed(i.IfFalse)}"));
                break;
            case OverflowInstruction i:
                Set(i.Result, Overflow(i));
                break;
            case ConvertFitsInstruction i:
                Set(i.Result, ConvertFits(i));
                break;
            case FmaInstruction i:
                Set(i.Result, Fma(i));
                break;
            case MathInstruction i:
                EmitMath(i);
                break;
            case RandomInstruction i:
                Set(i.Result, Random(i));
                break;
            case BufferLoadInstruction i:
                EmitLoad(i);
                break;
            case BufferStoreInstruction i:
                EmitStore(i);
                break;
            case IfInstruction i:
                EmitIf(i);
                break;
            case ForInstruction i:
                EmitFor(i);
                break;
            case WhileInstruction i:
                EmitWhile(i);
                break;
            case TrapIfInstruction i:
                EmitTrapIf(i);
                break;
            case AccumulatorInstruction or AccumulateInstruction or AccumulatorResultInstruction or AccumulatorStoreInstruction or AccumulatorMergeInstruction:
                EmitAccumulator(instruction);
                break;
            default:
                throw new InternalErrorException($"LLVM code for {instruction.GetType().Name} is not known.");
        }
    }

    /// <summary>A value where it is used: a constant or a register.</summary>
    private string Of(Value value) => _constants.TryGetValue(value.Id, out ulong bits) ? LlvmTypes.Constant(value.Type, bits)
        : _values.TryGetValue(value.Id, out string? name) ? name
        : throw new InternalErrorException($"{value} is used before it is defined.");

    /// <summary>A value with its type before it.</summary>
    private string Typed(Value value) => $"{LlvmTypes.Of(value.Type)} {Of(value)}";

    private void Set(Value result, string name) => _values[result.Id] = name;

    private string NewName() => $"%v{_next++}";

    private string Define(string expression)
    {
        string name = NewName();
        _text.Append("  ").Append(name).Append(" = ").Append(expression).Append('\n');
        return name;
    }

    private void Line(string text) => _text.Append("  ").Append(text).Append('\n');

    // In the entry block, so that it is made once.
    private void Allocate(string name, string type, int alignment) => _entry.Append("  ").Append(name).Append(" = alloca ").Append(type).Append(", align ").Append(alignment).Append('\n');

    private void Begin(string block)
    {
        _text.Append(block).Append(":\n");
        _block = block;
    }

    private string Intrinsic(string name, string result, params ReadOnlySpan<string> typedArguments)
    {
        var types = new List<string>();
        foreach (string argument in typedArguments)
        {
            types.Add(TypeIn(argument));
        }
        _declarations.Add($"{result} @{name}({string.Join(", ", types)})");
        return Define($"call {result} @{name}({string.Join(", ", typedArguments)})");
    }

    /// <summary>Calls a function that is not LLVM's: pure, and resolved by name when the object is loaded.</summary>
    private string CallExternal(string name, string result, params ReadOnlySpan<string> typedArguments)
    {
        var types = new List<string>();
        foreach (string argument in typedArguments)
        {
            types.Add(TypeIn(argument));
        }
        _externals.Add(name);
        _declarations.Add($"{result} @{Quoted(name)}({string.Join(", ", types)}) #1");
        return Define($"call {result} @{Quoted(name)}({string.Join(", ", typedArguments)})");
    }

    private static string Quoted(string name) => $"\"{name}\"";

    private static string TypeIn(string typed) => typed[..typed.IndexOf(' ')];

    private int EmptyNode() => Node("!{}");

    private int Node(string text)
    {
        int known = _metadata.IndexOf(text);
        if (known >= 0)
        {
            return known;
        }
        _metadata.Add(text);
        return _metadata.Count - 1;
    }

    private int DistinctNode(Func<int, string> text)
    {
        int number = _metadata.Count;
        _metadata.Add("");
        _metadata[number] = text(number);
        return number;
    }
}
