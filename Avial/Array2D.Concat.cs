using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;
using static Avial.Targets;

namespace Avial;

/// <content>Concatenation.</content>
public static partial class Array2D
{
    /// <summary>
    /// All parts along an axis: one below the other (axis 0: n×m and k×m give (n + k)×m) or side by side (axis 1: n×m and n×k give n×(m + k)). The other extents must be
    /// equal (AVL0045). Lazy: each part becomes a piece of one array.
    /// </summary>
    public static Array2D<T> Concat<T>(IReadOnlyList<Array2D<T>> parts, int axis, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        long[] starts = ConcatPlan.Starts(parts, axis, new SourceSpan(file, line, "Concat"));
        Array2D<T> first = parts[0];
        T nothing = default;
        long others = first.GetLength(1 - axis);
        // The first part is the base that the others are written onto.
        Array2D<T> whole = Task.On(Auto).Run(Band(0, starts[^1]), (i, j) => first.Or(nothing)[i, j], file: file, line: line);
        for (int p = 1; p < parts.Count; p++)
        {
            Array2D<T> part = parts[p];
            (long top, long left) = axis == 0 ? (starts[p], 0L) : (0L, starts[p]);
            whole = Task.On(Auto).Run(Band(starts[p], starts[p + 1]), (i, j) => part[i - top, j - left], file: file, line: line).Over(whole);
        }
        return whole;

        Domain2D Band(long start, long end) => axis == 0 ? new(new(start, end), others) : new(others, new(start, end));
    }
}
