using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.IR;

/// <summary>What a read outside the array gives.</summary>
internal enum BorderKind : byte
{
    /// <summary>An error: proved absent, checked or refused.</summary>
    None,
    /// <summary>Periodic: the index modulo the extent, per axis.</summary>
    Wrap,
    /// <summary>The nearest element, per axis.</summary>
    Clamp,
    /// <summary>A given value (<see cref="Access.OrValue"/>).</summary>
    Or,
}

/// <summary>How an access is known to stay inside its operand.</summary>
internal enum BoundsProof : byte
{
    /// <summary>Not analysed.</summary>
    Unknown,
    /// <summary>Proved for every index of the domain.</summary>
    Proven,
    /// <summary>An affine read under a data-dependent guard or loop bound: checked when run, once per range where possible.</summary>
    CheckRange,
    /// <summary>A read through data: checked at each element.</summary>
    CheckElement,
}

/// <summary>
/// One read of one column of one operand, as analysis sees it: footprints, halos, bounds proofs, dependence vectors and
/// coalescing are functions of (domain, Access) alone.
/// </summary>
/// <param name="Operand">The kernel operand (position in <see cref="Kernel.Operands"/>).</param>
/// <param name="Column">The primitive column of that operand.</param>
/// <param name="Indices">One index per axis of the operand.</param>
/// <param name="Border">What happens outside.</param>
/// <param name="OrValue">The value outside, when <paramref name="Border"/> is <see cref="BorderKind.Or"/>.</param>
/// <param name="Guard">Affine conditions, each "≥ 0", that hold wherever this access is executed.</param>
/// <param name="GuardIsExact">True when the guard describes exactly the executed points: then a violation is certain.</param>
/// <param name="Proof">Filled in by bounds analysis.</param>
/// <param name="Span">The expression, for messages.</param>
internal sealed record Access(
    int Operand,
    int Column,
    ImmutableArray<AffineIndex> Indices,
    BorderKind Border,
    Value? OrValue,
    ImmutableArray<AffineIndex> Guard,
    bool GuardIsExact,
    BoundsProof Proof,
    SourceSpan Span)
{
    /// <summary>Equal accesses read the same value wherever both are executed; where they were written does not matter.</summary>
    public bool Equals(Access? other) => other is not null && Operand == other.Operand && Column == other.Column && Border == other.Border
        && OrValue == other.OrValue && GuardIsExact == other.GuardIsExact && Proof == other.Proof
        && Indices.AsSpan().SequenceEqual(other.Indices.AsSpan()) && Guard.AsSpan().SequenceEqual(other.Guard.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Operand, Column, Border, Indices.Length == 0 ? 0 : Indices[^1].GetHashCode(), Indices.Length);
}
