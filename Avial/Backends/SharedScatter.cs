using System.Collections.Immutable;
using Avial.Backends.Lowering;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends;

/// <summary>
/// How ranks share a scatter: each computes the contributions of its part of the domain, and who owns a target combines it with those of all ranks in ascending source
/// index. Where the order does not matter, ranks may instead combine theirs into an array as large as the target, and merge these.
/// </summary>
/// <param name="Combiner">The combiner.</param>
/// <param name="Columns">The columns of a value.</param>
/// <param name="Lower">Makes the stages.</param>
internal sealed record SharedScatter(Combiner Combiner, ImmutableArray<ScalarType> Columns, Func<LoweredOperation> Lower)
{
    /// <summary>The stage that writes the targets of the context's part, as row-major numbers in the whole output, and the values into temporaries.</summary>
    public const int ContributionStage = 0;

    /// <summary>The stage that combines contributions, whose targets are places of the output's memory, with the output.</summary>
    public const int ApplicationStage = 1;

    /// <summary>The stage that merges two arrays; only where contributions may come in any order.</summary>
    public const int MergeStage = 2;

    private readonly Lazy<LoweredOperation> _stages = new(Lower);

    /// <summary>The stages, made when first asked for.</summary>
    public LoweredOperation Stages => _stages.Value;

    /// <summary>True when ranks may share a scatter. Where a combination may stop an element, that depends on all contributions before it.</summary>
    public static bool IsFor(ScatterOperation operation) => operation.Outputs[0].Rank > 0 && Combination.IsTrapFree(operation.Combiner);

    /// <summary>True when contributions give the same bits in any order.</summary>
    public static bool IsInAnyOrder(ScatterOperation operation) => operation.Combiner.Kind switch
    {
        CombinerKind.Min or CombinerKind.Max or CombinerKind.Any or CombinerKind.All => true,
        CombinerKind.Sum or CombinerKind.Product => !operation.Outputs[0].Element.ColumnTypes[0].IsFloat(),
        _ => false,
    };
}
