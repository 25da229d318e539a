using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;

namespace Avial.IR.Text;

/// <summary>Collects what is wrong with the instructions of one kernel or loops function.</summary>
internal sealed class InstructionChecks
{
    private readonly List<string> _problems = [];

    /// <summary>The kernel around, or null in loops.</summary>
    public Kernel? Kernel { get; init; }

    /// <summary>The loops function around, or null in kernels.</summary>
    public LoopsFunction? Function { get; init; }

    /// <summary>The first declaration of each slot, anywhere in the function.</summary>
    public Dictionary<int, AccumulatorInstruction> AccumulatorTypes { get; } = [];

    /// <summary>The accumulators declared where the instruction stands, by slot.</summary>
    public Dictionary<int, AccumulatorInstruction> Accumulators { get; } = [];

    public ImmutableArray<string> Problems => [.. _problems];

    /// <summary>The instruction being checked, for messages.</summary>
    public Instruction? Current { get; set; }

    public bool Require(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(Current is null ? problem : $"{Head(Current)}: {problem}");
        }
        return holds;
    }

    public bool Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref ProblemText problem) => holds || Require(false, problem.ToStringAndClear());

    public void Type(Value value, ScalarType type, string what) =>
        Require(value.Type == type, $"{what} {value} is {value.Type.Text()}, not {type.Text()}");

    /// <summary>The values have the result's type, which is in the set.</summary>
    public void Same(TypeSet set, Value result, params ReadOnlySpan<Value> operands)
    {
        Require(set.Contains(result.Type), $"not defined for {result.Type.Text()}");
        foreach (Value operand in operands)
        {
            Type(operand, result.Type, "operand");
        }
    }

    /// <summary>The values have these types, one by one.</summary>
    public void Types(ImmutableArray<Value> values, IEnumerable<ScalarType> types, string what)
    {
        ScalarType[] expected = [.. types];
        Require(values.Select(v => v.Type).SequenceEqual(expected),
            $"{what} are ({Text(values.Select(v => v.Type))}), not ({Text(expected)})");
    }

    /// <summary>A buffer or local exists, holds the type and may be written (when it is).</summary>
    public void Buffer(int buffer, ScalarType type, bool isWritten)
    {
        if (Function is null)
        {
            return;
        }
        int local = buffer - Function.Buffers.Length;
        if (!Require(buffer >= 0 && local < Function.Locals.Length, $"there is no buffer {buffer}"))
        {
            return;
        }
        (string name, ScalarType held, bool mayWrite) = local < 0
            ? (Function.Buffers[buffer].Name, Function.Buffers[buffer].Type, Function.Buffers[buffer].IsWritten)
            : (Function.Locals[local].Name, Function.Locals[local].Type, true);
        Require(held == type, $"buffer {name} holds {held.Text()}, not {type.Text()}");
        Require(!isWritten || mayWrite, $"buffer {name} is not declared as written");
    }

    /// <summary>The accumulator declared for a slot; reports when there is none.</summary>
    public AccumulatorInstruction? Accumulator(int slot)
    {
        Require(Accumulators.TryGetValue(slot, out AccumulatorInstruction? accumulator), $"accumulator s{slot} is not declared here");
        return accumulator;
    }

    private static string Text(IEnumerable<ScalarType> types) => string.Join(", ", types.Select(t => t.Text()));

    /// <summary>The first line of the instruction's text.</summary>
    private string Head(Instruction instruction)
    {
        var printer = new InstructionPrinter
        {
            Operands = Kernel?.Operands ?? [],
            BufferLabels = Function is null ? [] : LoopsPrinter.Labels(Function),
        };
        printer.Instruction(instruction);
        string text = printer.ToString();
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end].TrimEnd(' ', '{');
    }
}
