using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>A combiner as instructions. Not for Mean, ArgMin and ArgMax, which are more than a combination of elements.</summary>
internal sealed class Combination
{
    private readonly FunctionBuilder _function;
    private readonly Combiner _combiner;

    public Combination(FunctionBuilder function, Combiner combiner, ImmutableArray<ScalarType> types)
    {
        _function = function;
        _combiner = combiner;
        Types = types;
    }

    /// <summary>The columns in which it works.</summary>
    public ImmutableArray<ScalarType> Types { get; }

    /// <summary>The columns in which a combiner works: Half's Sum, Mean and Product accumulate in float.</summary>
    public static ImmutableArray<ScalarType> AccumulatedTypes(Kernel kernel, Combiner combiner) =>
        combiner.Kind is CombinerKind.Sum or CombinerKind.Mean or CombinerKind.Product
            ? [.. kernel.ResultTypes.Select(KernelLowering.AccumulatorType)]
            : kernel.ResultTypes;

    /// <summary>True when no combination can stop an element.</summary>
    public static bool IsTrapFree(Combiner combiner) => combiner.Fold is not { } fold || KernelWork.IsStraightLine(fold.Body);

    /// <summary>left ∘ right; a user's fold that traps does so at <paramref name="element"/>.</summary>
    public Value[] Combine(Value[] left, Value[] right, ImmutableArray<Value> element)
    {
        if (_combiner.Fold is { } fold)
        {
            return KernelLowering.Combine(_function, fold, left, right, element);
        }
        return _combiner.Kind == CombinerKind.Last ? right
            : [.. left.Zip(right, (l, r) => _function.Binary(Op, l, r, Motion.OutOfLoops))];
    }

    /// <summary>The value of no elements.</summary>
    public Value[] Identity() => [.. Types.Select((type, column) => _function.Constant(type, IdentityOf(_combiner, type, column)))];

    /// <summary>The bits of a column of the value of no elements.</summary>
    public static ulong IdentityOf(Combiner combiner, ScalarType type, int column) => combiner.Kind switch
    {
        CombinerKind.Fold => combiner.Identity[column],
        CombinerKind.Sum or CombinerKind.Any => 0,
        CombinerKind.Product or CombinerKind.All => One(type),
        CombinerKind.Min => Numerics.ScalarBits.Highest(type),
        CombinerKind.Max => Numerics.ScalarBits.Lowest(type),
        _ => throw new InternalErrorException($"{combiner} has no identity."),
    };

    /// <summary>An element's columns in the types in which it works.</summary>
    public Value[] Widen(Value[] columns) => [.. columns.Select((value, column) => _function.Convert(value, Types[column]))];

    private static ulong One(ScalarType type) => type == ScalarType.Bool ? 1 : Numerics.ScalarBits.OfInteger(type, 1);

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
