using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Loops inside a body.</summary>
internal sealed partial class KernelLowering
{
    private Value[] Lower(ForInstruction loop)
    {
        Value from = Of(loop.From);
        Value to = Of(loop.To);
        Value[] seeds = [.. loop.Seeds.Select(Of)];
        if (IsWorthUnrolling(loop.Body, from, to, out long first, out long count))
        {
            Value[] carried = seeds;
            for (long k = first; k < first + count; k++)
            {
                carried = Iterate(loop.Body, _function.Constant(k), carried);
            }
            return carried;
        }
        return WithRangeChecks(loop.Body, from, to, () =>
            _function.For(from, to, seeds, (k, carried) => Iterate(loop.Body, k, carried)));
    }

    private Value[] Iterate(Block body, Value k, Value[] carried)
    {
        Define(body.Parameters[0], k);
        for (int i = 0; i < carried.Length; i++)
        {
            Define(body.Parameters[i + 1], carried[i]);
        }
        return Lower(body);
    }

    // The cap is an explicit trap: a count is carried along, and the step that would exceed the cap stops the element.
    private Value[] Lower(WhileInstruction loop)
    {
        Value[] seeds = [.. loop.Seeds.Select(Of), _function.Constant(0)];
        Value[] last = _function.While(seeds,
            tested =>
            {
                Define(loop.Condition.Parameters, tested[..^1]);
                return Lower(loop.Condition)[0];
            },
            carried =>
            {
                Value steps = carried[^1];
                Value isTooMany = _function.Compare(CompareOp.GreaterOrEqual, steps, _function.Constant(loop.Cap));
                Trap(isTooMany, TrapKind.LoopCap, loop.Span, "");
                Define(loop.Body.Parameters, carried[..^1]);
                return [.. Lower(loop.Body), _function.Add(steps, 1)];
            });
        return last[..^1];
    }

    // A handful of iterations with few instructions each: a stencil's Sum(-1, 2, ...). Straight-line code vectorises over the domain.
    private bool IsWorthUnrolling(Block body, Value from, Value to, out long first, out long count)
    {
        (first, count) = (0, 0);
        if (!_function.IsConstant(from, out ulong low) || !_function.IsConstant(to, out ulong high))
        {
            return false;
        }
        first = (long)low;
        count = Math.Max(0, (long)high - (long)low);
        return IsWorthUnrolling(body, count);
    }

    private static bool IsWorthUnrolling(Block body, long count)
    {
        const int MostIterations = 8;
        const int MostUnrolledInstructions = 96;
        return count <= MostIterations && KernelWork.Instructions(body) * count <= MostUnrolledInstructions;
    }
}
