using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Indices and offsets, with what does not change in inner loops computed outside.</summary>
internal sealed partial class FunctionBuilder
{
    /// <summary>The value of an affine index whose atoms are values of this function.</summary>
    public Value Index(AffineIndex index) => Sum(
        index.Terms.Select(t => (t.Atom, Constant(t.Coefficient))), Constant(index.Constant));

    /// <summary>
    /// The row-major offset, in elements, of an element of memory whose neighbours along an axis lie a pitch apart; along the last axis they touch.
    /// </summary>
    public Value Offset(ImmutableArray<AffineIndex> indices, Func<int, Value> pitch)
    {
        var factors = new Dictionary<Value, Value>();
        Value constant = Constant(0);
        for (int axis = indices.Length - 1; axis >= 0; axis--)
        {
            Value? stride = axis == indices.Length - 1 ? null : pitch(axis);
            foreach (AffineTerm term in indices[axis].Terms)
            {
                Value factor = Scaled(stride, term.Coefficient);
                factors[term.Atom] = factors.TryGetValue(term.Atom, out Value known) ? Add(known, factor) : factor;
            }
            if (indices[axis].Constant != 0)
            {
                constant = Add(constant, Scaled(stride, indices[axis].Constant));
            }
        }
        return Sum(factors.Select(f => (f.Key, f.Value)), constant);
    }

    private Value Scaled(Value? stride, long coefficient) =>
        stride is not { } value ? Constant(coefficient) : Multiply(value, coefficient);

    // Outer values first, so that each partial sum stands in the block of its innermost value.
    private Value Sum(IEnumerable<(Value Atom, Value Factor)> terms, Value constant)
    {
        Value sum = constant;
        foreach ((Value atom, Value factor) in terms.OrderBy(t => DepthOf(t.Atom)).ThenBy(t => t.Atom.Id))
        {
            sum = Add(sum, Multiply(atom, factor));
        }
        return sum;
    }
}
