using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Planning;

/// <summary>Rebuilds a kernel with other proofs on its accesses, sharing what stays the same.</summary>
internal static class KernelRewriter
{
    /// <summary>The kernel with the given proof on each load, or the same object when all are there already.</summary>
    public static Kernel WithProofs(Kernel kernel, IReadOnlyDictionary<LoadInstruction, BoundsProof> proofs)
    {
        Block body = Rewrite(kernel.Body, proofs);
        return ReferenceEquals(body, kernel.Body) ? kernel : kernel with { Body = body };
    }

    private static Block Rewrite(Block block, IReadOnlyDictionary<LoadInstruction, BoundsProof> proofs)
    {
        ImmutableArray<Instruction>.Builder? changed = null;
        for (int i = 0; i < block.Instructions.Length; i++)
        {
            Instruction before = block.Instructions[i];
            Instruction after = Rewrite(before, proofs);
            if (!ReferenceEquals(before, after))
            {
                changed ??= block.Instructions.ToBuilder();
                changed[i] = after;
            }
        }
        return changed is null ? block : block with { Instructions = changed.DrainToImmutable() };
    }

    private static Instruction Rewrite(Instruction instruction, IReadOnlyDictionary<LoadInstruction, BoundsProof> proofs)
    {
        switch (instruction)
        {
            case LoadInstruction load:
                return proofs[load] == load.Access.Proof ? load : load with { Access = load.Access with { Proof = proofs[load] } };
            case IfInstruction choice:
                Block then = Rewrite(choice.Then, proofs);
                Block otherwise = Rewrite(choice.Else, proofs);
                return Same(then, choice.Then) && Same(otherwise, choice.Else) ? choice : choice with { Then = then, Else = otherwise };
            case ForInstruction loop:
                Block body = Rewrite(loop.Body, proofs);
                return Same(body, loop.Body) ? loop : loop with { Body = body };
            case InnerSumInstruction sum:
                Block term = Rewrite(sum.Body, proofs);
                return Same(term, sum.Body) ? sum : sum with { Body = term };
            case WhileInstruction loop:
                Block condition = Rewrite(loop.Condition, proofs);
                Block step = Rewrite(loop.Body, proofs);
                return Same(condition, loop.Condition) && Same(step, loop.Body) ? loop : loop with { Condition = condition, Body = step };
            default:
                return instruction;
        }
    }

    private static bool Same(Block a, Block b) => ReferenceEquals(a, b);
}
