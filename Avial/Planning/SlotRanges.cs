using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning;

/// <summary>What every slot of a node's needs is known to lie in: parts are boxes inside the domain, symbols within their limits.</summary>
internal sealed class SlotRanges
{
    private readonly Interval[] _axes;
    private readonly ImmutableArray<SymbolRange> _symbols;

    public SlotRanges(IndexFacts facts, ImmutableArray<SymbolRange> symbols)
    {
        _axes = [.. Enumerable.Range(0, facts.Structure.Kernel.Rank).Select(axis => facts.RangeOf(AffineForm.OfVariable(axis)))];
        _symbols = symbols;
    }

    /// <summary>A number that the form is never below.</summary>
    public Int128 LeastOf(SlotForm form)
    {
        Int128 least = form.Constant;
        Span<Int128> ends = stackalloc Int128[2 * _axes.Length];
        foreach (SlotTerm term in form.Terms)
        {
            if (term.Slot < ends.Length)
            {
                ends[term.Slot] = term.Coefficient;
            }
            else
            {
                SymbolRange symbol = _symbols[term.Slot - ends.Length];
                least += (Int128)term.Coefficient * (term.Coefficient > 0 ? symbol.Min : symbol.Max);
            }
        }
        for (int axis = 0; axis < _axes.Length; axis++)
        {
            // First ≤ last within the axis: the least lies at a corner of that triangle.
            (Int128 first, Int128 last, Interval range) = (ends[2 * axis], ends[2 * axis + 1], _axes[axis]);
            Int128 apart = first * range.Min + last * range.Max;
            least += Int128.Min(apart, Int128.Min((first + last) * range.Min, (first + last) * range.Max));
        }
        return least;
    }

    /// <summary>The bounds without those that another one makes superfluous.</summary>
    public ImmutableArray<NeedBound> Strongest(List<NeedBound> bounds)
    {
        var kept = new List<NeedBound>();
        foreach (NeedBound bound in bounds)
        {
            if (!kept.Exists(k => IsWithin(k, bound)))
            {
                kept.RemoveAll(k => IsWithin(bound, k));
                kept.Add(bound);
            }
        }
        return [.. kept];
    }

    /// <summary>True when the first bound never allows more than the second.</summary>
    private bool IsWithin(NeedBound strong, NeedBound weak)
    {
        const long most = 1L << 30;
        return strong.Divisor < most && weak.Divisor < most && Difference(weak, strong) is { } difference && LeastOf(difference) >= 0;
    }

    /// <summary>weak / its divisor − strong / its divisor, times both divisors; null when its numbers are too large.</summary>
    private static SlotForm? Difference(NeedBound weak, NeedBound strong)
    {
        AffineForm difference = FormOf(weak.Form) * strong.Divisor - FormOf(strong.Form) * weak.Divisor;
        return Int128.Abs(difference.Constant) <= long.MaxValue && difference.Terms.All(t => Int128.Abs(t.Coefficient) <= Int128.One << 60)
            ? new SlotForm([.. difference.Terms.Select(t => new SlotTerm(t.Variable, (long)t.Coefficient))], (long)difference.Constant) : null;
    }

    private static AffineForm FormOf(SlotForm form) => AffineForm.Of(form.Terms.Select(t => new FormTerm(t.Slot, t.Coefficient)), form.Constant);
}
