using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>An integer that needs may depend on, known when a plan runs: a captured number, or a rank-0 input of the node (the step of a loop).</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Position">The position in the node's scalars or inputs.</param>
/// <param name="Column">The column of the input; 0 for a captured number.</param>
internal readonly record struct NeedSymbol(ArgumentKind Kind, int Position, int Column)
{
    /// <summary><c>$2</c> for input 2, <c>$2.1</c> for its column 1, <c>#0</c> for captured number 0.</summary>
    public override string ToString() => Kind == ArgumentKind.Scalar ? $"#{Position}" : Column == 0 ? $"${Position}" : $"${Position}.{Column}";

    /// <summary>
    /// The values that formulas are made for. Wide enough for any index, narrow enough that sums and small multiples do not leave the type; for a
    /// value outside, formulas answer with what is read for any value.
    /// </summary>
    public static Interval Assumed(ScalarType type) => type switch
    {
        ScalarType.I32 => new(-(1 << 28), 1 << 28),
        ScalarType.U32 => new(0, 1 << 28),
        ScalarType.I64 => new(-(1L << 48), 1L << 48),
        ScalarType.U64 => new(0, 1L << 48),
        _ => Interval.OfType(type),
    };
}
