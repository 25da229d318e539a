namespace Avial.Diagnostics;

/// <content>Threads.</content>
internal static partial class Throw
{
    public static AvialException InvalidThreadCount(string found, int most) => new("AVL0651",
        $"AVIAL_THREADS is '{found}'; it must be a number of threads from 1 to {most}. Correct it, or unset it to use every processor.", SourceSpan.None);
}
