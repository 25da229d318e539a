using Avial.Graph;

namespace Avial.Diagnostics;

/// <summary>AVL04xx and AVL06xx: what can go wrong when a program runs.</summary>
internal static partial class Throw
{
    public static AvialException Disposed(string name, SourceSpan span) => new("AVL0402",
        $"'{name}' was disposed and is read again. Dispose is optional: leave it out, or dispose after the last use.", span);

    public static AvialException EvaluationOnRoot(string name, SourceSpan span) => new("AVL0601",
        $"'{name}' is evaluated inside Session.OnRoot, where the other ranks do not take part. Evaluate it before and use the value inside.", span);

    public static AvialException WrongThreads(int threads) => new("AVL0602", $"A session cannot have {threads} threads; give 1 or more.", SourceSpan.None);

    public static AvialException WrongRanks(int ranks, int most) => new("AVL0603", $"A program cannot run on {ranks} ranks; give 1 to {most}.", SourceSpan.None);

    public static AvialException WrongWatchdog(TimeSpan timeout) => new("AVL0604", FormattableString.Invariant(
        $"A watchdog of {timeout.TotalSeconds} s is not possible; give a time from 0 (waits for ever) to a day."), SourceSpan.None);

    public static AvialException CallFailed(string name, Exception exception, SourceSpan span) => new("AVL0405",
        $"The code called by '{name}' threw {exception.GetType().Name}: {exception.Message}", span, exception);

    public static AvialException NoGpu(string name, SourceSpan span) => new("AVL0403",
        $"'{name}' asks for a GPU, and this session has none. Write On(Auto), which takes one where there is one, or On(Cpu).", span);

    public static AvialException DivideByZero(string name, string place, SourceSpan span) => new("AVL0420",
        $"Integer division by zero in '{name}' at {place}. Guard it (d != 0 ? n / d : ...), or divide floating-point numbers.", span);

    public static AvialException Overflow(string name, string place, SourceSpan span) => new("AVL0421",
        $"Checked arithmetic overflows in '{name}' at {place}. Use a wider type, or unchecked(...) where wrapping is meant.", span);

    public static AvialException ReadOutside(string name, string place, long index, long extent, bool isScatter, SourceSpan span) => new("AVL0422",
        $"'{name}' {(isScatter ? "reads or writes" : "reads")} outside an array at {place}: index {index}, where 0..{extent - 1} exist. "
        + "Guard the access, or read through .Clamp, .Wrap or .Or(v).", span);

    public static AvialException EmptyReduction(string name, SourceSpan span) => new("AVL0423",
        $"'{name}' takes the smallest or largest of nothing: its range is empty. Guard against the empty case; Sum, Product, Any and All of nothing exist.", span);

    public static AvialException EndlessWhile(string name, string place, SourceSpan span) => new("AVL0424",
        $"A While in '{name}' did not end at {place}. Its condition must become false.", span);

    public static AvialException MathDomain(string name, string place, SourceSpan span) => new("AVL0425",
        $"A function of .NET in '{name}' throws for its arguments at {place}. Guard the call.", span);
}
