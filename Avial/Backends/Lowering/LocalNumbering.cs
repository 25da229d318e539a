using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Renumbers local buffers once the number of parameters is known.
/// <code>load buffer first + i  →  load buffer count + i</code>
/// </summary>
internal static class LocalNumbering
{
    public static Block Apply(Block block, int first, int count) =>
        block with { Instructions = [.. block.Instructions.Select(i => Apply(i, first, count))] };

    private static Instruction Apply(Instruction instruction, int first, int count) => instruction switch
    {
        BufferLoadInstruction load when load.Buffer >= first => load with { Buffer = load.Buffer - first + count },
        BufferStoreInstruction store when store.Buffer >= first => store with { Buffer = store.Buffer - first + count },
        IfInstruction branch => branch with { Then = Apply(branch.Then, first, count), Else = Apply(branch.Else, first, count) },
        ForInstruction loop => loop with { Body = Apply(loop.Body, first, count) },
        WhileInstruction loop => loop with { Condition = Apply(loop.Condition, first, count), Body = Apply(loop.Body, first, count) },
        _ => instruction,
    };
}
