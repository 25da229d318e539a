using System.Collections.Immutable;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>Branches and loops inside a kernel.</summary>
internal sealed partial class KernelInterpreter
{
    private const int ChunkShift = 8; // 256 absolute k
    private const int GroupShift = 6; // 64 chunks

    private bool TryIf(IfInstruction choice)
    {
        Block arm = IsTrue(choice.Condition) ? choice.Then : choice.Else;
        if (!TryRun(arm))
        {
            return false;
        }
        Assign(choice.Defined, arm.Results);
        return true;
    }

    private bool TryFor(ForInstruction loop)
    {
        long to = GetInteger(loop.To);
        ImmutableArray<Value> carried = loop.Body.Parameters[1..];
        Assign(loop.Defined, loop.Seeds);
        for (long k = GetInteger(loop.From); k < to; k++)
        {
            Set(loop.Body.Parameters[0], k);
            Assign(carried, loop.Defined);
            if (!TryRun(loop.Body))
            {
                return false;
            }
            Assign(loop.Defined, loop.Body.Results);
        }
        return true;
    }

    private bool TryWhile(WhileInstruction loop)
    {
        Assign(loop.Defined, loop.Seeds);
        for (long step = 0; ; step++)
        {
            Assign(loop.Condition.Parameters, loop.Defined);
            if (!TryRun(loop.Condition))
            {
                return false;
            }
            if (!IsTrue(loop.Condition.Results[0]))
            {
                return true;
            }
            if (step == loop.Cap)
            {
                return Stop(TrapKind.LoopCap, loop);
            }
            Assign(loop.Body.Parameters, loop.Defined);
            if (!TryRun(loop.Body))
            {
                return false;
            }
            Assign(loop.Defined, loop.Body.Results);
        }
    }

    /// <summary>
    /// The canonical inner sum: chunks of 256 absolute k in ascending order from +0, by fma where the term is a product; chunk sums left to right
    /// within groups of 64 chunks; group sums by the dyadic tree over group numbers counted from the first. Half accumulates in float.
    /// </summary>
    private bool TrySum(InnerSumInstruction sum)
    {
        ScalarType type = sum.Result.Type == ScalarType.F16 ? ScalarType.F32 : sum.Result.Type;
        long to = GetInteger(sum.To);
        List<ulong> groups = [];
        for (long k = GetInteger(sum.From); k < to;)
        {
            long group = k >> (ChunkShift + GroupShift);
            ulong? groupSum = null;
            while (k < to && k >> (ChunkShift + GroupShift) == group)
            {
                long chunk = k >> ChunkShift;
                ulong chunkSum = ScalarBits.OfInteger(type, 0);
                for (; k < to && k >> ChunkShift == chunk; k++)
                {
                    Set(sum.Body.Parameters[0], k);
                    if (!TryRun(sum.Body))
                    {
                        return false;
                    }
                    chunkSum = sum.IsProduct
                        ? ScalarArithmetic.Fma(type, Term(sum, 0, type), Term(sum, 1, type), chunkSum)
                        : Add(type, chunkSum, Term(sum, 0, type));
                }
                groupSum = groupSum is { } before ? Add(type, before, chunkSum) : chunkSum;
            }
            groups.Add(groupSum!.Value);
        }
        ulong total = groups.Count == 0 ? ScalarBits.OfInteger(type, 0) : DyadicTree.Combine(groups, (left, right) => Add(type, left, right));
        Set(sum.Result, Cast(type, sum.Result.Type, total));
        return true;
    }

    private ulong Term(InnerSumInstruction sum, int result, ScalarType type)
    {
        Value term = sum.Body.Results[result];
        return Cast(term.Type, type, Get(term));
    }

    private static ulong Add(ScalarType type, ulong a, ulong b)
    {
        ScalarArithmetic.TryBinary(BinaryOp.Add, type, a, b, out ulong result, out _);
        return result;
    }

    private static ulong Cast(ScalarType from, ScalarType to, ulong bits)
    {
        if (from == to)
        {
            return bits;
        }
        ScalarArithmetic.TryConvert(ConvertMode.Unchecked, from, to, bits, out ulong result, out _);
        return result;
    }

    /// <summary>Parallel assignment: targets and sources may name the same values.</summary>
    private void Assign(ImmutableArray<Value> targets, ImmutableArray<Value> sources)
    {
        Span<ulong> bits = stackalloc ulong[targets.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = Get(sources[i]);
        }
        for (int i = 0; i < bits.Length; i++)
        {
            Set(targets[i], bits[i]);
        }
    }
}
