using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Import;

/// <summary>An interval of integers, both ends included.</summary>
internal readonly record struct IntegerRange(Int128 Low, Int128 High)
{
    public bool Contains(IntegerRange other) => Low <= other.Low && other.High <= High;

    public static IntegerRange Of(ScalarType type)
    {
        int bits = type.Size() * 8;
        return type.IsSigned() ? new(-(Int128.One << (bits - 1)), (Int128.One << (bits - 1)) - 1) : new(0, (Int128.One << bits) - 1);
    }

    public static IntegerRange operator *(IntegerRange range, long factor) =>
        factor >= 0 ? new(range.Low * factor, range.High * factor) : new(range.High * factor, range.Low * factor);

    // Far beyond every integer type, and far enough below Int128 for a long sum.
    private static readonly Int128 s_far = Int128.One << 126;

    public static IntegerRange operator +(IntegerRange a, IntegerRange b) =>
        new(Int128.Clamp(a.Low, -s_far, s_far) / 2 + Int128.Clamp(b.Low, -s_far, s_far) / 2 < -(s_far / 2) ? -s_far : a.Low + b.Low,
            Int128.Clamp(a.High, -s_far, s_far) / 2 + Int128.Clamp(b.High, -s_far, s_far) / 2 > s_far / 2 ? s_far : a.High + b.High);
}

/// <summary>
/// What import knows of values: integers as affine sums modulo their width, ranges of atoms, and truths that follow from conditions.
/// </summary>
internal sealed class ValueFacts
{
    // Extents and usual indices stay below this; a form that fits under it does not depend on the size of the domain.
    private static readonly IntegerRange s_anyIndex = new(-(Int128.One << 47), Int128.One << 47);

    private readonly Dictionary<int, AffineIndex> _forms = [];
    private readonly Dictionary<int, (IntegerRange Coarse, IntegerRange Fine)> _atoms = [];
    private readonly Dictionary<int, Condition> _conditions = [];
    private readonly IntegerRange _index;

    public ValueFacts(long indexMagnitude)
    {
        _index = new(-(Int128)indexMagnitude, indexMagnitude);
        DependsOnMagnitude = !s_anyIndex.Contains(_index);
    }

    /// <summary>True once a decision used the size of the domain.</summary>
    public bool DependsOnMagnitude { get; private set; }

    public static IntegerRange AnyIndex => s_anyIndex;

    public void AddIndex(Value index) => _atoms[index.Id] = (s_anyIndex.Contains(_index) ? s_anyIndex : _index, _index);

    /// <summary>Declares an i64 value that guards and indices may be affine in.</summary>
    public void AddAtom(Value atom, IntegerRange range) => _atoms[atom.Id] = (range, range);

    /// <summary>Declares the induction value of a loop from its bounds.</summary>
    public void AddInduction(Value k, AffineIndex? from, AffineIndex? to)
    {
        var any = IntegerRange.Of(ScalarType.I64);
        IntegerRange Bounds(bool isFine) => new(from is null ? any.Low : Range(from, isFine).Low, to is null ? any.High : Range(to, isFine).High - 1);
        _atoms[k.Id] = (Bounds(false), Bounds(true));
    }

    /// <summary>The affine sum that equals a value modulo 2^(its width), or null.</summary>
    public AffineIndex? Congruent(Value value) =>
        _forms.TryGetValue(value.Id, out AffineIndex? form) ? form : value.Type == ScalarType.I64 ? AffineIndex.Of(value) : null;

    public void SetCongruent(Value value, AffineIndex? form)
    {
        if (form is not null)
        {
            _forms.TryAdd(value.Id, form);
        }
    }

    /// <summary>The affine sum that equals a value, proved not to wrap; or null.</summary>
    public AffineIndex? Exact(Value value) => Congruent(value) is { } form && Fits(form, IntegerRange.Of(value.Type)) ? form : null;

    /// <summary>
    /// The sum an access may use for an i64 index: where it differs from the wrapped value, both lie outside of any array, at least 2^62 away.
    /// </summary>
    public AffineIndex Index(Value value)
    {
        AffineIndex form = Congruent(value)!;
        var limit = new IntegerRange(-(Int128.One << 63) - (Int128.One << 62), (Int128.One << 63) + (Int128.One << 62));
        return Fits(form, limit) ? form : AffineIndex.Of(value);
    }

    /// <summary>True when a sum surely lies in a range.</summary>
    public bool Fits(AffineIndex form, IntegerRange range)
    {
        if (range.Contains(Range(form, isFine: false)))
        {
            return true;
        }
        if (!form.Terms.Any(t => _atoms.TryGetValue(t.Atom.Id, out var atom) && atom.Coarse != atom.Fine))
        {
            return false;
        }
        DependsOnMagnitude = true;
        return range.Contains(Range(form, isFine: true));
    }

    /// <summary>True when every atom of a sum is an index, a loop's induction value, a parameter or an extent.</summary>
    public bool IsAffine(AffineIndex form) => form.Terms.All(t => _atoms.ContainsKey(t.Atom.Id));

    public void SetCondition(Value value, Condition condition) => _conditions.TryAdd(value.Id, condition);

    public Condition ConditionOf(Value value) => _conditions.GetValueOrDefault(value.Id) ?? Condition.Unknown;

    private IntegerRange Range(AffineIndex form, bool isFine)
    {
        var sum = new IntegerRange(form.Constant, form.Constant);
        foreach (AffineTerm term in form.Terms)
        {
            IntegerRange atom = _atoms.TryGetValue(term.Atom.Id, out var known) ? isFine ? known.Fine : known.Coarse : IntegerRange.Of(ScalarType.I64);
            sum += atom * term.Coefficient;
        }
        return sum;
    }
}

/// <summary>What a bool says about affine sums.</summary>
internal sealed class Condition
{
    private Condition(ImmutableArray<AffineIndex> ifTrue, bool trueIsExact, ImmutableArray<AffineIndex> ifFalse, bool falseIsExact)
    {
        IfTrue = ifTrue;
        TrueIsExact = trueIsExact;
        IfFalse = ifFalse;
        FalseIsExact = falseIsExact;
    }

    public static Condition Unknown { get; } = new([], false, [], false);

    /// <summary>Sums that are ≥ 0 when the bool is true.</summary>
    public ImmutableArray<AffineIndex> IfTrue { get; }

    /// <summary>True when these sums being ≥ 0 also means that the bool is true.</summary>
    public bool TrueIsExact { get; }

    public ImmutableArray<AffineIndex> IfFalse { get; }

    public bool FalseIsExact { get; }

    public static Condition Compare(CompareOp op, AffineIndex left, AffineIndex right) => op switch
    {
        CompareOp.Less => new([right - left + -1], true, [left - right], true),
        CompareOp.LessOrEqual => new([right - left], true, [left - right + -1], true),
        CompareOp.Greater => new([left - right + -1], true, [right - left], true),
        CompareOp.GreaterOrEqual => new([left - right], true, [right - left + -1], true),
        CompareOp.Equal => new([left - right, right - left], true, [], false),
        _ => new([], false, [left - right, right - left], true),
    };

    public static Condition Not(Condition a) => new(a.IfFalse, a.FalseIsExact, a.IfTrue, a.TrueIsExact);

    public static Condition And(Condition a, Condition b) => new([.. a.IfTrue, .. b.IfTrue], a.TrueIsExact && b.TrueIsExact, [], false);

    public static Condition Or(Condition a, Condition b) => Not(And(Not(a), Not(b)));
}
