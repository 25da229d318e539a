using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial;

/// <summary>What <c>Pad</c> shows around an array.</summary>
public enum PadMode
{
    /// <summary>The array again and again, as <c>a.Wrap</c>.</summary>
    Wrap,
    /// <summary>The nearest element, as <c>a.Clamp</c>.</summary>
    Clamp,
}

/// <summary>Padding written in the language itself: larger arrays with the array inside. Lazy; negative widths are refused (AVL0043).</summary>
public static class Padding
{
    /// <summary>An array of before + n + after elements with a value outside.</summary>
    public static Array1D<T> Pad<T>(this Array1D<T> a, long before, long after, T value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        long length = Extent(a, 0, (before, after), new SourceSpan(file, line, "Pad"));
        return Task.On(Auto).Run(length, i => a.Or(value)[i - before], file: file, line: line);
    }

    /// <summary>An array of before + n + after elements with the array's own outside. An array without elements is refused (AVL0302).</summary>
    public static Array1D<T> Pad<T>(this Array1D<T> a, long before, long after, PadMode mode, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        long length = Extent(a, 0, (before, after), new SourceSpan(file, line, "Pad"));
        return mode == PadMode.Wrap
            ? Task.On(Auto).Run(length, i => a.Wrap[i - before], file: file, line: line)
            : Task.On(Auto).Run(length, i => a.Clamp[i - before], file: file, line: line);
    }

    /// <summary>A matrix grown by the widths given for rows and columns, with a value outside.</summary>
    public static Array2D<T> Pad<T>(this Array2D<T> a, (long Before, long After) rows, (long Before, long After) columns, T value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        SourceSpan span = new(file, line, "Pad");
        (long top, long left) = (rows.Before, columns.Before);
        return Task.On(Auto).Run((Extent(a, 0, rows, span), Extent(a, 1, columns, span)), (i, j) => a.Or(value)[i - top, j - left], file: file, line: line);
    }

    /// <summary>A matrix grown by the widths given for rows and columns, with the array's own elements outside. A matrix without elements is refused (AVL0302).</summary>
    public static Array2D<T> Pad<T>(this Array2D<T> a, (long Before, long After) rows, (long Before, long After) columns, PadMode mode, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        SourceSpan span = new(file, line, "Pad");
        (long top, long left) = (rows.Before, columns.Before);
        Domain2D domain = (Extent(a, 0, rows, span), Extent(a, 1, columns, span));
        return mode == PadMode.Wrap
            ? Task.On(Auto).Run(domain, (i, j) => a.Wrap[i - top, j - left], file: file, line: line)
            : Task.On(Auto).Run(domain, (i, j) => a.Clamp[i - top, j - left], file: file, line: line);
    }

    private static long Extent<T>(NdArray<T> a, int axis, (long Before, long After) widths, SourceSpan span) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(a);
        return widths.Before >= 0 && widths.After >= 0 ? widths.Before + a.GetLength(axis) + widths.After : throw Throw.NegativePadding(widths.Before, widths.After, axis, span);
    }
}
