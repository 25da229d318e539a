using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Where a kernel's borders cannot be reached. A read is peelable when each of its indices is one index variable plus offsets that are known
/// here (constants, and inductions of loops with constant bounds): then it shows the index as it is for low − Low ≤ variable &lt; high − High.
/// </summary>
internal sealed class BorderPeeling
{
    // What an offset adds to the index variable: at least Low, at most High.
    private readonly record struct Reach(int Variable, long Low, long High);

    private readonly Kernel _kernel;
    private readonly Dictionary<int, (long Low, long High)> _known = [];
    private readonly List<Access> _peelable = [];

    public BorderPeeling(Kernel kernel)
    {
        _kernel = kernel;
        FindInductions();
        foreach (LoadInstruction load in KernelWork.All(kernel.Body).OfType<LoadInstruction>())
        {
            if (load.Access.Border != BorderKind.None && load.Access.Indices.All(i => ReachOf(i) is not null))
            {
                _peelable.Add(load.Access);
            }
        }
    }

    public bool IsEmpty => _peelable.Count == 0;

    public bool IsPeelable(Access access) => _peelable.Contains(access);

    /// <summary>The interior along an index variable, low and high, as values of the function; null bounds mean no limit.</summary>
    public (Value? Low, Value? High) Interior(FunctionBuilder function, int variable, Func<Access, int, (Value Low, Value High)> inside)
    {
        Value? low = null;
        Value? high = null;
        foreach (Access access in _peelable)
        {
            for (int axis = 0; axis < access.Indices.Length; axis++)
            {
                if (ReachOf(access.Indices[axis]) is not { } reach || reach.Variable != variable)
                {
                    continue;
                }
                (Value from, Value to) = inside(access, axis);
                from = function.Add(from, -reach.Low);
                to = function.Add(to, -reach.High);
                low = low is { } l ? function.Max(l, from) : from;
                high = high is { } h ? function.Min(h, to) : to;
            }
        }
        return (low, high);
    }

    private Reach? ReachOf(AffineIndex index)
    {
        int variable = -1;
        long low = index.Constant;
        long high = index.Constant;
        foreach (AffineTerm term in index.Terms)
        {
            int position = _kernel.Indices.IndexOf(term.Atom);
            if (position >= 0 && variable < 0 && term.Coefficient == 1)
            {
                variable = position;
            }
            else if (position < 0 && _known.TryGetValue(term.Atom.Id, out var range) && Math.Abs(term.Coefficient) < 1 << 20)
            {
                low += Math.Min(term.Coefficient * range.Low, term.Coefficient * range.High);
                high += Math.Max(term.Coefficient * range.Low, term.Coefficient * range.High);
            }
            else
            {
                return null;
            }
        }
        return variable < 0 ? null : new Reach(variable, low, high);
    }

    private void FindInductions()
    {
        var constants = new Dictionary<int, long>();
        foreach (Instruction instruction in KernelWork.All(_kernel.Body))
        {
            if (instruction is ConstantInstruction { Result.Type: ScalarType.I64 } constant)
            {
                constants[constant.Result.Id] = (long)constant.Bits;
            }
        }
        foreach (Instruction instruction in KernelWork.All(_kernel.Body))
        {
            (Value From, Value To, Block Body)? loop = instruction switch
            {
                ForInstruction l => (l.From, l.To, l.Body),
                InnerSumInstruction s => (s.From, s.To, s.Body),
                _ => null,
            };
            if (loop is { } known && constants.TryGetValue(known.From.Id, out long from) && constants.TryGetValue(known.To.Id, out long to)
                && to > from && Math.Abs(from) < 1 << 20 && Math.Abs(to) < 1 << 20)
            {
                _known[known.Body.Parameters[0].Id] = (from, to - 1);
            }
        }
    }
}
