using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning;

/// <summary>A bound of a place: at least ⌈−form / divisor⌉ as a lower one, at most ⌊form / divisor⌋ as an upper one.</summary>
internal readonly record struct NeedBound(SlotForm Form, long Divisor);

/// <summary>
/// The places on one axis: scale × z + offset for lower bounds ≤ z ≤ upper bounds. No lower (upper) bound at all means from the axis's first (to its last) place.
/// </summary>
internal sealed record NeedAxis(ImmutableArray<NeedBound> Lower, ImmutableArray<NeedBound> Upper, long Scale, SlotForm Offset)
{
    /// <summary>Equal bounds in equal order.</summary>
    public static IEqualityComparer<NeedAxis> Comparer { get; } = EqualityComparer<NeedAxis>.Create((a, b) => a!.Scale == b!.Scale && a.Offset == b.Offset
        && a.Lower.AsSpan().SequenceEqual(b.Lower.AsSpan()) && a.Upper.AsSpan().SequenceEqual(b.Upper.AsSpan()));

    public static NeedAxis Whole { get; } = new([], [], 1, new SlotForm([], 0));

    /// <summary>True when nothing bounds it: the whole axis.</summary>
    public bool IsWhole => Lower.IsEmpty && Upper.IsEmpty;

    public bool Mentions(int firstSlot, int endSlot)
    {
        foreach (SlotForm form in Lower.Concat(Upper).Select(b => b.Form).Append(Offset))
        {
            if (form.Terms.Any(t => t.Slot >= firstSlot && t.Slot < endSlot))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The first and last place, before the border has its say.</summary>
    public (Int128 First, Int128 Last) Evaluate(ReadOnlySpan<long> least, ReadOnlySpan<long> most, long extent)
    {
        Int128 first = 0;
        Int128 last = extent - 1;
        for (int n = 0; n < Lower.Length; n++)
        {
            Int128 bound = -Floor.Divide(Lower[n].Form.Most(least, most), Lower[n].Divisor);
            first = n == 0 ? bound : Int128.Max(first, bound);
        }
        for (int n = 0; n < Upper.Length; n++)
        {
            Int128 bound = Floor.Divide(Upper[n].Form.Most(least, most), Upper[n].Divisor);
            last = n == 0 ? bound : Int128.Min(last, bound);
        }
        return (Lower.IsEmpty ? first : first * Scale + Offset.Least(least, most), Upper.IsEmpty ? last : last * Scale + Offset.Most(least, most));
    }

    public string Text(int rank)
    {
        string lower = string.Join(", ", Lower.Select(b => b.Divisor == 1 ? Negated(b.Form).Text(rank) : $"ceil(({Negated(b.Form).Text(rank)})/{b.Divisor})"));
        string upper = string.Join(", ", Upper.Select(b => b.Divisor == 1 ? b.Form.Text(rank) : $"floor(({b.Form.Text(rank)})/{b.Divisor})"));
        string place = Scale == 1 ? "" : $"{Scale}*";
        string offset = Offset.Terms.IsEmpty && Offset.Constant == 0 ? "" : $" + {Offset.Text(rank)}";
        return IsWhole ? "whole" : $"{place}({(Lower.Length == 0 ? "0" : lower)}..={(Upper.Length == 0 ? "end" : upper)}){offset}";
    }

    private static SlotForm Negated(SlotForm form) => new([.. form.Terms.Select(t => t with { Coefficient = -t.Coefficient })], -form.Constant);
}

/// <summary>One case of an access: where its conditions (each "≥ 0") can hold, the places per axis.</summary>
internal sealed record NeedCase(ImmutableArray<NeedAxis> Axes, ImmutableArray<SlotForm> Conditions)
{
    /// <summary>False when nothing is read for any values of the slots between two.</summary>
    public bool CanRead(ReadOnlySpan<long> least, ReadOnlySpan<long> most)
    {
        foreach (SlotForm condition in Conditions)
        {
            if (condition.Most(least, most) < 0)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>True when both give the same places for all values.</summary>
    public bool IsSame(NeedCase other) => Conditions.AsSpan().SequenceEqual(other.Conditions.AsSpan())
        && Axes.AsSpan().SequenceEqual(other.Axes.AsSpan(), NeedAxis.Comparer);

    public string Text(int rank)
    {
        string axes = string.Join(", ", Axes.Select(a => a.Text(rank)));
        return Conditions.IsEmpty ? $"[{axes}]" : $"[{axes}] if {string.Join(" and ", Conditions.Select(c => $"{c.Text(rank)} >= 0"))}";
    }
}
