using System.Collections.Immutable;

namespace Avial.Planning;

/// <summary>One term of a <see cref="LinearPart"/>.</summary>
/// <param name="IsSymbol">True for a symbol of the node, false for an index variable of the domain.</param>
/// <param name="Number">The number of the symbol, or the axis of the domain.</param>
/// <param name="Coefficient">How far the index moves when it grows by one.</param>
internal readonly record struct LinearTerm(bool IsSymbol, int Number, long Coefficient);

/// <summary>
/// How the index of one axis of an access moves with the index variables of the domain and with symbols. Of accesses with equal linear parts one reads what
/// the other reads, shifted: they differ by a halo; others differ by a redistribution.
/// </summary>
/// <param name="Terms">Index variables first, ascending; none with coefficient 0.</param>
/// <param name="IsSpread">True when at one point of the domain several places may be read: an inner loop, data, arithmetic that is not affine.</param>
internal readonly record struct LinearPart(ImmutableArray<LinearTerm> Terms, bool IsSpread)
{
    /// <summary>The axis of the domain that this axis follows index by index (coefficient 1, no other index variable, no spread); -1 when none.</summary>
    public int Axis
    {
        get
        {
            int axis = -1;
            foreach (LinearTerm term in Terms)
            {
                if (term.IsSymbol)
                {
                    continue;
                }
                if (axis >= 0 || term.Coefficient != 1)
                {
                    return -1;
                }
                axis = term.Number;
            }
            return IsSpread ? -1 : axis;
        }
    }

    public bool Equals(LinearPart other) => IsSpread == other.IsSpread && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    public override int GetHashCode() => HashCode.Combine(IsSpread, Terms.Length, Terms.Length == 0 ? default : Terms[0]);

    /// <summary><c>i0 + 2*s1</c>, <c>i1 + ...</c> for a spread, <c>0</c> for a fixed place.</summary>
    public override string ToString()
    {
        IEnumerable<string> terms = Terms.Select(t => $"{(t.Coefficient == 1 ? "" : $"{t.Coefficient}*")}{(t.IsSymbol ? 's' : 'i')}{t.Number}");
        string text = string.Join(" + ", IsSpread ? terms.Append("...") : terms);
        return text.Length == 0 ? "0" : text;
    }
}
