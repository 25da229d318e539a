using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.Import;

namespace Avial;

/// <summary>
/// An end of a domain: a number, or inside <c>Task.Repeat</c> a number that depends on the step, such as <c>t + 1</c>. Converts from and to
/// <c>long</c>; the conversion to <c>long</c> of a bound that depends on a step is for bodies only, on the host it is refused.
/// </summary>
public readonly struct Bound : IEquatable<Bound>
{
    private readonly ImmutableArray<(NodeOutput Step, long Coefficient)> _terms;

    internal Bound(long constant, ImmutableArray<(NodeOutput Step, long Coefficient)> terms = default)
    {
        Constant = constant;
        _terms = terms;
    }

    internal long Constant { get; }

    internal ImmutableArray<(NodeOutput Step, long Coefficient)> Terms => _terms.IsDefault ? [] : _terms;

    /// <summary>True when the bound is a plain number.</summary>
    public bool IsConstant => _terms.IsDefaultOrEmpty;

    /// <summary>A plain number as a bound.</summary>
    public static implicit operator Bound(long value) => new(value);

    /// <summary>The number; refused (AVL0011) when it depends on the step of a loop, except inside bodies.</summary>
    public static implicit operator long(Bound bound) => bound.IsConstant ? bound.Constant : throw Throw.SymbolicBoundOnHost();

    /// <summary>The sum of two bounds.</summary>
    public static Bound operator +(Bound left, Bound right) => Combine(left, right, 1);

    /// <summary>The difference of two bounds.</summary>
    public static Bound operator -(Bound left, Bound right) => Combine(left, right, -1);

    /// <summary>A multiple of a bound: outside bodies one of the two is a plain number (AVL0011).</summary>
    public static Bound operator *(Bound left, Bound right) => right.IsConstant ? left.Times(right.Constant) : left.IsConstant ? right.Times(left.Constant) : throw Throw.SymbolicBoundOnHost();

    /// <summary>Equal constants and equal dependence on steps.</summary>
    public static bool operator ==(Bound left, Bound right) => left.Equals(right);

    /// <summary>Not equal.</summary>
    public static bool operator !=(Bound left, Bound right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Bound other) => Constant == other.Constant && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bound other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Constant, Terms.Length);

    /// <inheritdoc/>
    public override string ToString() => IsConstant ? $"{Constant}"
        : string.Join(" + ", Terms.Select(t => t.Coefficient == 1 ? "t" : $"{t.Coefficient}*t")) + (Constant == 0 ? "" : Constant < 0 ? $" - {-Constant}" : $" + {Constant}");

    private Bound Times(long factor) => factor == 0 ? 0 : new Bound(checked(Constant * factor), [.. Terms.Select(t => (t.Step, checked(t.Coefficient * factor)))]);

    private static Bound Combine(Bound left, Bound right, long sign)
    {
        long constant = checked(left.Constant + sign * right.Constant);
        if (left.IsConstant && right.IsConstant)
        {
            return new Bound(constant);
        }
        var terms = left.Terms.Concat(right.Terms.Select(t => (t.Step, Coefficient: t.Coefficient * sign)))
            .GroupBy(t => t.Step).Select(g => (g.Key, g.Sum(t => t.Coefficient))).Where(t => t.Item2 != 0);
        return new Bound(constant, [.. terms]);
    }
}

/// <summary>
/// The number of the current step of a <c>Task.Repeat</c>, from 0. It is a symbol: usable as a number in bodies, and in the bounds of domains and
/// slices (<c>new Domain1D(t + 1, n)</c>). On the host it has no value. Arithmetic of a step with integers gives a <see cref="Bound"/>; a body that is
/// to give such a number says <c>(long)t</c>: <c>i => x[i] + (long)t</c>.
/// </summary>
public readonly struct Step : IScalarHandle, IEquatable<Step>
{
    private readonly NodeOutput _output;

    internal Step(NodeOutput output) => _output = output;

    NodeOutput IScalarHandle.Output => _output;

    /// <summary>The step number; in bodies only. On the host it is refused (AVL0011).</summary>
    public static implicit operator long(Step step) => throw Throw.SymbolicBoundOnHost();

    /// <summary>The step as an end of a domain.</summary>
    public static implicit operator Bound(Step step) => new(0, [(step._output, 1)]);

    /// <summary>The step plus a bound.</summary>
    public static Bound operator +(Step left, Bound right) => (Bound)left + (Bound)right;

    /// <summary>A bound plus the step.</summary>
    public static Bound operator +(Bound left, Step right) => (Bound)left + (Bound)right;

    /// <summary>The sum of two steps.</summary>
    public static Bound operator +(Step left, Step right) => (Bound)left + (Bound)right;

    /// <summary>The step minus a bound.</summary>
    public static Bound operator -(Step left, Bound right) => (Bound)left - (Bound)right;

    /// <summary>A bound minus the step.</summary>
    public static Bound operator -(Bound left, Step right) => (Bound)left - (Bound)right;

    /// <summary>The difference of two steps.</summary>
    public static Bound operator -(Step left, Step right) => (Bound)left - (Bound)right;

    /// <summary>A multiple of the step.</summary>
    public static Bound operator *(Step left, Bound right) => (Bound)left * (Bound)right;

    /// <summary>A multiple of the step.</summary>
    public static Bound operator *(Bound left, Step right) => (Bound)left * (Bound)right;

    /// <summary>The product of two steps: for bodies only.</summary>
    public static Bound operator *(Step left, Step right) => (Bound)left * (Bound)right;

    /// <summary>True for the step of the same loop.</summary>
    public static bool operator ==(Step left, Step right) => left.Equals(right);

    /// <summary>Not the same.</summary>
    public static bool operator !=(Step left, Step right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Step other) => _output == other._output;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Step other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _output.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "t";
}
