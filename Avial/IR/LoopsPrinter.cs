using System.Collections.Immutable;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>A loops function as text, which <see cref="LoopsParser"/> reads back.</summary>
internal static class LoopsPrinter
{
    /// <summary>The text, one instruction a line; with <paramref name="withSpans"/> each says where it came from.</summary>
    public static string Print(LoopsFunction function, bool withSpans = false)
    {
        var printer = new InstructionPrinter(withSpans) { BufferLabels = Labels(function) };
        printer.Write($"loops {TextScanner.Quote(function.Name)} {{").Indent();
        Section(printer, "buffer", function.Buffers.Select((b, k) => Declare(printer.BufferLabels[k], b.Name, b.Type)
            + (b.IsWritten ? " written" : "") + (b.IsNoAlias ? " noalias" : "")));
        Section(printer, "local", function.Locals.Select((l, k) => $"{Declare(printer.BufferLabels[function.Buffers.Length + k], l.Name, l.Type)} length {l.Length}"));
        Section(printer, "trap", function.TrapSites.Select(s => Site(s, withSpans)));
        if (!function.Scalars.IsEmpty)
        {
            printer.NewLine().Write($"scalars {string.Join(", ", function.Scalars.Select(s => $"{s}: {s.Type.Text()}"))}");
        }
        if (!function.BoxLow.IsEmpty || !function.BoxHigh.IsEmpty)
        {
            printer.NewLine().Write($"box {string.Join(", ", function.BoxLow.Zip(function.BoxHigh, (low, high) => $"{low} .. {high}"))}");
        }
        printer.NewLine().Write("body ").Braces(function.Body);
        printer.Outdent().NewLine().Write("}");
        return printer.ToString();
    }

    /// <summary>Names where they are unique words, <c>#3</c> where not.</summary>
    public static ImmutableArray<string> Labels(LoopsFunction function)
    {
        string[] names = [.. function.Buffers.Select(b => b.Name), .. function.Locals.Select(l => l.Name)];
        return [.. names.Select((name, k) => TextScanner.IsIdentifier(name) && names.Count(n => n == name) == 1 ? name : $"#{k}")];
    }

    private static string Declare(string label, string name, ScalarType type) =>
        label == name ? $"{name}: {type.Text()}" : $"{label} {TextScanner.Quote(name)}: {type.Text()}";

    private static string Site(TrapSite site, bool withSpans) =>
        $"{site.Number} {InstructionForms.TrapWord(site.Kind)} {TextScanner.Quote(site.Subject)}"
        + (withSpans && !SpanText.IsNone(site.Span) ? $" @ {SpanText.Print(site.Span)}" : "");

    private static void Section(InstructionPrinter printer, string word, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            printer.NewLine().Write($"{word} {line}");
        }
    }
}
