using System.Collections.Immutable;

namespace Avial.IR;

/// <summary>What an instruction reads and holds, for walks over all instructions alike.</summary>
internal static class InstructionOperands
{
    /// <summary>
    /// The values an instruction reads itself, in the order of its text: not those that its blocks read. A load reads the atoms of its indices, its
    /// value outside and the atoms of its guard.
    /// </summary>
    public static ImmutableArray<Value> Operands(this Instruction instruction) => instruction switch
    {
        ConstantInstruction or ExtentInstruction or AccumulatorInstruction or AccumulatorResultInstruction => [],
        UnaryInstruction i => [i.Operand],
        BinaryInstruction i => [i.Left, i.Right],
        CompareInstruction i => [i.Left, i.Right],
        ConvertInstruction i => [i.Operand],
        SelectInstruction i => [i.Condition, i.IfTrue, i.IfFalse],
        FmaInstruction i => [i.A, i.B, i.C],
        MathInstruction i => i.Arguments,
        RandomInstruction i => [i.Seed, i.Stream, i.Index],
        LoadInstruction i => Operands(i.Access),
        IfInstruction i => [i.Condition],
        ForInstruction i => [i.From, i.To, .. i.Seeds],
        InnerSumInstruction i => [i.From, i.To],
        WhileInstruction i => i.Seeds,
        TrapIfInstruction i => [i.Condition, .. i.Operands, .. i.Details],
        BufferLoadInstruction i => [i.Offset],
        BufferStoreInstruction i => [i.Offset, i.Stored],
        OverflowInstruction i => [i.Left, i.Right],
        ConvertFitsInstruction i => [i.Operand],
        AccumulateInstruction i => [i.Added],
        AccumulatorStoreInstruction i => [i.Offset],
        AccumulatorMergeInstruction i => [i.Offset],
        _ => throw new Diagnostics.InternalErrorException($"The operands of a {instruction.GetType().Name} are not known."),
    };

    /// <summary>The blocks inside an instruction, in the order of its text.</summary>
    public static ImmutableArray<Block> Blocks(this Instruction instruction) => instruction switch
    {
        IfInstruction i => [i.Then, i.Else],
        ForInstruction i => [i.Body],
        InnerSumInstruction i => [i.Body],
        WhileInstruction i => [i.Condition, i.Body],
        _ => [],
    };

    private static ImmutableArray<Value> Operands(Access access)
    {
        IEnumerable<Value> outside = access.OrValue is { } value ? [value] : [];
        return [.. Atoms(access.Indices), .. outside, .. Atoms(access.Guard)];
    }

    private static IEnumerable<Value> Atoms(ImmutableArray<AffineIndex> sums) => sums.SelectMany(s => s.Terms).Select(t => t.Atom);
}
