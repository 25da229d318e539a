using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>
/// Fourier–Motzkin elimination over the integers: conditions are divided by the gcd of their coefficients and their constants rounded down.
/// Eliminating a variable is exact when of each pair that is combined one coefficient is ±1 (or the pair's slack suffices).
/// </summary>
internal sealed class Elimination
{
    private const int MaxRows = 200;
    private const int MaxTries = 400;

    private readonly ImmutableArray<int> _variables;
    private readonly int _kept;
    private readonly List<(int Column, List<Row> Rows)> _eliminated = [];
    private List<Row> _rows = [];
    private int _tries;

    /// <summary>Starts with the conditions, each "≥ 0"; variables numbered from <paramref name="kept"/> on are parameters, which stay.</summary>
    public Elimination(IReadOnlyList<AffineForm> conditions, int kept = int.MaxValue)
    {
        _variables = [.. conditions.SelectMany(c => c.Terms).Select(t => t.Variable).Distinct().Order()];
        _kept = kept;
        IsTooLarge = _variables.Count(v => v < kept) > AffineSystem.MaxVariables + 1;
        foreach (AffineForm condition in conditions)
        {
            var coefficients = new Int128[_variables.Length];
            foreach (FormTerm term in condition.Terms)
            {
                coefficients[_variables.BinarySearch(term.Variable)] = term.Coefficient;
            }
            Add(_rows, coefficients, condition.Constant);
        }
    }

    /// <summary>True when no integer point can satisfy the conditions.</summary>
    public bool IsContradiction { get; private set; }

    /// <summary>True when elimination gave up; what remains is then no projection.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>True while what remains is exactly the integer projection.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>The conditions that are left.</summary>
    public IEnumerable<AffineForm> Conditions =>
        _rows.Select(row => AffineForm.Of(row.Coefficients.Select((c, column) => new FormTerm(_variables[column], c)), row.Constant));

    public void EliminateAll() => EliminateAllBut(-1);

    public void EliminateAllBut(int variable)
    {
        var remaining = Enumerable.Range(0, _variables.Length).Where(c => _variables[c] != variable && _variables[c] < _kept).ToList();
        while (remaining.Count > 0 && !IsContradiction && !IsTooLarge)
        {
            // High-numbered variables first on ties, so that a point is chosen from the low-numbered ones up.
            int best = remaining.OrderBy(Cost).ThenByDescending(c => c).First();
            remaining.Remove(best);
            Eliminate(best);
        }
        IsExact &= !IsTooLarge;
    }

    /// <summary>What single-variable conditions say of a variable.</summary>
    public (Int128? Min, Int128? Max) BoundsOf(int variable)
    {
        if (IsContradiction)
        {
            return (0, -1);
        }
        int column = _variables.BinarySearch(variable);
        Int128? min = null;
        Int128? max = null;
        foreach (Row row in _rows)
        {
            Int128 coefficient = column < 0 ? 0 : row.Coefficients[column];
            if (coefficient == 0 || row.Coefficients.Where((c, i) => i != column && c != 0).Any())
            {
                continue;
            }
            // Rows are normalised, so the coefficient is 1 or -1.
            if (coefficient > 0)
            {
                min = min is { } m ? Int128.Max(m, -row.Constant) : -row.Constant;
            }
            else
            {
                max = max is { } m ? Int128.Min(m, row.Constant) : row.Constant;
            }
        }
        return (min, max);
    }

    /// <summary>After <see cref="EliminateAll"/>: chooses values in the reverse order, with a bounded search where rounding matters.</summary>
    public bool TryBacktrack(Dictionary<int, long> point)
    {
        var values = new Int128[_variables.Length];
        if (!TryChoose(_eliminated.Count - 1, values))
        {
            return false;
        }
        for (int column = 0; column < values.Length; column++)
        {
            point[_variables[column]] = (long)values[column];
        }
        return true;
    }

