using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>Combines two elements by the combiner of a reduction, a scan or a scatter.</summary>
internal sealed class ElementCombiner
{
    private readonly Combiner _combiner;
    private readonly ImmutableArray<ScalarType> _types;
    private readonly KernelInterpreter? _fold;

    /// <param name="combiner">Not Mean, ArgMin or ArgMax, which are more than a combination of elements.</param>
    /// <param name="types">The columns of an element.</param>
    public ElementCombiner(Combiner combiner, ImmutableArray<ScalarType> types)
    {
        _combiner = combiner;
        _types = types;
        _fold = combiner.Fold is { } fold ? new KernelInterpreter(fold, NoOperands.Instance) : null;
    }

    /// <summary>Sets <paramref name="result"/> to left ∘ right, element by element; it may be the memory of either. False when a user's fold traps.</summary>
    public bool TryCombine(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result, out KernelTrap trap)
    {
        trap = default;
        if (_fold is not null)
        {
            Span<ulong> both = stackalloc ulong[2 * _types.Length];
            left.CopyTo(both);
            right.CopyTo(both[_types.Length..]);
            return _fold.TryRun([], both, result, out trap);
        }
        if (_combiner.Kind == CombinerKind.Last)
        {
            right.CopyTo(result);
            return true;
        }
        for (int column = 0; column < _types.Length; column++)
        {
            ScalarArithmetic.TryBinary(Op, _types[column], left[column], right[column], out result[column], out _);
        }
        return true;
    }

    /// <summary>The value of no elements, per column: also the first result of an exclusive scan.</summary>
    public ulong[] Identity() => _combiner.Kind switch
    {
        CombinerKind.Fold => [.. _combiner.Identity],
        CombinerKind.Sum => [.. _types.Select(t => ScalarBits.OfInteger(t, 0))],
        CombinerKind.Product => [.. _types.Select(t => ScalarBits.OfInteger(t, 1))],
        CombinerKind.Min => [.. _types.Select(ScalarBits.Highest)],
        CombinerKind.Max => [.. _types.Select(ScalarBits.Lowest)],
        CombinerKind.Any => [.. _types.Select(_ => 0ul)],
        CombinerKind.All => [.. _types.Select(_ => 1ul)],
        _ => throw new InternalErrorException($"{_combiner} has no identity."),
    };

    private BinaryOp Op => _combiner.Kind switch
    {
        CombinerKind.Sum => BinaryOp.Add,
        CombinerKind.Product => BinaryOp.Multiply,
        CombinerKind.Min => BinaryOp.Min,
        CombinerKind.Max => BinaryOp.Max,
        CombinerKind.Any => BinaryOp.Or,
        CombinerKind.All => BinaryOp.And,
        _ => throw new InternalErrorException($"{_combiner} does not combine elements."),
    };
}
