using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>
/// Equality of kernels and loops functions by content, numbers of values included; records compare their arrays by reference.
/// <see cref="Kernel.Identity"/> does not count.
/// </summary>
internal static class IrEquality
{
    /// <summary>True when both are the same in everything, or, without <paramref name="withSpans"/>, in everything but where it came from.</summary>
    public static bool AreEqual(Kernel? a, Kernel? b, bool withSpans = true) => ReferenceEquals(a, b) || a is not null && b is not null
        && a.Rank == b.Rank && Same(a.Operands, b.Operands) && AreEqual(a.Body, b.Body, withSpans);

    public static bool AreEqual(LoopsFunction a, LoopsFunction b, bool withSpans = true) =>
        a.Name == b.Name && Same(a.Buffers, b.Buffers) && Same(a.Locals, b.Locals) && Same(a.Scalars, b.Scalars) && Same(a.BoxLow, b.BoxLow) && Same(a.BoxHigh, b.BoxHigh)
        && Same(a.TrapSites.Select(s => Normal(s, withSpans)), b.TrapSites.Select(s => Normal(s, withSpans))) && AreEqual(a.Body, b.Body, withSpans);

    public static bool AreEqual(Block a, Block b, bool withSpans = true) =>
        Same(a.Parameters, b.Parameters) && Same(a.Results, b.Results) && a.Instructions.Length == b.Instructions.Length
        && a.Instructions.Zip(b.Instructions).All(pair => AreEqual(pair.First, pair.Second, withSpans));

    public static bool AreEqual(Instruction a, Instruction b, bool withSpans = true)
    {
        if (a.GetType() != b.GetType() || withSpans && SpanText.Normal(a.Span) != SpanText.Normal(b.Span) || !Same(a.Results, b.Results)
            || !Same(a.Operands(), b.Operands()) || !a.Blocks().Zip(b.Blocks()).All(pair => AreEqual(pair.First, pair.Second, withSpans)))
        {
            return false;
        }
        return (a, b) switch
        {
            (LoadInstruction x, LoadInstruction y) => x.Access == y.Access
                && (!withSpans || SpanText.Normal(x.Access.Span) == SpanText.Normal(y.Access.Span)),
            (MathInstruction x, MathInstruction y) => x.Function == y.Function,
            (IfInstruction, IfInstruction) or (InnerSumInstruction, InnerSumInstruction) => true,
            (ForInstruction x, ForInstruction y) => x.Kind == y.Kind && x.Step == y.Step,
            (WhileInstruction x, WhileInstruction y) => x.Cap == y.Cap,
            (TrapIfInstruction x, TrapIfInstruction y) => x.Kind == y.Kind && x.Site == y.Site && x.Operands.Length == y.Operands.Length,
            _ => Equals(a with { Span = SourceSpan.None }, b with { Span = SourceSpan.None }),
        };
    }

    private static TrapSite Normal(TrapSite site, bool withSpans) => site with { Span = withSpans ? SpanText.Normal(site.Span) : SourceSpan.None };

    private static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b) => Same((IEnumerable<T>)a, b);

    private static bool Same<T>(IEnumerable<T> a, IEnumerable<T> b) => a.SequenceEqual(b);
}
