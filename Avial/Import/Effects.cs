using Avial.IR;

namespace Avial.Import;

/// <summary>What an instruction may do besides giving its value.</summary>
internal static class Effects
{
    // An arm of at most this many simple instructions costs less than a branch.
    private const int CheapInstructions = 8;

    /// <summary>True when some arguments stop the element.</summary>
    public static bool MayTrap(Instruction instruction) => instruction switch
    {
        BinaryInstruction { Op: BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked } => true,
        BinaryInstruction { Op: BinaryOp.Divide or BinaryOp.Remainder } i => i.Result.Type.IsInteger(),
        UnaryInstruction i => i.Op == UnaryOp.NegateChecked,
        ConvertInstruction i => i.Mode == ConvertMode.Checked,
        MathInstruction i => i.Function.MayThrow,
        LoadInstruction i => i.Access.Border == BorderKind.None,
        TrapIfInstruction or WhileInstruction => true,
        IfInstruction i => MayTrap(i.Then) || MayTrap(i.Else),
        ForInstruction i => MayTrap(i.Body),
        InnerSumInstruction i => MayTrap(i.Body),
        _ => false,
    };

    private static bool MayTrap(Block block) => block.Instructions.Any(MayTrap);

    /// <summary>True when executing the instructions always is right and cheaper than a branch.</summary>
    public static bool AreCheap(IReadOnlyList<Instruction> instructions, Func<Instruction, bool> isSafeDivision)
    {
        int count = 0;
        foreach (Instruction instruction in instructions)
        {
            bool isSimple = instruction is ConstantInstruction or UnaryInstruction or BinaryInstruction or CompareInstruction or ConvertInstruction or SelectInstruction or FmaInstruction or ExtentInstruction;
            if (!isSimple || (MayTrap(instruction) && !isSafeDivision(instruction)))
            {
                return false;
            }
            count += instruction is ConstantInstruction or ExtentInstruction ? 0 : 1;
        }
        return count <= CheapInstructions;
    }
}
