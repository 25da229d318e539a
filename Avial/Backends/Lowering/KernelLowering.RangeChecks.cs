using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Bounds checks once per range: where reads of a loop are affine in its index, both ends are checked before the loop. When all
/// are inside, a copy of the loop without checks runs; else one that checks each element, and so stops exactly where it should.
/// </summary>
internal sealed partial class KernelLowering
{
    private ImmutableHashSet<Access> _rangeChecked = [];
    private bool _isCheckingEach;

    private Value[] WithRangeChecks(Block body, Value from, Value to, Func<Value[]> loop)
    {
        Access[] accesses = _isCheckingEach ? [] : [.. body.Instructions.OfType<LoadInstruction>().Select(l => l.Access).Where(a => IsCheckable(a, body))];
        if (accesses.Length == 0)
        {
            return loop();
        }
        Value allInside = _function.Constant(true);
        foreach (Access access in accesses)
        {
            for (int axis = 0; axis < access.Indices.Length; axis++)
            {
                Value extent = Extent(access.Operand, axis);
                allInside = _function.And(allInside, IsInside(EndIndex(access.Indices[axis], body, from), extent));
                allInside = _function.And(allInside, IsInside(EndIndex(access.Indices[axis], body, _function.Add(to, -1)), extent));
            }
        }
        Value isEmpty = _function.Compare(CompareOp.LessOrEqual, to, from);
        return _function.If(_function.Or(isEmpty, allInside),
            () =>
            {
                ImmutableHashSet<Access> before = _rangeChecked;
                _rangeChecked = before.Union(accesses);
                Value[] results = loop();
                _rangeChecked = before;
                return results;
            },
            () =>
            {
                _isCheckingEach = true;
                Value[] results = loop();
                _isCheckingEach = false;
                return results;
            });
    }

    // With coefficient ±1 both ends inside mean that everything between is inside, even in wrapping arithmetic.
    private bool IsCheckable(Access access, Block body) => access.Border == BorderKind.None && access.Proof == BoundsProof.CheckRange
        && !_rangeChecked.Contains(access)
        && access.Indices.All(index => index.Terms.All(term => term.Atom.Id == body.Parameters[0].Id
            ? term.Coefficient is 1 or -1
            : _values.ContainsKey(term.Atom.Id) && !IsDefinedIn(body, term.Atom)));

    private static bool IsDefinedIn(Block body, Value atom) =>
        body.Parameters.Contains(atom) || KernelWork.All(body).Any(i => i.Results.Contains(atom));

    private Value EndIndex(AffineIndex index, Block body, Value end)
    {
        Define(body.Parameters[0], end);
        return _function.Index(ToLoops(index));
    }
}
