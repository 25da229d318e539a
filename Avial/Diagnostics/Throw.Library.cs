using Avial.Graph;

namespace Avial.Diagnostics;

/// <summary>AVL0040 to AVL0045: shapes that a library operation cannot take.</summary>
internal static partial class Throw
{
    public static AvialException ProductShapes(ArrayType left, string leftName, ArrayType right, string rightName, SourceSpan span) => new("AVL0040",
        $"'{leftName}' is {left.Shape} and '{rightName}' is {right.Shape}: a product needs as many columns on the left ({left.Extents[1]}) as rows on the right ({right.Extents[0]}). "
        + "Transpose() or Slice one of them.", span);

    public static AvialException LengthsDiffer(ArrayType left, string leftName, ArrayType right, string rightName, SourceSpan span) => new("AVL0041",
        $"'{leftName}' has {left.Count} elements and '{rightName}' has {right.Count}; this needs equal lengths. Slice the longer one, or Pad the shorter one.", span);

    public static AvialException ConcatOfNothing(SourceSpan span) => new("AVL0042",
        "There is nothing to concatenate: give at least one array. An empty array is Array1D.Fill(0, value).", span);

    public static AvialException NegativePadding(long before, long after, int axis, SourceSpan span) => new("AVL0043",
        $"A padding of {before} before and {after} after in dimension {axis} is not possible: widths are 0 or more. To cut elements off use .Slice(...).", span);

    public static AvialException WrongWeights(ArrayType weights, string weightsName, ArrayType array, string arrayName, SourceSpan span) => new("AVL0044",
        $"The weights '{weightsName}' are {weights.Shape} and the array '{arrayName}' is {array.Shape}: weights need 1 element or more in each dimension and, for Valid, no more than the array has. "
        + "Use ConvolutionMode.Same, or Pad the array.", span);

    public static AvialException ConcatShapes(ArrayType first, string firstName, ArrayType other, string otherName, int axis, SourceSpan span) => new("AVL0045",
        $"'{firstName}' is {first.Shape} and '{otherName}' is {other.Shape}: along dimension {axis} they concatenate only when all other extents are equal. Slice or Pad one of them, or name another axis.", span);
}
