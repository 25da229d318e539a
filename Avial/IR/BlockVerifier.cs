using System.Collections.Immutable;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>
/// Checks the blocks of a kernel or loops function: each number is defined once, each use has a definition before it in the same
/// or an enclosing block, with the same type, and each instruction keeps to its row of <see cref="InstructionForms"/>.
/// </summary>
internal sealed class BlockVerifier
{
    private readonly InstructionChecks _checks;
    private readonly FormPlaces _place;
    private readonly HashSet<int> _defined = [];
    private readonly Dictionary<int, ScalarType> _inScope = [];

    public BlockVerifier(InstructionChecks checks, FormPlaces place)
    {
        _checks = checks;
        _place = place;
    }

    public void Define(Value value, List<int>? scope = null)
    {
        if (_checks.Require(_defined.Add(value.Id), $"{value} is defined twice"))
        {
            _inScope[value.Id] = value.Type;
            scope?.Add(value.Id);
        }
        _checks.Require(value.Id >= 0, $"{value} has a negative number");
    }

    public void Block(Block block)
    {
        var scope = new List<int>();
        int[] accumulators = [.. _checks.Accumulators.Keys];
        foreach (Value parameter in block.Parameters)
        {
            Define(parameter, scope);
        }
        for (int at = 0; at < block.Instructions.Length; at++)
        {
            Instruction(block.Instructions[at], scope);
            RequireLookAtFailure(block, at);
        }
        foreach (Value result in block.Results)
        {
            Use(result);
        }
        scope.ForEach(id => _inScope.Remove(id));
        foreach (int slot in _checks.Accumulators.Keys.Except(accumulators).ToArray())
        {
            _checks.Accumulators.Remove(slot);
        }
    }

    private void Instruction(Instruction instruction, List<int> scope)
    {
        Instruction? outer = _checks.Current;
        _checks.Current = instruction;
        InstructionForm form = InstructionForms.Of(instruction);
        _checks.Require((form.Places & _place) != 0, $"does not belong in {(_place == FormPlaces.Kernel ? "a kernel" : "loops")}");
        foreach (Value operand in instruction.Operands())
        {
            Use(operand);
        }
        form.Verify(_checks, instruction);
        if (instruction is AccumulatorInstruction accumulator)
        {
            _checks.Accumulators[accumulator.Slot] = accumulator;
        }
        foreach (Block block in instruction.Blocks())
        {
            Block(block);
        }
        foreach (Value result in instruction.Results)
        {
            Define(result, scope);
        }
        _checks.Current = outer;
    }

    private void Use(Value value)
    {
        if (_checks.Require(_inScope.TryGetValue(value.Id, out ScalarType type), $"{value} is not defined before, here or around"))
        {
            _checks.Require(type == value.Type, $"{value} is {type.Text()}, used as {value.Type.Text()}");
        }
    }

    /// <summary>In loops, the result of a function that failed means nothing: something must ask whether it did.</summary>
    private void RequireLookAtFailure(Block block, int at)
    {
        if (block.Instructions[at] is MathInstruction { Defined: [_, Value failed] } call)
        {
            bool isAsked = block.Results.Contains(failed) || block.Instructions.Skip(at + 1).Any(i => Reads(i, failed));
            _checks.Require(isAsked, $"nothing asks for the failure {failed} of {call.Function}");
        }
    }

    private static bool Reads(Instruction instruction, Value value) => instruction.Operands().Contains(value)
        || instruction.Blocks().Any(b => b.Results.Contains(value) || b.Instructions.Any(i => Reads(i, value)));
}
