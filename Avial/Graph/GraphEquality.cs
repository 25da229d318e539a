using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;
using Avial.IR.Text;

namespace Avial.Graph;

/// <summary>
/// Equality of regions by content, kernels included. An anonymous layout equals every layout of the same columns. Left-out lists equal empty ones.
/// </summary>
internal static class GraphEquality
{
    /// <summary>True when both are the same in everything, or, without <paramref name="withSpans"/>, in everything but source spans and fused tasks.</summary>
    public static bool AreEqual(Region a, Region b, bool withSpans = true) =>
        Same(a.Parameters, b.Parameters, AreEqual) && Same(a.Nodes, b.Nodes, (x, y) => AreEqual(x, y, withSpans)) && Same(a.Results, b.Results);

    public static bool AreEqual(GraphNode a, GraphNode b, bool withSpans = true) =>
        Same(a.Inputs, b.Inputs) && Same(a.Scalars, b.Scalars) && a.Name == b.Name && a.Order == b.Order && a.Target == b.Target && a.Precision == b.Precision
        && (!withSpans || SpanText.Normal(a.Span) == SpanText.Normal(b.Span) && Same(a.Fused, b.Fused, (x, y) => AreEqual(x, y)))
        && AreEqual(a.Operation, b.Operation, withSpans);

    public static bool AreEqual(Operation a, Operation b, bool withSpans = true)
    {
        if (a.GetType() != b.GetType() || !Same(a.Outputs, b.Outputs, AreEqual))
        {
            return false;
        }
        return (a, b) switch
        {
            (FileOperation x, FileOperation y) => x.Path == y.Path,
            (MapOperation x, MapOperation y) => Same(x.Bases, y.Bases) && Same(x.Origin, y.Origin)
                && Same(x.Pieces, y.Pieces, (p, q) => p.Domain.Equals(q.Domain) && AreEqual(p.Use, q.Use, withSpans)),
            (ReduceOperation x, ReduceOperation y) => x.Domain.Equals(y.Domain) && AreEqual(x.Use, y.Use, withSpans) && Same(x.Axes, y.Axes)
                && AreEqual(x.Combiner, y.Combiner, withSpans),
            (ScanOperation x, ScanOperation y) => x.Domain.Equals(y.Domain) && AreEqual(x.Use, y.Use, withSpans) && x.Axis == y.Axis
                && x.IsExclusive == y.IsExclusive && AreEqual(x.Combiner, y.Combiner, withSpans),
            (ScatterOperation x, ScatterOperation y) => x.Domain.Equals(y.Domain) && AreEqual(x.Use, y.Use, withSpans) && x.Into == y.Into
                && AreEqual(x.Combiner, y.Combiner, withSpans),
            (SweepOperation x, SweepOperation y) => x.Domain.Equals(y.Domain) && AreEqual(x.Use, y.Use, withSpans) && x.Start == y.Start,
            (ViewOperation x, ViewOperation y) => Same(x.Maps, y.Maps) && Same(Offsets(x), Offsets(y)),
            (LoopOperation x, LoopOperation y) => x.Carried == y.Carried && x.HasUntil == y.HasUntil && x.Every == y.Every && AreEqual(x.Body, y.Body, withSpans),
            (CallOperation x, CallOperation y) => ReferenceEquals(x.Body, y.Body) && x.IsEffect == y.IsEffect,
            (SourceOperation, _) or (SymbolOperation, _) or (FillOperation, _) or (ReshapeOperation, _) => true,
            _ => throw new InternalErrorException($"The equality of a {a.GetType().Name} is not known."),
        };
    }

    public static bool AreEqual(ArrayType a, ArrayType b) => HaveSameElements(a.Element, b.Element) && Same(a.Extents, b.Extents);

    /// <summary>The same layout, or one that does not know its .NET type and has the same columns.</summary>
    public static bool HaveSameElements(ElementLayout a, ElementLayout b) => a == b || (a.IsAnonymous || b.IsAnonymous) && HaveSameColumns(a, b);

    public static bool HaveSameColumns(ElementLayout a, ElementLayout b) => a.Columns.Select(c => (c.Path, c.Type)).SequenceEqual(b.Columns.Select(c => (c.Path, c.Type)));

    private static bool AreEqual(KernelUse a, KernelUse b, bool withSpans) =>
        Same(a.Operands, b.Operands) && Same(a.Arguments, b.Arguments) && IrEquality.AreEqual(a.Kernel, b.Kernel, withSpans);

    private static bool AreEqual(Combiner a, Combiner b, bool withSpans) =>
        a.Kind == b.Kind && Same(a.Identity, b.Identity) && (a.Fold is null ? b.Fold is null : IrEquality.AreEqual(a.Fold, b.Fold, withSpans));

    private static ImmutableArray<LinearBound> Offsets(ViewOperation view) => view.Offsets.IsDefaultOrEmpty ? [.. new LinearBound[view.Maps.Length]] : view.Offsets;

    private static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b) => Same(a, b, EqualityComparer<T>.Default.Equals);

    private static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b, Func<T, T, bool> areEqual)
    {
        (a, b) = (a.IsDefault ? [] : a, b.IsDefault ? [] : b);
        return a.Length == b.Length && a.Zip(b).All(pair => areEqual(pair.First, pair.Second));
    }
}
