namespace Avial.Geometry;

/// <summary>
/// Bounds of single variables that follow from conditions one by one, each from the bounds of the others: less than elimination finds, but never too large.
/// </summary>
internal sealed class BoundPropagation
{
    // What has not settled then moves in small steps towards a bound that may be far away.
    private const int MostRounds = 8;

    private readonly Dictionary<int, (Int128? Min, Int128? Max)> _bounds = [];

    /// <summary>Takes the conditions, each "≥ 0".</summary>
    public BoundPropagation(IReadOnlyList<AffineForm> conditions)
    {
        bool isMoving = true;
        for (int round = 0; round < MostRounds && isMoving && !IsContradiction; round++)
        {
            isMoving = false;
            foreach (AffineForm condition in conditions)
            {
                isMoving |= IsTightening(condition);
            }
        }
    }

    /// <summary>True only when no integer point satisfies all conditions.</summary>
    public bool IsContradiction { get; private set; }

    /// <summary>The values of a form while each variable takes every value within its own bounds.</summary>
    public (Int128? Min, Int128? Max) RangeOf(AffineForm form) => (-MostOf(-form, except: -1), MostOf(form, except: -1));

    /// <summary>Applies a condition; true when some bound became tighter.</summary>
    private bool IsTightening(AffineForm condition)
    {
        if (MostOf(condition, except: -1) < 0)
        {
            IsContradiction = true;
            return false;
        }
        bool isTightening = false;
        foreach (FormTerm term in condition.Terms)
        {
            if (MostOf(condition, term.Variable) is not { } most)
            {
                continue;
            }
            (Int128? min, Int128? max) = BoundsOf(term.Variable);
            // coefficient × variable ≥ −most.
            Int128 end = term.Coefficient > 0 ? -Floor.Divide(most, term.Coefficient) : Floor.Divide(most, -term.Coefficient);
            bool isTighter = term.Coefficient > 0 ? !(end <= min) : !(end >= max);
            if (isTighter && Int128.Abs(end) <= AffineForm.Limit)
            {
                _bounds[term.Variable] = term.Coefficient > 0 ? (end, max) : (min, end);
                isTightening = true;
            }
        }
        return isTightening;
    }

    /// <summary>The highest value of a form without one of its variables; null when there may be no highest.</summary>
    private Int128? MostOf(AffineForm form, int except)
    {
        Int128 sum = form.Constant;
        foreach (FormTerm term in form.Terms)
        {
            if (term.Variable == except)
            {
                continue;
            }
            (Int128? min, Int128? max) = BoundsOf(term.Variable);
            if ((term.Coefficient > 0 ? max : min) is not { } end || Int128.Abs(sum) > AffineForm.Limit)
            {
                return null;
            }
            sum += term.Coefficient * end;
        }
        return sum;
    }

    private (Int128? Min, Int128? Max) BoundsOf(int variable) => _bounds.TryGetValue(variable, out (Int128? Min, Int128? Max) bounds) ? bounds : (null, null);
}
