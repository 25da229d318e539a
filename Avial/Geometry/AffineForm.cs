using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>One term of an <see cref="AffineForm"/>.</summary>
internal readonly record struct FormTerm(int Variable, Int128 Coefficient);

/// <summary>Σ coefficient × variable + constant over integer variables known by number, exact. Terms are sorted; none is zero.</summary>
internal sealed class AffineForm
{
    /// <summary>Beyond this size a coefficient or constant is no longer reasoned with: two of them multiply within 128 bits.</summary>
    public static readonly Int128 Limit = Int128.One << 62;

    private AffineForm(ImmutableArray<FormTerm> terms, Int128 constant)
    {
        Terms = terms;
        Constant = constant;
    }

    public ImmutableArray<FormTerm> Terms { get; }

    public Int128 Constant { get; }

    public bool IsConstant => Terms.IsEmpty;

    /// <summary>True when every coefficient and the constant lie within <see cref="Limit"/>.</summary>
    public bool IsModerate => Int128.Abs(Constant) <= Limit && Terms.All(t => Int128.Abs(t.Coefficient) <= Limit);

    public static AffineForm Of(Int128 constant) => new([], constant);

    public static AffineForm OfVariable(int variable) => new([new FormTerm(variable, 1)], 0);

    public static AffineForm Of(IEnumerable<FormTerm> terms, Int128 constant)
    {
        var sums = new SortedDictionary<int, Int128>();
        foreach (FormTerm term in terms)
        {
            sums[term.Variable] = sums.GetValueOrDefault(term.Variable) + term.Coefficient;
        }
        return new([.. sums.Where(s => s.Value != 0).Select(s => new FormTerm(s.Key, s.Value))], constant);
    }

    public Int128 Coefficient(int variable)
    {
        foreach (FormTerm term in Terms)
        {
            if (term.Variable == variable)
            {
                return term.Coefficient;
            }
        }
        return 0;
    }

    public Int128 Evaluate(Func<int, Int128> value)
    {
        Int128 sum = Constant;
        foreach (FormTerm term in Terms)
        {
            sum += term.Coefficient * value(term.Variable);
        }
        return sum;
    }

    public static AffineForm operator +(AffineForm a, AffineForm b) =>
        a.IsConstant ? new(b.Terms, a.Constant + b.Constant)
        : b.IsConstant ? new(a.Terms, a.Constant + b.Constant)
        : Of(a.Terms.Concat(b.Terms), a.Constant + b.Constant);

    public static AffineForm operator +(AffineForm a, Int128 constant) => new(a.Terms, a.Constant + constant);

    public static AffineForm operator -(AffineForm a, Int128 constant) => new(a.Terms, a.Constant - constant);

    public static AffineForm operator -(AffineForm a, AffineForm b) => a + -b;

    public static AffineForm operator -(AffineForm a) => a * -1;

    public static AffineForm operator *(AffineForm a, Int128 factor) =>
        factor == 0 ? Of(0) : new([.. a.Terms.Select(t => t with { Coefficient = t.Coefficient * factor })], a.Constant * factor);

    public override string ToString() => string.Join(" + ", [.. Terms.Select(t => $"{t.Coefficient}*v{t.Variable}"), $"{Constant}"]);
}
