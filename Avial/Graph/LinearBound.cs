using System.Collections.Immutable;

namespace Avial.Graph;

/// <summary>A term of a <see cref="LinearBound"/>: coefficient × the rank-0 i64 value at a position in the node's inputs.</summary>
internal readonly record struct BoundTerm(int Input, long Coefficient);

/// <summary>A domain bound or extent: a constant plus multiples of rank-0 inputs (the step number of an enclosing loop).</summary>
internal readonly struct LinearBound : IEquatable<LinearBound>
{
    private readonly ImmutableArray<BoundTerm> _terms;

    public LinearBound(long constant, ImmutableArray<BoundTerm> terms = default)
    {
        Constant = constant;
        _terms = terms;
    }

    public long Constant { get; }

    public ImmutableArray<BoundTerm> Terms => _terms.IsDefault ? [] : _terms;

    public bool IsConstant => _terms.IsDefaultOrEmpty;

    public static implicit operator LinearBound(long constant) => new(constant);

    /// <summary>The value, given the value of each input it names.</summary>
    public long Evaluate(Func<int, long> input)
    {
        long sum = Constant;
        foreach (BoundTerm term in Terms)
        {
            sum += term.Coefficient * input(term.Input);
        }
        return sum;
    }

    /// <summary>The same bound with its inputs renumbered.</summary>
    public LinearBound Renumber(Func<int, int> position) =>
        IsConstant ? this : new LinearBound(Constant, [.. Terms.Select(t => t with { Input = position(t.Input) })]);

    public bool Equals(LinearBound other) => Constant == other.Constant && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    public override bool Equals(object? obj) => obj is LinearBound other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Constant, Terms.Length);

    public static bool operator ==(LinearBound a, LinearBound b) => a.Equals(b);

    public static bool operator !=(LinearBound a, LinearBound b) => !a.Equals(b);

    /// <summary><c>5</c>, <c>$2 + 1</c>, <c>3*$0</c>, where $2 is input 2.</summary>
    public override string ToString()
    {
        if (IsConstant)
        {
            return $"{Constant}";
        }
        string text = string.Join(" + ", Terms.Select(t => t.Coefficient == 1 ? $"${t.Input}" : $"{t.Coefficient}*${t.Input}"));
        return Constant == 0 ? text : Constant < 0 ? $"{text} - {-Constant}" : $"{text} + {Constant}";
    }
}

/// <summary>One axis of an iteration domain: half-open, possibly visited from the high end.</summary>
internal readonly record struct AxisRange(LinearBound Low, LinearBound High, bool IsReversed = false)
{
    public bool IsConstant => Low.IsConstant && High.IsConstant;

    public override string ToString() => $"{Low}..{High}{(IsReversed ? " reversed" : "")}";
}

/// <summary>An iteration domain: a box with affine bounds.</summary>
internal sealed class IterationDomain : IEquatable<IterationDomain>
{
    public static IterationDomain Scalar { get; } = new([]);

    public IterationDomain(ImmutableArray<AxisRange> axes) => Axes = axes;

    public ImmutableArray<AxisRange> Axes { get; }

    public int Rank => Axes.Length;

    public bool IsConstant => Axes.All(a => a.IsConstant);

    public IterationDomain Renumber(Func<int, int> position) => IsConstant ? this
        : new IterationDomain([.. Axes.Select(a => a with { Low = a.Low.Renumber(position), High = a.High.Renumber(position) })]);

    /// <summary>The box when every bound is constant.</summary>
    public Geometry.Box ToBox() => ToBox(_ => throw new Diagnostics.InternalErrorException("A symbolic domain was used as a constant box."));

    /// <summary>The box, given the value of each input that a bound names.</summary>
    public Geometry.Box ToBox(Func<int, long> input) =>
        new([.. Axes.Select(a => a.Low.Evaluate(input))], [.. Axes.Select(a => a.High.Evaluate(input))]);

    public bool Equals(IterationDomain? other) => other is not null && Axes.AsSpan().SequenceEqual(other.Axes.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as IterationDomain);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (AxisRange axis in Axes)
        {
            hash.Add(axis);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", Axes)}]";
}
