using System.Collections.Immutable;

namespace Avial.IR;

/// <summary>One term of an <see cref="AffineIndex"/>: coefficient × an SSA value of type i64.</summary>
internal readonly record struct AffineTerm(Value Atom, long Coefficient);

/// <summary>
/// A sum Σ coefficient × atom + constant in <c>long</c>. Atoms are SSA values: index variables, loop inductions,
/// integer parameters, extents (then the index is affine), or any other i64 value (then it is indirect:
/// <c>x[col[k] + 1]</c> has the load of <c>col[k]</c> as an atom). Terms are sorted by atom id; no zero coefficients.
/// </summary>
internal sealed class AffineIndex : IEquatable<AffineIndex>
{
    public static AffineIndex Zero { get; } = new([], 0);

    private AffineIndex(ImmutableArray<AffineTerm> terms, long constant)
    {
        Terms = terms;
        Constant = constant;
    }

    public ImmutableArray<AffineTerm> Terms { get; }

    public long Constant { get; }

    public bool IsConstant => Terms.IsEmpty;

    public static AffineIndex Of(long constant) => new([], constant);

    public static AffineIndex Of(Value atom) => new([new AffineTerm(atom, 1)], 0);

    public static AffineIndex Of(IEnumerable<AffineTerm> terms, long constant) => new(
        [.. terms.GroupBy(t => t.Atom).Select(g => new AffineTerm(g.Key, g.Sum(t => t.Coefficient)))
            .Where(t => t.Coefficient != 0).OrderBy(t => t.Atom.Id)], constant);

    /// <summary>The coefficient of an atom; 0 when it does not occur.</summary>
    public long Coefficient(Value atom)
    {
        foreach (var term in Terms)
        {
            if (term.Atom.Id == atom.Id)
            {
                return term.Coefficient;
            }
        }
        return 0;
    }

    public static AffineIndex operator +(AffineIndex a, AffineIndex b) => Of(a.Terms.Concat(b.Terms), a.Constant + b.Constant);

    public static AffineIndex operator -(AffineIndex a, AffineIndex b) => a + b * -1;

    public static AffineIndex operator *(AffineIndex a, long factor) =>
        factor == 0 ? Zero : new([.. a.Terms.Select(t => t with { Coefficient = t.Coefficient * factor })], a.Constant * factor);

    public static AffineIndex operator +(AffineIndex a, long constant) => new(a.Terms, a.Constant + constant);

    /// <summary>Replaces atoms by affine sums; atoms the map returns null for stay.</summary>
    public AffineIndex Substitute(Func<Value, AffineIndex?> map)
    {
        var result = Of(Constant);
        foreach (var term in Terms)
        {
            result += (map(term.Atom) ?? Of(term.Atom)) * term.Coefficient;
        }
        return result;
    }

    public bool Equals(AffineIndex? other) =>
        other is not null && Constant == other.Constant && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as AffineIndex);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Constant);
        foreach (var term in Terms)
        {
            hash.Add(term);
        }
        return hash.ToHashCode();
    }

    /// <summary><c>%0 - 1</c>, <c>2*%1 + %3 + 5</c>, <c>7</c>.</summary>
    public override string ToString()
    {
        if (Terms.IsEmpty)
        {
            return $"{Constant}";
        }
        var text = new System.Text.StringBuilder();
        foreach (var term in Terms)
        {
            string sign = term.Coefficient < 0 ? (text.Length == 0 ? "-" : " - ") : (text.Length == 0 ? "" : " + ");
            ulong size = (ulong)Math.Abs((decimal)term.Coefficient);
            text.Append(sign).Append(size == 1 ? "" : $"{size}*").Append(term.Atom);
        }
        if (Constant != 0)
        {
            text.Append(Constant < 0 ? $" - {Math.Abs((decimal)Constant)}" : $" + {Constant}");
        }
        return text.ToString();
    }
}
