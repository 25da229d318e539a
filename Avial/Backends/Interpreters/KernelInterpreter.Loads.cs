using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>Reads, with their borders.</summary>
internal sealed partial class KernelInterpreter
{
    private bool TryLoad(LoadInstruction load)
    {
        Access access = load.Access;
        Span<long> place = _place.AsSpan(0, access.Indices.Length);
        for (int axis = 0; axis < place.Length; axis++)
        {
            long index = Evaluate(access.Indices[axis]);
            long extent = _operands.Extent(access.Operand, axis);
            bool isInside = index >= 0 && index < extent;
            if (!isInside && access.Border == BorderKind.Or)
            {
                return Finish(load, Get(access.OrValue!.Value));
            }
            // An empty axis has no element to wrap or clamp to.
            if (!isInside && (access.Border == BorderKind.None || extent == 0))
            {
                _trap = new KernelTrap(TrapKind.OutOfRange, access.Span, index, extent);
                return false;
            }
            place[axis] = access.Border switch
            {
                BorderKind.Wrap => (index % extent + extent) % extent,
                BorderKind.Clamp => Math.Clamp(index, 0, extent - 1),
                _ => index,
            };
        }
        return Finish(load, _operands.Read(access.Operand, access.Column, place));
    }

    private bool Finish(LoadInstruction load, ulong bits)
    {
        HasReadNaN |= ScalarBits.IsNaN(load.Result.Type, bits);
        Set(load.Result, bits);
        return true;
    }

    private long Evaluate(AffineIndex index)
    {
        long sum = index.Constant;
        foreach (AffineTerm term in index.Terms)
        {
            sum = unchecked(sum + term.Coefficient * GetInteger(term.Atom));
        }
        return sum;
    }
}
