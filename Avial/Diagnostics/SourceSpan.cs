namespace Avial.Diagnostics;

/// <summary>Where something was written: the file and line of the recording call, and the text that matters there.</summary>
/// <param name="File">The path the compiler saw; may be empty.</param>
/// <param name="Line">The 1-based line; 0 when unknown.</param>
/// <param name="Text">The lambda's text, or the sub-expression's; may be empty.</param>
public readonly record struct SourceSpan(string File, int Line, string Text)
{
    /// <summary>Nothing known.</summary>
    public static SourceSpan None { get; } = new("", 0, "");

    /// <summary><c>Program.cs:12</c>, or <c>unknown place</c>.</summary>
    public string Place => string.IsNullOrEmpty(File) ? "unknown place" : $"{Path.GetFileName(File)}:{Line}";

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Text) ? Place : $"{Place}: {Text}";
}
