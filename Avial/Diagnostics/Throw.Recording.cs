using Avial.Graph;
using Avial.IR;

namespace Avial.Diagnostics;

/// <summary>AVL00xx and AVL01xx: what can be wrong with a recording call and its types.</summary>
internal static partial class Throw
{
    public static AvialException NeedsBackground(string domain, SourceSpan span) => new("AVL0010",
        $"This array is known on {domain} only, which does not start at 0, so it is not a whole array. Say what shows outside: .Over(base) for another array's elements, "
        + ".Or(v)[...] in a body for a value, or .Rebase() to number it from 0.", span);

    public static AvialException SymbolicBoundOnHost() => new("AVL0011",
        "The step of a loop has no value while the loop is recorded: it is a symbol, usable in bodies and in the bounds of domains and slices. "
        + "For scalar arithmetic with it write Task.On(Cpu).Run(() => ...).", SourceSpan.None);

    public static AvialException SymbolicExtent(string domain, SourceSpan span) => new("AVL0012",
        $"An array on {domain} would have an extent that changes from step to step. Write .Run(domain, body).Over(base), so that the array keeps the shape of its base.", span);

    public static AvialException RangeFromEnd(Range range) => new("AVL0013",
        $"The range {range} counts from the end, but a domain does not know its array's extent. Write the end as a number: 1..n, or new Domain1D(1, n - 1) for long bounds.", SourceSpan.None);

    public static AvialException WrongReshape(ArrayType from, ArrayType to, SourceSpan span) => new("AVL0014",
        $"An array of {from.Shape} has {from.Count} elements and cannot be seen as {to.Shape}, which has {to.Count}.", span);

    public static AvialException WrongElementCount(long count, ArrayType type, SourceSpan span) => new("AVL0015",
        $"{count} elements were given for a domain of {type.Shape}, which has {type.Count}.", span);

    public static AvialException NegativeExtent(int axis, string domain, SourceSpan span) => new("AVL0016",
        $"The domain {domain} ends before it starts (dimension {axis}). An empty domain has equal ends.", span);

    public static AvialException DomainOutside(string domain, ArrayType array, SourceSpan span) => new("AVL0017",
        $"The domain {domain} is not inside the array of {array.Shape} that it is written to. Shrink the domain, for example with .Interior(1).", span);

    public static AvialException WrongAxis(int axis, int rank, SourceSpan span) => new("AVL0019",
        $"Axis {axis} does not exist or is named twice: the domain has {rank} dimension{(rank == 1 ? "" : "s")}, numbered from 0.", span);

    public static AvialException SliceOutside(int axis, string range, ArrayType array, string name) => new("AVL0020",
        $"{range} in dimension {axis} is not inside '{name}', which is {array.Shape}.", SourceSpan.None);

    public static AvialException WrongStride(long step, SourceSpan span) => new("AVL0021",
        $"A stride of {step} is not possible: it must be 1 or more. For the opposite order use .Reversed(axis).", span);

    public static AvialException ShapesDiffer(ArrayType left, string leftName, ArrayType right, string rightName) => new("AVL0022",
        $"'{leftName}' is {left.Shape} and '{rightName}' is {right.Shape}; element-wise operators need equal shapes. Slice one of them, or write the combination as a Run over a domain.", SourceSpan.None);

    public static AvialException DomainNotFromZero(string domain, SourceSpan span) => new("AVL0023",
        $"A whole array has indices from 0, but the domain is {domain}. Give the extents, or compute on the sub-domain with Run and .Over(base).", span);

    public static AvialException NegativeCount(long count, SourceSpan span) => new("AVL0024", $"A loop cannot run {count} times; 0 leaves the state as it is.", span);

    public static AvialException WrongEvery(long every, SourceSpan span) => new("AVL0025", $"The condition cannot be tested every {every} steps: give 1 or more.", span);

    public static AvialException WrongLimit(long limit, SourceSpan span) => new("AVL0026", $"A limit of {limit} steps is not possible: the body runs at least once.", span);

    public static AvialException WrongLoopState(Type type, SourceSpan span) => new("AVL0027",
        $"The state of a loop holds arrays and scalars, alone or in a tuple; '{type.Name}' is neither. Turn a number into a scalar with Scalar.Of(value), and capture what does not change.", span);

