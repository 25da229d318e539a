using Avial.IR.Text;

namespace Avial.IR;

/// <summary>
/// A kernel as text, which <see cref="KernelParser"/> reads back. Everything is in it but <see cref="Kernel.Identity"/>, a number of the process.
/// </summary>
internal static class KernelPrinter
{
    /// <summary>The text, one instruction a line; with <paramref name="withSpans"/> each says where it came from.</summary>
    public static string Print(Kernel kernel, bool withSpans = false)
    {
        var printer = new InstructionPrinter(withSpans);
        Print(printer, kernel);
        return printer.ToString();
    }

    /// <summary>Writes the kernel at the printer's indentation, without an end of line.</summary>
    public static void Print(InstructionPrinter printer, Kernel kernel)
    {
        printer.Operands = kernel.Operands;
        int rank = Math.Clamp(kernel.Rank, 0, kernel.Body.Parameters.Length);
        string indices = string.Join(", ", kernel.Body.Parameters[..rank].Select(i => i.Type == ScalarType.I64 ? $"{i}" : $"{i}: {i.Type.Text()}"));
        string scalars = string.Join(", ", kernel.Body.Parameters[rank..].Select(p => $"{p}: {p.Type.Text()}"));
        printer.Write($"kernel rank {kernel.Rank} ({indices}{(scalars.Length == 0 ? "" : $"; {scalars}")}) ");
        if (!kernel.Operands.IsEmpty)
        {
            printer.Write($"reads ({string.Join(", ", kernel.Operands.Select((o, k) => $"a{k}: {Text(o)}"))}) ");
        }
        printer.Braces(kernel.Body, "return");
    }

    /// <summary><c>f32</c>, <c>f32[]</c>, <c>{f32, i32}[,]</c>: columns and rank, as C# writes array types.</summary>
    private static string Text(KernelOperand operand)
    {
        string columns = string.Join(", ", operand.Columns.Select(c => c.Text()));
        string element = operand.Columns.Length == 1 ? columns : $"{{{columns}}}";
        return operand.Rank == 0 ? element : $"{element}[{new string(',', operand.Rank - 1)}]";
    }
}
