using Avial.IR;

namespace Avial.Diagnostics;

internal static partial class Throw
{
    /// <summary>A read that is certainly executed and certainly outside its array.</summary>
    public static AvialException ReadOutside(string message, SourceSpan span) => new("AVL0301", message, span);

    /// <summary>Wrap or Clamp of an array without elements.</summary>
    public static AvialException EmptyBorder(string read, BorderKind border, SourceSpan span) => new("AVL0302",
        $"{read}, which has no elements: there is nothing for {border} to show. Read it through .Or(value), or give it elements.", span);
}