    public static AvialException LoopStateChanged(int position, ArrayType before, ArrayType? after, SourceSpan span) => new("AVL0028",
        $"Item {position + 1} of the loop's state is {before} before a step but {(after is null ? "missing" : after.ToString())} after it. A step must give back the same types and shapes.", span);

    public static AvialException SymbolOutsideLoop(SourceSpan loop, SourceSpan span) => new("AVL0029",
        $"An array or step of the loop at {loop.Place} is used after the loop. Inside the step it stands for the state of any step; the last state is what Repeat returns.", span);

    public static AvialException EvaluationInsideLoop(string name, SourceSpan loop, SourceSpan span) => new("AVL0030",
        $"'{name}' depends on the state of the loop at {loop.Place}, which has no value while the loop is recorded. For scalar arithmetic inside a loop write Task.On(Cpu).Run(() => a / b); "
        + "to stop on a condition use RepeatUntil.", span);

    public static AvialException HostIndexOutside(ReadOnlySpan<long> index, int axis, ArrayType array, string name) => new("AVL0031",
        $"Element [{string.Join(", ", index.ToArray())}] is outside '{name}', which is {array.Shape}: index {index[axis]} in dimension {axis}, where 0..{array.Extents[axis] - 1} exist.", SourceSpan.None);

    public static AvialException DestinationTooShort(long length, ArrayType array, SourceSpan span) => new("AVL0032",
        $"The destination has room for {length} elements; the array of {array.Shape} has {array.Count}.", span);

    public static AvialException DefaultScalar(Type type) => new("AVL0033",
        $"This Scalar<{type.Name}> was never assigned. Scalars come from Reduce, Run(() => ...) or Scalar.Of(value).", SourceSpan.None);

    public static AvialException AxisOutOfRange(int axis, ArrayType type, SourceSpan span) => new("AVL0034",
        $"GetLength({axis}) of an array with {type.Rank} dimension{(type.Rank == 1 ? "" : "s")}; they are numbered from 0.", span);

    public static AvialException CallTooLarge(ArrayType type, SourceSpan span) => new("AVL0035",
        $"Call hands whole arrays over as spans, which hold at most {int.MaxValue} elements; this one is {type}.", span);

    public static AvialException WrongReduction(string reduction, ScalarType type, SourceSpan span) => new("AVL0110",
        $"'{reduction}' does not apply to {type.ClrType().Name}: {Remedy(reduction, type)}", span);

    public static AvialException StructReduction(string reduction, ElementLayout layout, SourceSpan span) => new("AVL0111",
        $"'{reduction}' applies to numbers, but the values are {layout}. Reduce one field at a time, or give a combination of your own with Reduction.Of(identity, (a, b) => ...).", span);

    public static AvialException LastOutsideScatter(SourceSpan span) => new("AVL0112", "Reduction.Last is for Scatter only. For one element use its index.", span);

    public static AvialException NotForScan(string reduction, SourceSpan span) => new("AVL0113", $"'{reduction}' has no running form. Scan with Sum and divide, or use Reduce.", span);

    public static AvialException NotForScatter(string reduction, SourceSpan span) => new("AVL0114", $"'{reduction}' cannot be scattered. Scatter sums and counts, then divide.", span);

    public static AvialException WrongCast(ElementLayout from, ElementLayout to, SourceSpan span) => new("AVL0115",
        $"Elements {from} cannot be cast to {to}: casts are between numbers. Write the conversion as a Run over the domain.", span);

    public static AvialException NotArithmetic(ArrayType type) => new("AVL0116",
        $"Arithmetic operators need arrays of numbers; this one is {type}. Write the operation as a Run over the domain.", SourceSpan.None);

    public static AvialException WrongRandomType(Type type, SourceSpan span) => new("AVL0117",
        $"Random arrays are of float or double, not {type.Name}. Make one of double and convert it in a body.", span);

    private static string Remedy(string reduction, ScalarType type) => reduction switch
    {
        "sum" or "product" => type == ScalarType.Bool ? "count in the body: x ? 1 : 0." : "it would overflow. Convert in the body: (int)x or (long)x.",
        "mean" => "convert in the body: (double)x.",
        "any" or "all" => "give a condition: x > 0.",
        _ => type == ScalarType.Bool ? "use Any or All." : "give a combination of your own with Reduction.Of.",
    };
}
