using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>One call of a loops function: its values, local memory and running state. Instructions return false when the element traps.</summary>
internal sealed unsafe partial class LoopsCall : IDisposable
{
    private readonly LoopsFunction _function;
    private readonly byte*[] _buffers;
    private readonly TrapState* _trap;
    private readonly Dictionary<int, ulong> _values = [];

    public LoopsCall(LoopsFunction function, byte** buffers, TrapState* trap)
    {
        _function = function;
        _trap = trap;
        _buffers = new byte*[function.Buffers.Length + function.Locals.Length];
        for (int buffer = 0; buffer < _buffers.Length; buffer++)
        {
            int local = buffer - function.Buffers.Length;
            _buffers[buffer] = local < 0 ? buffers[buffer] : (byte*)NativeMemory.Alloc((nuint)(function.Locals[local].Length * function.Locals[local].Type.Size()));
        }
    }

    public void Dispose()
    {
        for (int buffer = _function.Buffers.Length; buffer < _buffers.Length; buffer++)
        {
            NativeMemory.Free(_buffers[buffer]);
        }
    }

    /// <summary>Defines parameters from 8-byte slots.</summary>
    public void Define(ImmutableArray<Value> parameters, long* slots)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            Set(parameters[i], ScalarBits.Load((byte*)(slots + i), parameters[i].Type));
        }
    }

    public bool Run(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            if (!Run(instruction))
            {
                return false;
            }
        }
        return true;
    }

    private ulong Get(Value value) => _values[value.Id];

    private long GetIndex(Value value) => unchecked((long)_values[value.Id]);

    private bool IsTrue(Value value) => _values[value.Id] != 0;

    private void Set(Value value, ulong bits) => _values[value.Id] = bits;

    private bool Run(Instruction instruction)
    {
        switch (instruction)
        {
            case IfInstruction i:
                return RunIf(i);
            case ForInstruction i:
                return RunFor(i);
            case WhileInstruction i:
                return RunWhile(i);
            case TrapIfInstruction i:
                return !IsTrue(i.Condition) || Stop(i);
            case MathInstruction i:
                Call(i);
                return true;
            case BufferLoadInstruction i:
                Set(i.Result, ScalarBits.Load(Address(i.Buffer, i.Offset), TypeOf(i.Buffer)));
                return true;
            case BufferStoreInstruction i:
                ScalarBits.Store(Address(i.Buffer, i.Offset), TypeOf(i.Buffer), Get(i.Stored));
                return true;
            case AccumulatorInstruction or AccumulateInstruction or AccumulatorResultInstruction or AccumulatorStoreInstruction or AccumulatorMergeInstruction:
                Accumulate(instruction);
                return true;
            case SingleResultInstruction i:
                Set(i.Result, Evaluate(i));
                return true;
            default:
                throw new InternalErrorException($"{instruction.GetType().Name} does not occur in loops.");
        }
    }

    private bool RunIf(IfInstruction branch)
    {
        Block arm = IsTrue(branch.Condition) ? branch.Then : branch.Else;
        if (!Run(arm))
        {
            return false;
        }
        Assign(branch.Defined, arm.Results);
        return true;
    }

    private bool RunFor(ForInstruction loop)
    {
        long from = GetIndex(loop.From);
        long to = GetIndex(loop.To);
        ImmutableArray<Value> carried = loop.Body.Parameters[1..];
        Assign(carried, loop.Seeds);
        for (long k = from; loop.Step > 0 ? k < to : k > to; k += loop.Step)
        {
            Set(loop.Body.Parameters[0], unchecked((ulong)k));
            if (!Run(loop.Body))
            {
                return false;
            }
            Assign(carried, loop.Body.Results);
        }
        Assign(loop.Defined, carried);
        return true;
    }

    private bool RunWhile(WhileInstruction loop)
    {
        Assign(loop.Condition.Parameters, loop.Seeds);
        while (true)
        {
            if (!Run(loop.Condition))
            {
                return false;
            }
            if (!IsTrue(loop.Condition.Results[0]))
            {
                Assign(loop.Defined, loop.Condition.Parameters);
                return true;
            }
            Assign(loop.Body.Parameters, loop.Condition.Parameters);
            if (!Run(loop.Body))
            {
                return false;
            }
            Assign(loop.Condition.Parameters, loop.Body.Results);
        }
    }

    // All are read before any is written: they may be each other.
    private void Assign(ImmutableArray<Value> targets, ImmutableArray<Value> sources)
    {
        ulong[] bits = [.. sources.Select(Get)];
        for (int i = 0; i < targets.Length; i++)
        {
            Set(targets[i], bits[i]);
        }
    }

    private bool Stop(TrapIfInstruction trap)
    {
        _trap->Site = trap.Site;
        Span<long> indices = new(&_trap->Index0, 4);
        for (int i = 0; i < trap.Operands.Length; i++)
        {
            indices[i] = GetIndex(trap.Operands[i]);
        }
        Span<long> details = new(&_trap->Detail0, 2);
        for (int i = 0; i < trap.Details.Length; i++)
        {
            details[i] = GetIndex(trap.Details[i]);
        }
        return false;
    }

    private byte* Address(int buffer, Value offset) => _buffers[buffer] + GetIndex(offset) * TypeOf(buffer).Size();

    private ScalarType TypeOf(int buffer) =>
        buffer < _function.Buffers.Length ? _function.Buffers[buffer].Type : _function.Locals[buffer - _function.Buffers.Length].Type;
}
