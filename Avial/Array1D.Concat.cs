using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;
using static Avial.Targets;

namespace Avial;

/// <content>Concatenation.</content>
public static partial class Array1D
{
    /// <summary>The elements of all parts, one part after another: n + m + … elements; at least one part (AVL0042). Lazy: each part becomes a piece of one array.</summary>
    public static Array1D<T> Concat<T>(IReadOnlyList<Array1D<T>> parts, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        long[] starts = ConcatPlan.Starts(parts, 0, new SourceSpan(file, line, "Concat"));
        Array1D<T> first = parts[0];
        T nothing = default;
        // The first part is the base that the others are written onto.
        Array1D<T> whole = Task.On(Auto).Run(starts[^1], i => first.Or(nothing)[i], file: file, line: line);
        for (int p = 1; p < parts.Count; p++)
        {
            Array1D<T> part = parts[p];
            long start = starts[p];
            whole = Task.On(Auto).Run(new Domain1D(start, starts[p + 1]), i => part[i - start], file: file, line: line).Over(whole);
        }
        return whole;
    }
}
