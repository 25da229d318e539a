using System.Collections.Immutable;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>Reads a kernel's text back; equal to the printed one but for <see cref="Kernel.Identity"/>.</summary>
internal static class KernelParser
{
    /// <summary>The kernel, not verified; <see cref="FormatException"/> with line and column where the text is no kernel.</summary>
    public static Kernel Parse(string text)
    {
        var scanner = new TextScanner(text);
        Kernel kernel = Parse(scanner);
        return scanner.IsAtEnd ? kernel : throw scanner.Error("the end of the text");
    }

    /// <summary>Reads one kernel out of a longer text.</summary>
    public static Kernel Parse(TextScanner text)
    {
        var parser = new InstructionParser(text);
        text.Take("kernel");
        text.Take("rank");
        int rank = text.TakeInt();
        text.Take("(");
        var parameters = ImmutableArray.CreateBuilder<Value>();
        while (!text.TryTake(")"))
        {
            if (parameters.Count > 0 && !text.TryTake(","))
            {
                text.Take(";");
            }
            else if (parameters.Count == 0)
            {
                text.TryTake(";");
            }
            int id = parser.ValueId();
            parameters.Add(parser.Define(id, text.TryTake(":") ? parser.Type() : ScalarType.I64));
        }
        ImmutableArray<KernelOperand> operands = text.TryTake("reads") ? Operands(text, parser) : [];
        return new Kernel(rank, operands, parser.Braces(parameters.ToImmutable(), "return"));
    }

    private static ImmutableArray<KernelOperand> Operands(TextScanner text, InstructionParser parser)
    {
        var operands = ImmutableArray.CreateBuilder<KernelOperand>();
        text.Take("(");
        while (!text.TryTake(")"))
        {
            if (operands.Count > 0)
            {
                text.Take(",");
            }
            if (parser.Numbered('a') != operands.Count)
            {
                throw text.Refuse($"operand a{operands.Count} comes next");
            }
            text.Take(":");
            operands.Add(Operand(text, parser));
        }
        return operands.ToImmutable();
    }

    private static KernelOperand Operand(TextScanner text, InstructionParser parser)
    {
        var columns = ImmutableArray.CreateBuilder<ScalarType>();
        if (text.TryTake("{"))
        {
            while (!text.TryTake("}"))
            {
                if (columns.Count > 0)
                {
                    text.Take(",");
                }
                columns.Add(parser.Type());
            }
        }
        else
        {
            columns.Add(parser.Type());
        }
        int rank = 0;
        if (text.TryTake("["))
        {
            do
            {
                rank++;
            }
            while (text.TryTake(","));
            text.Take("]");
        }
        return new KernelOperand(rank, columns.ToImmutable());
    }
}
