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

    public static AvialException CallFailed(string name, Exception exception, SourceSpan span) => new("AVL0405",
        $"The code called by '{name}' threw {exception.GetType().Name}: {exception.Message}", span, exception);
}
