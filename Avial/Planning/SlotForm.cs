using System.Collections.Immutable;

namespace Avial.Planning;

/// <summary>One term of a <see cref="SlotForm"/>.</summary>
internal readonly record struct SlotTerm(int Slot, long Coefficient);

/// <summary>
/// Σ coefficient × slot + constant, where the slots are what is known when a need is evaluated: per axis of the domain the first index of the part
/// (slot 2a) and its last (slot 2a + 1), then the symbols.
/// </summary>
internal readonly record struct SlotForm(ImmutableArray<SlotTerm> Terms, long Constant)
{
    /// <summary>The greatest value when each slot lies between two values.</summary>
    public Int128 Most(ReadOnlySpan<long> least, ReadOnlySpan<long> most)
    {
        Int128 sum = Constant;
        foreach (SlotTerm term in Terms)
        {
            sum += (Int128)term.Coefficient * (term.Coefficient > 0 ? most[term.Slot] : least[term.Slot]);
        }
        return sum;
    }

    /// <summary>The least value when each slot lies between two values.</summary>
    public Int128 Least(ReadOnlySpan<long> least, ReadOnlySpan<long> most) => Most(most, least);

    public bool Equals(SlotForm other) => Constant == other.Constant && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Constant, Terms.Length, Terms.Length == 0 ? default : Terms[0]);

    /// <summary><c>first0 - 1</c>, <c>last1 + 2*s0</c> for a domain of the given rank.</summary>
    public string Text(int rank)
    {
        var text = new System.Text.StringBuilder();
        foreach (SlotTerm term in Terms)
        {
            string sign = term.Coefficient < 0 ? (text.Length == 0 ? "-" : " - ") : text.Length == 0 ? "" : " + ";
            string name = term.Slot >= 2 * rank ? $"s{term.Slot - 2 * rank}" : $"{((term.Slot & 1) == 0 ? "first" : "last")}{term.Slot / 2}";
            text.Append(sign).Append(Math.Abs(term.Coefficient) == 1 ? "" : $"{Math.Abs(term.Coefficient)}*").Append(name);
        }
        if (Constant != 0 || text.Length == 0)
        {
            text.Append(text.Length == 0 ? $"{Constant}" : Constant < 0 ? $" - {-Constant}" : $" + {Constant}");
        }
        return text.ToString();
    }
}
