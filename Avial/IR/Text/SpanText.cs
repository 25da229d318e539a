using Avial.Diagnostics;

namespace Avial.IR.Text;

/// <summary>Source spans in text: <c>@ File.cs:12 "x[i] / 2"</c>.</summary>
internal static class SpanText
{
    /// <summary>A span with unknown parts empty instead of null.</summary>
    public static SourceSpan Normal(SourceSpan span) => new(span.File ?? "", span.Line, span.Text ?? "");

    public static bool IsNone(SourceSpan span) => Normal(span) == SourceSpan.None;

    /// <summary>The span without its <c>@</c>; <c>none</c> when nothing is known.</summary>
    public static string Print(SourceSpan span)
    {
        span = Normal(span);
        if (span == SourceSpan.None)
        {
            return "none";
        }
        string file = TextScanner.IsIdentifier(span.File) && span.File != "none" ? span.File : TextScanner.Quote(span.File);
        string line = span.Line < 0 ? $"-{Math.Abs((long)span.Line)}" : $"{span.Line}";
        return $"{file}:{line}{(span.Text.Length == 0 ? "" : $" {TextScanner.Quote(span.Text)}")}";
    }

    public static SourceSpan Parse(TextScanner text)
    {
        if (text.TryTake("none"))
        {
            return SourceSpan.None;
        }
        string file = text.PeekQuote() ? text.TakeString() : text.TakeIdentifier();
        text.Take(":");
        long line = text.TakeLong();
        return new SourceSpan(file, (int)line, text.PeekQuote() ? text.TakeString() : "");
    }
}
