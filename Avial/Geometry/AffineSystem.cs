namespace Avial.Geometry;

/// <summary>Bounds of a form over a system, both included; null where none was found. <paramref name="IsExact"/>: both are attained.</summary>
internal readonly record struct FormRange(long? Min, long? Max, bool IsExact);

/// <summary>
/// A conjunction of conditions Σ cᵢ·vᵢ + k ≥ 0 over integers. Answers are safe for any size: where the problem is too large, "not known to
/// be infeasible" and wider ranges come back, never a wrong proof.
/// </summary>
internal sealed class AffineSystem
{
    public const int MaxVariables = 12;

    private readonly List<AffineForm> _conditions;

    public AffineSystem() => _conditions = [];

    private AffineSystem(List<AffineForm> conditions) => _conditions = conditions;

    public IReadOnlyList<AffineForm> Conditions => _conditions;

    /// <summary>True when a condition was too large to be kept: the system then holds more points than were meant.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Adds form ≥ 0.</summary>
    public void Require(AffineForm form)
    {
        if (form.IsModerate)
        {
            _conditions.Add(form);
        }
        else
        {
            IsPartial |= !form.IsConstant || form.Constant < 0;
            if (form.IsConstant && form.Constant < 0)
            {
                _conditions.Add(AffineForm.Of(-1));
            }
        }
    }

    /// <summary>Adds low ≤ form ≤ high.</summary>
    public void RequireWithin(AffineForm form, Interval range)
    {
        Require(form - range.Min);
        Require(-form + range.Max);
    }

    /// <summary>The system with one more condition; this one stays as it is.</summary>
    public AffineSystem With(params ReadOnlySpan<AffineForm> more)
    {
        var system = new AffineSystem([.. _conditions]) { IsPartial = IsPartial };
        foreach (AffineForm form in more)
        {
            system.Require(form);
        }
        return system;
    }

    /// <summary>True only when no integer point satisfies all conditions.</summary>
    public bool IsInfeasible()
    {
        var elimination = new Elimination(_conditions);
        elimination.EliminateAll();
        return elimination.IsContradiction || elimination.IsTooLarge && new BoundPropagation(_conditions).IsContradiction;
    }

    /// <summary>
    /// Bounds of a form over the points of the system, which should not be infeasible (an infeasible system gives any range).
    /// </summary>
    public FormRange Range(AffineForm form)
    {
        if (form.IsConstant)
        {
            bool fits = form.Constant >= long.MinValue && form.Constant <= long.MaxValue;
            var all = new Elimination(_conditions);
            all.EliminateAll();
            return new(fits ? (long)form.Constant : null, fits ? (long)form.Constant : null, fits && all.IsExact && !IsPartial);
        }
        if (!form.IsModerate)
        {
            return new(null, null, false);
        }
        Int128 divisor = form.Terms.Aggregate(Int128.Zero, (g, t) => Elimination.Gcd(g, Int128.Abs(t.Coefficient)));
        if (divisor > 1 || form.Constant != 0)
        {
            FormRange reduced = Range(AffineForm.Of(form.Terms.Select(t => t with { Coefficient = t.Coefficient / divisor }), 0));
            return new(ToLong(reduced.Min * divisor + form.Constant), ToLong(reduced.Max * divisor + form.Constant), reduced.IsExact);
        }
        // A fresh variable z with z = form; all others are eliminated and what is left bounds z.
        int fresh = _conditions.SelectMany(c => c.Terms).Concat(form.Terms).Max(t => t.Variable) + 1;
        AffineForm difference = AffineForm.OfVariable(fresh) - form;
        var elimination = new Elimination([.. _conditions, difference, -difference]);
        elimination.EliminateAllBut(fresh);
        (Int128? min, Int128? max) = elimination.BoundsOf(fresh);
        if (elimination.IsTooLarge)
        {
            (Int128? least, Int128? most) = new BoundPropagation(_conditions).RangeOf(form);
            (min, max) = (least > min ? least : min ?? least, most < max ? most : max ?? most);
        }
        bool exact = elimination.IsExact && !IsPartial && min is not null && max is not null;
        return new(ToLong(min), ToLong(max), exact);
    }

    /// <summary>
    /// Finds a point that satisfies every condition, preferring low values of low-numbered variables. False says only that none was found.
    /// </summary>
    public bool TryFindPoint(out Dictionary<int, long> point)
    {
        point = [];
        if (IsPartial)
        {
            return false;
        }
        var elimination = new Elimination(_conditions);
        elimination.EliminateAll();
        if (elimination.IsContradiction || elimination.IsTooLarge || !elimination.TryBacktrack(point))
        {
            return false;
        }
        Dictionary<int, long> found = point;
        return _conditions.TrueForAll(c => c.Evaluate(v => found[v]) >= 0);
    }

    public override string ToString() => string.Join(", ", _conditions.Select(c => $"{c} >= 0"));

    private static long? ToLong(Int128? value) => value is { } v && v >= long.MinValue && v <= long.MaxValue ? (long)v : null;
}
