namespace Avial.Diagnostics;

/// <content>Settings.</content>
internal static partial class Throw
{
    public static AvialException InvalidThreadCount(string found, int most) => new("AVL0651",
        $"AVIAL_THREADS is '{found}'; it must be a number of threads from 1 to {most}. Correct it, or unset it to use every processor.", SourceSpan.None);

    public static AvialException InvalidRankCount(string found, int most) => new("AVL0652",
        $"AVIAL_RANKS is '{found}'; it must be a number of ranks from 1 to {most}. Correct it, or unset it to run on one.", SourceSpan.None);

    public static AvialException InvalidWatchdog(string found) => new("AVL0653",
        $"AVIAL_WATCHDOG is '{found}'; it must be a number of seconds, at most a day's (86400), or 0 to wait for ever. Correct it, or unset it for 60.", SourceSpan.None);

    public static AvialException InvalidEngine(string found) => new("AVL0654",
        $"AVIAL_ENGINE is '{found}'; it must be llvm, managed, interpreter or loops. Correct it, or unset it for the fastest that there is.", SourceSpan.None);

    public static AvialException EngineNotAvailable(Engine engine, string problem) => new("AVL0655",
        $"Engine.{engine} cannot be used here: {problem}. Mend that, or leave the engine out for the fastest that there is.", SourceSpan.None);
}
