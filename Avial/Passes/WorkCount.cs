using Avial.IR;

namespace Avial.Passes;

/// <summary>The operations and reads of one point of a kernel, outside inner loops and per step of them.</summary>
internal sealed record WorkCount(int Operations, int Functions, int Reads, int LoopOperations, int LoopReads)
{
    public static WorkCount Of(Kernel kernel)
    {
        var outer = new Counter();
        var inner = new Counter();
        Count(kernel.Body, outer, inner);
        return new WorkCount(outer.Operations, outer.Functions, outer.Reads, inner.Operations, inner.Reads);
    }

    public override string ToString()
    {
        string text = $"{Operations} operation{(Operations == 1 ? "" : "s")}{(Functions > 0 ? $" and {Functions} function{(Functions == 1 ? "" : "s")}" : "")}, {Reads} read{(Reads == 1 ? "" : "s")}";
        return LoopOperations + LoopReads == 0 ? text : $"{text}, {LoopOperations} operations and {LoopReads} reads a step of inner loops,";
    }

    private static void Count(Block block, Counter here, Counter inLoops)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            switch (instruction)
            {
                case LoadInstruction:
                    here.Reads++;
                    break;
                case FmaInstruction:
                    here.Operations += 2;
                    break;
                case UnaryInstruction or BinaryInstruction or CompareInstruction or SelectInstruction when instruction.Results[0].Type != ScalarType.I64:
                    here.Operations++;
                    break;
                case MathInstruction or RandomInstruction:
                    here.Functions++;
                    break;
                case InnerSumInstruction sum:
                    inLoops.Operations += sum.IsProduct ? 2 : 1;
                    Count(sum.Body, inLoops, inLoops);
                    break;
                case ForInstruction or WhileInstruction:
                    foreach (Block body in Kernels.BlocksOf(instruction))
                    {
                        Count(body, inLoops, inLoops);
                    }
                    break;
                case IfInstruction branch:
                    Count(branch.Then, here, inLoops);
                    Count(branch.Else, here, inLoops);
                    break;
            }
        }
    }

    private sealed class Counter
    {
        public int Operations { get; set; }

        public int Functions { get; set; }

        public int Reads { get; set; }
    }
}
