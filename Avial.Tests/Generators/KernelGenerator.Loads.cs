using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Tests.Generators;

/// <summary>Reads of operands.</summary>
internal sealed partial class KernelGenerator
{
    private Value Load(Scope scope) => Load(scope, _random.Next(_operands.Length));

    private Value Load(Scope scope, int operand)
    {
        if (_random.Next(10) == 0 && _operands[operand].Rank > 0)
        {
            int axis = _random.Next(_operands[operand].Rank);
            return scope.Builder.Pure(ScalarType.I64, r => new ExtentInstruction(r, operand, axis));
        }
        int column = _random.Next(_operands[operand].Columns.Length);
        ScalarType type = _operands[operand].Columns[column];
        BorderKind border = (BorderKind)_random.Next(4);
        if (_extents[operand].Contains(0) && !_options.MayTrap)
        {
            border = BorderKind.Or; // nothing to wrap or clamp to
        }
        BoundsProof proof = BoundsProof.Proven;
        ImmutableArray<AffineIndex> indices = border == BorderKind.None
            ? [.. _extents[operand].Select(extent => Inside(scope, extent, ref proof))]
            : [.. _extents[operand].Select(_ => Anywhere(scope))];
        if (border != BorderKind.None)
        {
            proof = BoundsProof.Unknown;
        }
        else if (_extents[operand].Contains(0))
        {
            proof = BoundsProof.CheckElement; // nothing is inside
        }
        else if (_options.MayTrap && _random.Next(12) == 0 && indices.Length > 0)
        {
            indices = indices.SetItem(0, indices[0] + _random.Next(-2, 3));
            proof = BoundsProof.CheckElement;
        }
        Value? outside = border == BorderKind.Or ? Operand(scope, type) : null;
        var access = new Access(operand, column, indices, border, outside, scope.Guard, scope.IsExact, proof, SourceSpan.None);
        return scope.Builder.Pure(type, r => new LoadInstruction(r, access));
    }

    /// <summary>A read of an operand of the domain's rank where the index stands, if that is inside.</summary>
    private Value? LoadHere(Scope scope, int operand)
    {
        ImmutableArray<Bounded> indices = scope.Affine;
        if (_operands[operand].Rank != indices.Length || indices.Zip(_extents[operand]).Any(p => p.First.Low < 0 || p.First.High >= p.Second))
        {
            return null;
        }
        int column = _random.Next(_operands[operand].Columns.Length);
        var access = new Access(operand, column, [.. indices.Select(i => AffineIndex.Of(i.Value))], BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None);
        return scope.Builder.Pure(_operands[operand].Columns[column], r => new LoadInstruction(r, access));
    }

    /// <summary>An index in [0, extent): a multiple of a value of known range and a constant, a constant, or clamped data.</summary>
    private AffineIndex Inside(Scope scope, long extent, ref BoundsProof proof)
    {
        if (_random.Next(6) == 0)
        {
            proof = BoundsProof.CheckElement;
            return AffineIndex.Of(Clamped(scope, 0, extent - 1));
        }
        if (scope.Known.Length > 0)
        {
            Bounded bounded = Any(scope.Known);
            long coefficient = Any<long>([1, 1, 1, 1, -1, 2]);
            AffineIndex index = AffineIndex.Of(bounded.Value) * coefficient;
            long lowest = coefficient * (coefficient > 0 ? bounded.Low : bounded.High);
            long highest = coefficient * (coefficient > 0 ? bounded.High : bounded.Low);
            // Sums of two variables, where the second still fits.
            Bounded other = Any(scope.Known);
            if (_random.Next(3) == 0 && highest + other.High - lowest - other.Low < extent)
            {
                (index, lowest, highest) = (index + AffineIndex.Of(other.Value), lowest + other.Low, highest + other.High);
                proof = other.IsAffine ? proof : BoundsProof.CheckElement;
            }
            if (highest - lowest < extent)
            {
                proof = bounded.IsAffine ? proof : BoundsProof.CheckElement;
                return index + _random.NextInt64(-lowest, extent - highest);
            }
        }
        return AffineIndex.Of(_random.NextInt64(extent));
    }

    private AffineIndex Anywhere(Scope scope)
    {
        AffineIndex index = AffineIndex.Of(_random.Next(-4, 5));
        foreach (Bounded bounded in scope.Known.Where(_ => _random.Next(3) == 0))
        {
            index += AffineIndex.Of(bounded.Value) * _random.Next(-2, 3);
        }
        return _random.Next(5) == 0 ? index + AffineIndex.Of(Clamped(scope, -20, 20)) : index;
    }

    /// <summary>Some i64 value brought into a range.</summary>
    private Value Clamped(Scope scope, long low, long high)
    {
        BlockBuilder b = scope.Builder;
        Value value = b.Binary(BinaryOp.Min, b.Binary(BinaryOp.Max, Operand(scope, ScalarType.I64), b.Constant(low)), b.Constant(high));
        scope.Bound(value, low, high, isAffine: false);
        return value;
    }
}