    private bool TryChoose(int stage, Int128[] values)
    {
        if (stage < 0)
        {
            return true;
        }
        if (++_tries > MaxTries)
        {
            return false;
        }
        (int column, List<Row> rows) = _eliminated[stage];
        Int128? min = null;
        Int128? max = null;
        foreach (Row row in rows)
        {
            Int128 coefficient = row.Coefficients[column];
            if (coefficient == 0)
            {
                continue;
            }
            Int128 rest = row.Constant;
            for (int other = 0; other < values.Length; other++)
            {
                rest += other == column ? 0 : row.Coefficients[other] * values[other];
            }
            if (coefficient > 0)
            {
                Int128 low = CeilingDivide(-rest, coefficient);
                min = min is { } m ? Int128.Max(m, low) : low;
            }
            else
            {
                Int128 high = Floor.Divide(rest, -coefficient);
                max = max is { } m ? Int128.Min(m, high) : high;
            }
        }
        Int128 first = min ?? max ?? 0;
        Int128 last = Int128.Min(max ?? first, first + 7);
        for (Int128 value = first; value <= last; value++)
        {
            if (Int128.Abs(value) > AffineForm.Limit)
            {
                return false;
            }
            values[column] = value;
            if (TryChoose(stage - 1, values))
            {
                return true;
            }
        }
        values[column] = 0;
        return false;
    }

    /// <summary>Exact eliminations first, then those that make few rows.</summary>
    private (int Inexact, long Rows) Cost(int column)
    {
        int positive = 0;
        int negative = 0;
        bool positiveUnit = true;
        bool negativeUnit = true;
        foreach (Row row in _rows)
        {
            Int128 coefficient = row.Coefficients[column];
            if (coefficient > 0)
            {
                positive++;
                positiveUnit &= coefficient == 1;
            }
            else if (coefficient < 0)
            {
                negative++;
                negativeUnit &= coefficient == -1;
            }
        }
        bool exact = positive == 0 || negative == 0 || positiveUnit || negativeUnit;
        return (exact ? 0 : 1, (long)positive * negative - positive - negative);
    }

    private void Eliminate(int column)
    {
        _eliminated.Add((column, _rows));
        var rows = new List<Row>(_rows.Count);
        foreach (Row row in _rows)
        {
            if (row.Coefficients[column] == 0)
            {
                Add(rows, row.Coefficients, row.Constant);
            }
        }
        foreach (Row lower in _rows.Where(r => r.Coefficients[column] > 0))
        {
            foreach (Row upper in _rows.Where(r => r.Coefficients[column] < 0))
            {
                Combine(rows, lower, upper, column);
                if (IsContradiction)
                {
                    return;
                }
                if (rows.Count > MaxRows)
                {
                    IsTooLarge = true;
                    return;
                }
            }
        }
        _rows = rows;
    }

    private void Combine(List<Row> rows, Row lower, Row upper, int column)
    {
        Int128 p = lower.Coefficients[column];
        Int128 q = -upper.Coefficients[column];
        var sum = new Int128[_variables.Length];
        for (int c = 0; c < sum.Length; c++)
        {
            sum[c] = lower.Coefficients[c] * q + upper.Coefficients[c] * p;
        }
        Int128 constant = lower.Constant * q + upper.Constant * p;
        // An integer lies between the two bounds for certain when one coefficient is 1 or when they are (p-1)(q-1) apart (the dark shadow).
        bool certain = p == 1 || q == 1 || Array.TrueForAll(sum, c => c == 0) && constant >= (p - 1) * (q - 1);
        IsExact &= certain;
        Add(rows, sum, constant);
    }

    /// <summary>Adds a normalised row unless a stronger one with the same coefficients is there.</summary>
    private void Add(List<Row> rows, Int128[] coefficients, Int128 constant)
    {
        Int128 divisor = 0;
        foreach (Int128 c in coefficients)
        {
            divisor = Gcd(divisor, Int128.Abs(c));
        }
        if (divisor == 0)
        {
            IsContradiction |= constant < 0;
            return;
        }
        if (divisor != 1)
        {
            coefficients = Array.ConvertAll(coefficients, c => c / divisor);
            constant = Floor.Divide(constant, divisor);
        }
        if (Int128.Abs(constant) > AffineForm.Limit || Array.Exists(coefficients, c => Int128.Abs(c) > AffineForm.Limit))
        {
            // Forgetting a condition is safe: it only widens.
            IsExact = false;
            return;
        }
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Coefficients.AsSpan().SequenceEqual(coefficients))
            {
                if (constant < rows[i].Constant)
                {
                    rows[i] = new Row(coefficients, constant);
                }
                return;
            }
        }
        rows.Add(new Row(coefficients, constant));
    }

    public static Int128 Gcd(Int128 a, Int128 b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return a;
    }

    private static Int128 CeilingDivide(Int128 a, Int128 b) => -Floor.Divide(-a, b);

    private readonly record struct Row(Int128[] Coefficients, Int128 Constant);
}
