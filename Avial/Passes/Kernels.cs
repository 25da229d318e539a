using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Passes;

/// <summary>Facts about a kernel that decide whether fusing it pays and is allowed.</summary>
internal static class Kernels
{
    /// <summary>Everything in a block, nested blocks too.</summary>
    public static IEnumerable<Instruction> All(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            yield return instruction;
            foreach (Block inner in instruction.Blocks())
            {
                foreach (Instruction nested in All(inner))
                {
                    yield return nested;
                }
            }
        }
    }

    /// <summary>True when some element could stop the run.</summary>
    public static bool CanTrap(Kernel kernel) => All(kernel.Body).Any(CanTrap);

    public static bool CanTrap(Instruction instruction) => instruction switch
    {
        TrapIfInstruction => true,
        WhileInstruction => true,
        UnaryInstruction unary => unary.Op == UnaryOp.NegateChecked,
        ConvertInstruction convert => convert.Mode == ConvertMode.Checked,
        MathInstruction math => math.Function.MayThrow,
        LoadInstruction load => load.Access is { Border: BorderKind.None, Proof: not BoundsProof.Proven },
        BinaryInstruction binary => binary.Op is BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked
            || (binary.Op is BinaryOp.Divide or BinaryOp.Remainder && binary.Result.Type.IsInteger()),
        _ => false,
    };

    /// <summary>
    /// A rough cost of one evaluation, in additions: divisions and roots about 8, other functions 30, loops as if they ran 50 times. Only decides whether
    /// computing twice is cheaper than a round trip through memory.
    /// </summary>
    public static int Cost(Block block)
    {
        int cost = 0;
        foreach (Instruction instruction in block.Instructions)
        {
            cost += instruction switch
            {
                ConstantInstruction or ExtentInstruction => 0,
                LoadInstruction => 1,
                BinaryInstruction { Op: BinaryOp.Divide or BinaryOp.Remainder } => 8,
                MathInstruction math => math.Function.Name.EndsWith("Sqrt", StringComparison.Ordinal) ? 8 : 30,
                RandomInstruction => 60,
                ForInstruction loop => 50 * Cost(loop.Body),
                InnerSumInstruction sum => 50 * (1 + Cost(sum.Body)),
                WhileInstruction loop => 50 * (Cost(loop.Body) + Cost(loop.Condition)),
                IfInstruction branch => Math.Max(Cost(branch.Then), Cost(branch.Else)) + 1,
                _ => 1,
            };
            if (cost > 1_000_000)
            {
                return cost;
            }
        }
        return cost;
    }

    /// <summary>The number of instructions, nested ones too.</summary>
    public static int Size(Kernel kernel) => All(kernel.Body).Count();

    /// <summary>The kernel uses of an operation (one per piece).</summary>
    public static ImmutableArray<KernelUse> UsesOf(Operation operation) => operation switch
    {
        MapOperation map => [.. map.Pieces.Select(p => p.Use)],
        ReduceOperation reduce => [reduce.Use],
        ScanOperation scan => [scan.Use],
        ScatterOperation scatter => [scatter.Use],
        SweepOperation sweep => [sweep.Use],
        _ => [],
    };

    /// <summary>The iteration domains of an operation (one per piece); none for what is not computed point by point.</summary>
    public static ImmutableArray<IterationDomain> DomainsOf(Operation operation) => operation switch
    {
        MapOperation map => [.. map.Pieces.Select(p => p.Domain)],
        FillOperation fill => [Elementwise.DomainOf(fill.Outputs[0])],
        ReduceOperation reduce => [reduce.Domain],
        ScanOperation scan => [scan.Domain],
        ScatterOperation scatter => [scatter.Domain],
        SweepOperation sweep => [sweep.Domain],
        _ => [],
    };

    /// <summary>The same operation with other kernel uses, in the order of <see cref="UsesOf"/>.</summary>
    public static Operation WithUses(Operation operation, ImmutableArray<KernelUse> uses) => operation switch
    {
        MapOperation map => map with { Pieces = [.. map.Pieces.Select((p, k) => p with { Use = uses[k] })] },
        ReduceOperation reduce => reduce with { Use = uses[0] },
        ScanOperation scan => scan with { Use = uses[0] },
        ScatterOperation scatter => scatter with { Use = uses[0] },
        SweepOperation sweep => sweep with { Use = uses[0] },
        _ => operation,
    };
}
