using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Rough counts of instructions, for choices of code shape only.</summary>
internal static class KernelWork
{
    // What a loop of unknown length is taken to run.
    private const long Iterations = 64;

    /// <summary>The instructions of a block and the blocks inside it, each counted once.</summary>
    public static int Instructions(Block block) => block.Instructions.Sum(i => 1 + Nested(i).Sum(Instructions));

    /// <summary>The instructions executed by one evaluation.</summary>
    public static long Executed(Block block) => block.Instructions.Sum(i =>
        i is ForInstruction or InnerSumInstruction or WhileInstruction ? 1 + Iterations * Nested(i).Sum(Executed)
        : i is MathInstruction or RandomInstruction ? 20
        : 1 + Nested(i).Sum(Executed));

    /// <summary>True when every evaluation executes the same instructions and none can trap.</summary>
    public static bool IsStraightLine(Block block) => IsTrapFree(block) && block.Instructions.All(i => i switch
    {
        IfInstruction or ForInstruction or InnerSumInstruction or WhileInstruction => false,
        LoadInstruction load => load.Access.Border == BorderKind.None,
        _ => true,
    });

    /// <summary>True when no evaluation can trap, inner blocks included.</summary>
    public static bool IsTrapFree(Block block) => All(block).All(i => i switch
    {
        WhileInstruction or TrapIfInstruction => false,
        LoadInstruction load => load.Access.Proof == BoundsProof.Proven || load.Access.Border == BorderKind.Or,
        MathInstruction math => !math.Function.MayThrow,
        UnaryInstruction { Op: UnaryOp.NegateChecked } or ConvertInstruction { Mode: ConvertMode.Checked } => false,
        BinaryInstruction { Op: BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked } => false,
        BinaryInstruction { Op: BinaryOp.Divide or BinaryOp.Remainder } binary => binary.Left.Type.IsFloat(),
        _ => true,
    });

    /// <summary>Every instruction, outer ones first.</summary>
    public static IEnumerable<Instruction> All(Block block) =>
        block.Instructions.SelectMany(i => Nested(i).SelectMany(All).Prepend(i));

    private static IEnumerable<Block> Nested(Instruction instruction) => instruction switch
    {
        IfInstruction branch => [branch.Then, branch.Else],
        ForInstruction loop => [loop.Body],
        InnerSumInstruction sum => [sum.Body],
        WhileInstruction loop => [loop.Condition, loop.Body],
        _ => [],
    };
}
