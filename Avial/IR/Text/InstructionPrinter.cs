using System.Collections.Immutable;
using System.Text;
using Avial.Diagnostics;

namespace Avial.IR.Text;

/// <summary>Writes blocks and instructions, one instruction a line. Prints invalid ones too, for messages.</summary>
internal sealed class InstructionPrinter
{
    private readonly StringBuilder _text = new();
    private readonly bool _withSpans;
    private int _depth;

    public InstructionPrinter(bool withSpans = false) => _withSpans = withSpans;

    /// <summary>The operands of the kernel around, to leave out the column of an operand that has only one.</summary>
    public ImmutableArray<KernelOperand> Operands { get; set; } = [];

    /// <summary>What the buffers of the function around are called in text.</summary>
    public ImmutableArray<string> BufferLabels { get; init; } = [];

    public override string ToString() => _text.ToString();

    public InstructionPrinter Write(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Ends the line and indents the next.</summary>
    public InstructionPrinter NewLine()
    {
        _text.Append('\n').Append(' ', 2 * _depth);
        return this;
    }

    public InstructionPrinter Indent()
    {
        _depth++;
        return this;
    }

    public InstructionPrinter Outdent()
    {
        _depth--;
        return this;
    }

    public void Values(ImmutableArray<Value> values)
    {
        if (values.Length > 0)
        {
            Write(" ").Write(string.Join(", ", values));
        }
    }

    public void Span(SourceSpan span)
    {
        if (_withSpans && !SpanText.IsNone(span))
        {
            Write($" @ {SpanText.Print(span)}");
        }
    }

    /// <summary>The span of an access where it is not that of its load.</summary>
    public void AccessSpan(SourceSpan access, SourceSpan load)
    {
        if (_withSpans && SpanText.Normal(access) != SpanText.Normal(load))
        {
            Write($" read @ {SpanText.Print(access)}");
        }
    }

    /// <summary>Writes <c>{ … }</c>, its last line being <c>yield</c> or <c>return</c> with the results where there are any.</summary>
    public void Braces(Block block, string last = "yield")
    {
        Write("{").Indent();
        foreach (Instruction instruction in block.Instructions)
        {
            NewLine();
            Instruction(instruction);
        }
        if (block.Results.Length > 0)
        {
            NewLine().Write(last).Values(block.Results);
        }
        Outdent().NewLine().Write("}");
    }

    public void Instruction(Instruction instruction)
    {
        InstructionForm form = InstructionForms.Of(instruction);
        ImmutableArray<Value> results = instruction.Results;
        if (results.Length > 0)
        {
            Write(string.Join(", ", results)).Write(" = ");
        }
        Write(form.Mnemonic);
        if (form.Suffix(instruction) is { } type)
        {
            Write($".{type.Text()}");
        }
        form.Print(this, instruction);
        if (instruction.Blocks().IsEmpty)
        {
            Span(instruction.Span);
        }
        if (instruction is LoadInstruction load)
        {
            AccessSpan(load.Access.Span, load.Span);
        }
    }

    /// <summary>Ends the header of an instruction with blocks: the types of its results and where it came from.</summary>
    public void HeaderEnd(Instruction instruction)
    {
        if (instruction.Results.Length > 0)
        {
            Write(" : ").Write(string.Join(", ", instruction.Results.Select(r => r.Type.Text())));
        }
        Span(instruction.Span);
        Write(" ");
    }

    public string BufferLabel(int buffer) => buffer >= 0 && buffer < BufferLabels.Length ? BufferLabels[buffer] : $"#{buffer}";

    /// <summary>An operand's column: <c>a0</c>, or <c>a1.2</c> where it has several.</summary>
    public string ColumnLabel(int operand, int column) =>
        column == 0 && (operand < 0 || operand >= Operands.Length || Operands[operand].Columns.Length == 1) ? $"a{operand}" : $"a{operand}.{column}";
}
