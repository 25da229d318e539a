using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Which reductions apply to which element types; everything else is refused when recorded.</summary>
internal static class CombinerRules
{
    public static void Check(Combiner combiner, ElementLayout layout, SourceSpan span)
    {
        if (combiner.Kind == CombinerKind.Fold)
        {
            return;
        }
        if (combiner.Kind == CombinerKind.Last)
        {
            throw Throw.LastOutsideScatter(span);
        }
        if (!layout.IsPrimitive)
        {
            throw Throw.StructReduction(combiner.ToString(), layout, span);
        }
        ScalarType type = layout.Columns[0].Type;
        bool fits = combiner.Kind switch
        {
            CombinerKind.Any or CombinerKind.All => type == ScalarType.Bool,
            CombinerKind.Mean => type.IsFloat(),
            CombinerKind.Sum or CombinerKind.Product => type.IsFloat() || type is ScalarType.I32 or ScalarType.I64 or ScalarType.U32 or ScalarType.U64,
            _ => type != ScalarType.Bool,
        };
        if (!fits)
        {
            throw Throw.WrongReduction(combiner.ToString(), type, span);
        }
    }

    public static void CheckScan(Combiner combiner, ElementLayout layout, SourceSpan span)
    {
        if (combiner.Kind is CombinerKind.Mean or CombinerKind.Last)
        {
            throw Throw.NotForScan(combiner.ToString(), span);
        }
        Check(combiner, layout, span);
    }

    public static void CheckScatter(Combiner combiner, ElementLayout layout, SourceSpan span)
    {
        if (combiner.Kind == CombinerKind.Last)
        {
            return;
        }
        if (combiner.Kind == CombinerKind.Mean)
        {
            throw Throw.NotForScatter(combiner.ToString(), span);
        }
        Check(combiner, layout, span);
    }
}
