using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Planning;

/// <summary>Rebuilds a kernel with other accesses, sharing what stays the same.</summary>
internal static class KernelRewriter
{
    /// <summary>The kernel with the given proof on each load, or the same object when all are there already.</summary>
    public static Kernel WithProofs(Kernel kernel, IReadOnlyDictionary<LoadInstruction, BoundsProof> proofs) =>
        With(kernel, load => proofs[load] == load.Access.Proof ? load : load with { Access = load.Access with { Proof = proofs[load] } });

    /// <summary>The kernel whose loads read the given operands.</summary>
    public static Kernel WithOperands(Kernel kernel, Func<LoadInstruction, int> operandOf) =>
        With(kernel, load => operandOf(load) is var operand && operand == load.Access.Operand ? load : load with { Access = load.Access with { Operand = operand } });

    private static Kernel With(Kernel kernel, Func<LoadInstruction, LoadInstruction> change)
    {
        Block body = Rewrite(kernel.Body, change);
        return ReferenceEquals(body, kernel.Body) ? kernel : kernel with { Body = body };
    }

    private static Block Rewrite(Block block, Func<LoadInstruction, LoadInstruction> change)
    {
        ImmutableArray<Instruction>.Builder? changed = null;
        for (int i = 0; i < block.Instructions.Length; i++)
        {
            Instruction before = block.Instructions[i];
            Instruction after = Rewrite(before, change);
            if (!ReferenceEquals(before, after))
            {
                changed ??= block.Instructions.ToBuilder();
                changed[i] = after;
            }
        }
        return changed is null ? block : block with { Instructions = changed.DrainToImmutable() };
    }

    private static Instruction Rewrite(Instruction instruction, Func<LoadInstruction, LoadInstruction> change)
    {
        switch (instruction)
        {
            case LoadInstruction load:
                return change(load);
            case IfInstruction choice:
                Block then = Rewrite(choice.Then, change);
                Block otherwise = Rewrite(choice.Else, change);
                return Same(then, choice.Then) && Same(otherwise, choice.Else) ? choice : choice with { Then = then, Else = otherwise };
            case ForInstruction loop:
                Block body = Rewrite(loop.Body, change);
                return Same(body, loop.Body) ? loop : loop with { Body = body };
            case InnerSumInstruction sum:
                Block term = Rewrite(sum.Body, change);
                return Same(term, sum.Body) ? sum : sum with { Body = term };
            case WhileInstruction loop:
                Block condition = Rewrite(loop.Condition, change);
                Block step = Rewrite(loop.Body, change);
                return Same(condition, loop.Condition) && Same(step, loop.Body) ? loop : loop with { Condition = condition, Body = step };
            default:
                return instruction;
        }
    }

    private static bool Same(Block a, Block b) => ReferenceEquals(a, b);
}
