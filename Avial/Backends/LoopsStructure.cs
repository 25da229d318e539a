using System.Reflection;
using System.Runtime.InteropServices;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Backends;

/// <summary>
/// What a loops function computes, without its names, source places and value numbers: the key under which compiled code is kept, so
/// that the same kernel recorded again is not compiled again.
/// </summary>
internal sealed class LoopsStructure : IEquatable<LoopsStructure>
{
    private readonly List<long> _words = [];
    private readonly List<MethodInfo> _methods = [];
    private readonly Dictionary<int, int> _numbers = [];
    private readonly int _hash;

    public LoopsStructure(LoopsFunction function)
    {
        foreach (BufferParameter buffer in function.Buffers)
        {
            Add((long)buffer.Type, buffer.IsWritten ? 1 : 0, buffer.IsNoAlias ? 1 : 0);
        }
        Add(-1);
        foreach (LocalBuffer buffer in function.Locals)
        {
            Add((long)buffer.Type, buffer.Length);
        }
        Define(function.Scalars);
        Define(function.BoxLow);
        Define(function.BoxHigh);
        Add(function.Body);
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_words)));
        _hash = hash.ToHashCode();
        _numbers.Clear();
    }

    public bool Equals(LoopsStructure? other) => other is not null && _hash == other._hash
        && CollectionsMarshal.AsSpan(_words).SequenceEqual(CollectionsMarshal.AsSpan(other._words)) && _methods.SequenceEqual(other._methods);

    public override bool Equals(object? obj) => Equals(obj as LoopsStructure);

    public override int GetHashCode() => _hash;

    private void Add(params ReadOnlySpan<long> words) => _words.AddRange(words);

    private void Define(IReadOnlyList<Value> values)
    {
        Add(values.Count);
        foreach (Value value in values)
        {
            _numbers[value.Id] = _numbers.Count;
            Add((long)value.Type);
        }
    }

    private void Use(IReadOnlyList<Value> values)
    {
        Add(values.Count);
        foreach (Value value in values)
        {
            Add(_numbers[value.Id]);
        }
    }

    private void Add(Block block)
    {
        Define(block.Parameters);
        Add(block.Instructions.Length);
        foreach (Instruction instruction in block.Instructions)
        {
            Add(Kind(instruction), Detail(instruction));
            Use(instruction.Operands());
            AddRest(instruction);
            foreach (Block inner in instruction.Blocks())
            {
                Add(inner);
            }
            Define(instruction.Results);
        }
        Use(block.Results);
    }

    private static long Kind(Instruction instruction) => instruction switch
    {
        ConstantInstruction => 1,
        UnaryInstruction => 2,
        BinaryInstruction => 3,
        CompareInstruction => 4,
        ConvertInstruction => 5,
        SelectInstruction => 6,
        FmaInstruction => 7,
        MathInstruction => 8,
        RandomInstruction => 9,
        IfInstruction => 10,
        ForInstruction => 11,
        WhileInstruction => 12,
        TrapIfInstruction => 13,
        BufferLoadInstruction => 14,
        BufferStoreInstruction => 15,
        AccumulatorInstruction => 16,
        AccumulateInstruction => 17,
        AccumulatorResultInstruction => 18,
        AccumulatorStoreInstruction => 19,
        AccumulatorMergeInstruction => 20,
        OverflowInstruction => 21,
        ConvertFitsInstruction => 22,
        _ => throw new InternalErrorException($"{instruction.GetType().Name} does not occur in loops."),
    };

    private static long Detail(Instruction instruction) => instruction switch
    {
        ConstantInstruction i => (long)i.Bits,
        UnaryInstruction i => (long)i.Op,
        BinaryInstruction i => (long)i.Op,
        CompareInstruction i => (long)i.Op,
        ConvertInstruction i => (long)i.Mode,
        RandomInstruction i => (long)i.Kind,
        ForInstruction i => (long)i.Kind,
        WhileInstruction i => i.Cap,
        TrapIfInstruction i => i.Site,
        BufferLoadInstruction i => i.Buffer,
        BufferStoreInstruction i => i.Buffer,
        AccumulatorInstruction i => i.Slot,
        AccumulateInstruction i => i.Slot,
        AccumulatorResultInstruction i => i.Slot,
        AccumulatorStoreInstruction i => i.Slot,
        AccumulatorMergeInstruction i => i.Slot,
        OverflowInstruction i => (long)i.Op,
        ConvertFitsInstruction i => (long)i.To,
        _ => 0,
    };

    private void AddRest(Instruction instruction)
    {
        switch (instruction)
        {
            case MathInstruction i:
                _methods.Add(i.Function.Method);
                break;
            case ForInstruction i:
                Add(i.Step);
                break;
            case TrapIfInstruction i:
                Add(i.Operands.Length);
                break;
            case AccumulatorInstruction i:
                Add((long)i.Kind, (long)i.Type);
                break;
            case AccumulatorStoreInstruction i:
                Add(i.Buffer);
                break;
            case AccumulatorMergeInstruction i:
                Add(i.Buffer);
                break;
        }
    }
}
