using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Several elements at once: their inner sums run side by side in one loop.</summary>
internal sealed partial class KernelLowering
{
    // Of the whole element, for each of a term.
    private const int MostForEachOfTerm = 3;

    /// <summary>
    /// True when a few elements may be evaluated together: a matrix product and its like. One small inner sum, and nothing that could stop an element.
    /// </summary>
    public bool MaySumTogether(LoweringChoices choices)
    {
        Block body = _kernel.Body;
        InnerSumInstruction[] sums = [.. body.Instructions.OfType<InnerSumInstruction>()];
        return sums.Length == 1 && !HasFewTerms(sums[0]) && _borders.IsEmpty && KernelWork.IsTrapFree(body)
            && KernelWork.IsStraightLine(sums[0].Body) && KernelWork.Instructions(sums[0].Body) <= choices.MostTermInstructions
            && KernelWork.Instructions(body) <= MostForEachOfTerm * choices.MostTermInstructions
            && body.Instructions.All(i => i is not (IfInstruction or ForInstruction or WhileInstruction));
    }

    // Such a sum is unrolled, and the whole element vectorises.
    private bool HasFewTerms(InnerSumInstruction sum)
    {
        Dictionary<int, long> constants = _kernel.Body.Instructions.OfType<ConstantInstruction>().ToDictionary(c => c.Result.Id, c => (long)c.Bits);
        return constants.TryGetValue(sum.From.Id, out long from) && constants.TryGetValue(sum.To.Id, out long to) && IsWorthUnrolling(sum.Body, to - from);
    }

    /// <summary>The results at each of the elements.</summary>
    public Value[][] EmitTogether(ImmutableArray<Value>[] elements)
    {
        _element = elements[0];
        _isInterior = false;
        Dictionary<int, Value>[] values = [.. elements.Select(Bind)];
        foreach (Instruction instruction in _kernel.Body.Instructions)
        {
            if (instruction is InnerSumInstruction sum && HaveOneRange(sum, values))
            {
                LowerTogether(sum, values);
                continue;
            }
            foreach (Dictionary<int, Value> element in values)
            {
                _values = element;
                Lower(instruction);
            }
        }
        return [.. values.Select(element =>
        {
            _values = element;
            return _kernel.Body.Results.Select(Of).ToArray();
        })];
    }

    private static bool HaveOneRange(InnerSumInstruction sum, Dictionary<int, Value>[] values) =>
        values.All(element => element[sum.From.Id] == values[0][sum.From.Id] && element[sum.To.Id] == values[0][sum.To.Id]);

    private void LowerTogether(InnerSumInstruction sum, Dictionary<int, Value>[] values)
    {
        _values = values[0];
        Value from = Of(sum.From);
        Value to = Of(sum.To);
        Value[] totals = LoweredSums(sum, AccumulatorType(sum.Result.Type), from, to, values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i][sum.Result.Id] = _function.Convert(totals[i], sum.Result.Type);
        }
    }
}
